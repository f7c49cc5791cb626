import type { NodeFacts } from '../placement/types.ts';
import { apiGet } from './api-get.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { KubernetesError } from './errors.ts';
import { nodeFacts } from './node-facts.ts';
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
  /** Nodes in one answer: one page is what is held in memory besides the facts. */
  readonly pageSize: number;
}

/**
 * Lists all nodes, page by page, keeping only the facts of each page. A continue token that expired meanwhile shows
 * as `expired`: the pages of two listings do not add up, so the caller starts again from the first.
 */
export async function listNodes(access: ApiAccess, options: ListOptions): Promise<NodeSnapshot> {
  const nodes: NodeFacts[] = [];
  let next: string | null = null;
  for (;;) {
    const page: unknown = await getPage(access, next, options);
    for (const item of itemsOf(page)) {
      const facts = nodeFacts(item, options.regionLabel);
      if (facts !== null) nodes.push(facts);
    }
    next = metadataText(page, 'continue');
    if (next === null) return { nodes, resourceVersion: versionOf(page) };
  }
}

async function getPage(access: ApiAccess, next: string | null, options: ListOptions): Promise<unknown> {
  const query = new URLSearchParams({ limit: String(options.pageSize) });
  if (next !== null) query.set('continue', next);
  const pieces: Buffer[] = [];
  for await (const piece of await apiGet(access, `${NODES_PATH}?${query.toString()}`, options)) pieces.push(piece);
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch (cause) {
    throw new KubernetesError('invalid-answer', 'the list of nodes is not JSON', { cause });
  }
}

function itemsOf(page: unknown): readonly unknown[] {
  const items = member(page, 'items');
  // An empty list from a server written in Go may read null; any other shape would empty the catalogue by mistake.
  if (items === null) return [];
  if (!Array.isArray(items)) throw new KubernetesError('invalid-answer', 'the list of nodes has no items');
  return items;
}

function versionOf(page: unknown): string {
  const version = metadataText(page, 'resourceVersion');
  if (version === null) throw new KubernetesError('invalid-answer', 'the list of nodes has no resourceVersion');
  return version;
}
