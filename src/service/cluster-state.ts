import type { NamespaceFacts } from '../policy/namespace.ts';
import type { NodeSelectorTerm } from '../placement/types.ts';
import type { HeldWork } from '../timing/held-work.ts';
import type { CronJobFacts, RolloutFacts } from '../timing/types.ts';
import type { Instant } from '../carbon/units.ts';

/** What is known of the cluster beside its nodes: kept current by watches, read without waiting. */
export interface ClusterState {
  /** Undefined: no such namespace is known (yet). */
  namespace(name: string): NamespaceFacts | undefined;
  /** Null: not known (yet). `next` is the first schedule after `after`. */
  cronJob(namespace: string, name: string, after: Instant): CronJobFacts | null;
  /** Of the Deployment that owns the ReplicaSet; null: not known (yet), or the ReplicaSet is nobody's. */
  rollout(namespace: string, replicaSet: string): RolloutFacts | null;
  /** For each claim that is bound to a volume with node affinity, its terms; the pod must satisfy all of them. */
  volumeTerms(namespace: string, claims: readonly string[]): readonly (readonly NodeSelectorTerm[])[];
}

/** The held work of the cluster, kept current by watches. */
export interface HeldWorkIndex {
  readonly size: number;
  all(): Iterable<HeldWork>;
  get(uid: string): HeldWork | undefined;
  /** Told of every change, after it has been taken in; `work` null: it went (deleted, or lost our label). */
  onChange(listener: (uid: string, work: HeldWork | null, before: HeldWork | null) => void): void;
}
