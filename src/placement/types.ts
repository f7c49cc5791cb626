import type { Region } from '../carbon/units.ts';

/** How many nodes of a region there are, and how many of them are Ready and schedulable. */
export interface RegionCapacity {
  readonly nodes: number;
  readonly available: number;
}

/** A node as placement sees it. */
export interface NodeFacts {
  readonly name: string;
  /** Null where the node has no region label. */
  readonly region: Region | null;
  readonly pool: 'fast' | 'eco' | null;
  /** Ready, and not cordoned. */
  readonly available: boolean;
}

/** The nodes of the cluster, by name. Reads are synchronous: the hot path waits for nothing. */
export interface NodeCatalog {
  /** Rises whenever a node appears, goes or changes region: what was derived from look-ups is then out of date. */
  readonly generation: number;
  readonly size: number;
  /** Every node's name and region. */
  regions(): Iterable<readonly [node: string, region: Region | null]>;
  /** Counts of the region's nodes (null: of the nodes without a region). */
  capacityOf(region: Region | null): RegionCapacity;
}
