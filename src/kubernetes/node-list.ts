import type { NodeFacts } from '../placement/types.ts';
import { apiGet } from './api-get.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { KubernetesError } from './errors.ts';
import { nodeFacts } from './node-facts.ts';
import { ListItems } from './list-items.ts';
import { member, metadataText } from './untyped.ts';

/** Where the nodes are. */
export const NODES_PATH = '/api/v1/nodes';

/** Every node, as of one resource version: a watch continues from there. */
export interface NodeSnapshot {
  readonly nodes: readonly NodeFacts[];
  readonly resourceVersion: string;
}

/** What a list of nodes needs to know. */
export interface ListOptions extends Patience {
  readonly regionLabel: string;
  /** Nodes in one answer: the larger, the longer one answer takes. */
  readonly pageSize: number;
}

/**
 * Lists all nodes, page by page, keeping only the facts of each node. A continue token that expired meanwhile shows
 * as `expired`: the pages of two listings do not add up, so the caller starts again from the first.
 */
export async function listNodes(access: ApiAccess, options: ListOptions): Promise<NodeSnapshot> {
  const nodes: NodeFacts[] = [];
  let next: string | null = null;
  for (;;) {
    const frame: unknown = await readPage(access, pathOf(options.pageSize, next), options, (node) => {
      const facts = nodeFacts(node, options.regionLabel);
      if (facts !== null) nodes.push(facts);
    });
    next = metadataText(frame, 'continue');
    if (next === null) return { nodes, resourceVersion: versionOf(frame) };
  }
}

function pathOf(pageSize: number, next: string | null): string {
  const query = new URLSearchParams({ limit: String(pageSize) });
  if (next !== null) query.set('continue', next);
  return `${NODES_PATH}?${query.toString()}`;
}

/** Hands over each node of a page; returns what is around them. */
async function readPage(
  access: ApiAccess,
  path: string,
  patience: Patience,
  take: (node: unknown) => void,
): Promise<unknown> {
  const items = new ListItems((item) => {
    take(parse(item));
  });
  for await (const chunk of await apiGet(access, path, patience)) items.write(chunk);
  const frame = parse(items.frame());
  // An empty list may read null; but what has no items at all must not pass for an empty cluster.
  const list = member(frame, 'items');
  if (list !== null && !Array.isArray(list)) throw new KubernetesError('invalid-answer', 'the list has no items');
  return frame;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new KubernetesError('invalid-answer', 'the list of nodes is not JSON', { cause });
  }
}

function versionOf(frame: unknown): string {
  const version = metadataText(frame, 'resourceVersion');
  if (version === null) throw new KubernetesError('invalid-answer', 'the list of nodes has no resourceVersion');
  return version;
}
