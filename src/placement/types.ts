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
  readonly labels: Readonly<Record<string, string>>;
  /** Those that keep pods away: NoSchedule and NoExecute. */
  readonly taints: readonly Taint[];
}

/** A taint that a pod must tolerate to be scheduled. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule' | 'NoExecute';
}

/** One requirement of a node selector term, as Kubernetes writes it. */
export interface NodeRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** A node selector term: all its requirements must hold. Terms of a list are ORed; an empty term matches nothing. */
export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeRequirement[];
  readonly matchFields?: readonly NodeRequirement[];
}

/** One entry of preferred node affinity. */
export interface PreferredTerm {
  readonly weight: number;
  readonly preference: NodeSelectorTerm;
}

/** Node affinity, as Kubernetes writes it. */
export interface NodeAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] };
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly PreferredTerm[];
}

/** A toleration, as Kubernetes writes it. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

/** What a pod itself says about the nodes that it can run on. */
export interface PodScheduling {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly nodeAffinity: NodeAffinity | null;
  readonly tolerations: readonly Toleration[];
  /** Names of the claims that it mounts. */
  readonly claims: readonly string[];
}

/** The nodes of the cluster, by name. Reads are synchronous: the hot path waits for nothing. */
export interface NodeCatalog {
  /** Rises whenever a node appears, goes or changes region: what was derived from look-ups is then out of date. */
  readonly generation: number;
  /** Rises whenever anything changes that decides which nodes a pod could run on: labels, taints, availability. */
  readonly revision: number;
  readonly size: number;
  /** Every node. */
  nodes(): Iterable<NodeFacts>;
  /** Every node's name and region. */
  regions(): Iterable<readonly [node: string, region: Region | null]>;
  /** Counts of the region's nodes (null: of the nodes without a region). */
  capacityOf(region: Region | null): RegionCapacity;
}
