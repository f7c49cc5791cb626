import type { Region } from '../carbon/units.ts';
import type { NodeCatalog, NodeFacts, RegionCapacity } from '../placement/types.ts';

const NO_NODES: RegionCapacity = Object.freeze({ nodes: 0, available: 0 });

/** The nodes of the cluster, kept in step by a watch or filled once from a file. */
export class MutableNodeCatalog implements NodeCatalog {
  readonly #nodes = new Map<string, NodeFacts>();
  readonly #capacity = new Map<Region | null, RegionCapacity>();
  #generation = 0;
  #revision = 0;
  #onRevision: (() => void) | null = null;

  get generation(): number {
    return this.#generation;
  }

  get revision(): number {
    return this.#revision;
  }

  get size(): number {
    return this.#nodes.size;
  }

  nodes(): Iterable<NodeFacts> {
    return this.#nodes.values();
  }

  regionOf(node: string): Region | null | undefined {
    return this.#nodes.get(node)?.region;
  }

  *regions(): Generator<readonly [node: string, region: Region | null]> {
    for (const { name, region } of this.#nodes.values()) yield [name, region];
  }

  capacityOf(region: Region | null): RegionCapacity {
    return this.#capacity.get(region) ?? NO_NODES;
  }

  /** All that is known of one node. */
  factsOf(node: string): NodeFacts | undefined {
    return this.#nodes.get(node);
  }

  /** Takes in a node as it is now, known or new. */
  put(facts: NodeFacts): void {
    const before = this.#nodes.get(facts.name);
    if (before !== undefined) this.#count(before, -1);
    this.#nodes.set(facts.name, facts);
    this.#count(facts, 1);
    if (before?.region !== facts.region) this.#generation += 1;
    if (before === undefined || !sameForPods(before, facts)) this.#revise();
  }

  /** Forgets a node; one that is not known is no error. */
  remove(name: string): void {
    const before = this.#nodes.get(name);
    if (before === undefined) return;
    this.#nodes.delete(name);
    this.#count(before, -1);
    this.#generation += 1;
    this.#revise();
  }

  /** Makes the catalogue hold exactly these nodes, in one synchronous step: no reader ever sees it half filled. */
  replace(all: readonly NodeFacts[]): void {
    const present = new Set(all.map(({ name }) => name));
    for (const name of [...this.#nodes.keys()]) {
      if (!present.has(name)) this.remove(name);
    }
    for (const facts of all) this.put(facts);
  }

  /** Tells the listener of every new revision; one listener, many calls in a row. */
  onRevision(listener: () => void): void {
    this.#onRevision = listener;
  }

  #revise(): void {
    this.#revision += 1;
    this.#onRevision?.();
  }

  // Capacities are replaced, never changed: what capacityOf returned stays true of its moment.
  #count({ region, available }: NodeFacts, step: 1 | -1): void {
    const before = this.capacityOf(region);
    const nodes = before.nodes + step;
    if (nodes === 0) this.#capacity.delete(region);
    else this.#capacity.set(region, { nodes, available: before.available + (available ? step : 0) });
  }
}

/** A node's heartbeats change nothing that pods look at. */
function sameForPods(a: NodeFacts, b: NodeFacts): boolean {
  return (
    a.available === b.available &&
    JSON.stringify(a.labels) === JSON.stringify(b.labels) &&
    JSON.stringify(a.taints) === JSON.stringify(b.taints)
  );
}
