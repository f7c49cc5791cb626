import { readFile } from 'node:fs/promises';
import type { NodeFacts } from '../placement/types.ts';
import { KubernetesError, reasonOf } from './errors.ts';
import { MutableNodeCatalog } from './node-catalog.ts';
import { DEFAULT_REGION_LABEL, nodeFacts } from './node-facts.ts';
import { member } from './untyped.ts';

const ADVICE = 'write it with: kubectl get nodes -o json';

/** Nodes from a file, in place of a cluster. */
export interface NodesFile {
  readonly catalog: MutableNodeCatalog;
  /** How many entries were no nodes, or nodes without a name. */
  readonly ignored: number;
}

/** Reads a NodeList, or a List that may hold other kinds too. Throws a KubernetesError that says what to do. */
export async function readNodesFile(path: string, regionLabel: string = DEFAULT_REGION_LABEL): Promise<NodesFile> {
  const list = parse(path, await read(path));
  const items = itemsOf(path, list);
  // The entries of a NodeList name no kind: all are nodes.
  const candidates =
    member(list, 'kind') === 'NodeList' ? items : items.filter((item) => member(item, 'kind') === 'Node');
  const facts = candidates
    .map((node) => nodeFacts(node, regionLabel))
    .filter((node): node is NodeFacts => node !== null);
  if (facts.length === 0) throw invalid(path, `no nodes among its ${items.length} entries`);
  const catalog = new MutableNodeCatalog();
  catalog.replace(facts);
  return { catalog, ignored: items.length - facts.length };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const message = `nodes file ${path} cannot be read (${reasonOf(cause)}): name a readable file with --nodes`;
    throw new KubernetesError('nodes-file-unreadable', message, { cause });
  }
}

function parse(path: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw invalid(path, 'not JSON', cause);
  }
}

function itemsOf(path: string, list: unknown): readonly unknown[] {
  const [kind, items] = [member(list, 'kind'), member(list, 'items')];
  if (kind !== 'List' && kind !== 'NodeList') {
    const found = typeof kind === 'string' ? `kind ${kind}` : 'no kind';
    throw invalid(path, `${found} where List or NodeList is expected`);
  }
  if (!Array.isArray(items)) throw invalid(path, 'no items');
  return items;
}

function invalid(path: string, what: string, cause?: unknown): KubernetesError {
  return new KubernetesError('nodes-file-invalid', `nodes file ${path}: ${what}; ${ADVICE}`, { cause });
}
