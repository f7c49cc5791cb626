import type { HoldIntent } from './hold-intent.ts';
import type { Annotations, IntentProblem, PlacementIntent } from './intent.ts';
import type { NamespaceFacts } from './namespace.ts';
import type { Policy } from './types.ts';

/** All that an intent is resolved from. */
export interface WorkloadWords {
  /** The workload's own annotations (of a Job: its own over its template's). */
  readonly annotations: Annotations;
  /** Null: nothing is known of the namespace; it then sets no default and no ceiling. */
  readonly namespace: NamespaceFacts | null;
  readonly policy: Policy;
}

/** What one workload wants, resolved: policy < namespace < workload, nothing wider than what stands above it. */
export interface Intent {
  readonly placement: PlacementIntent;
  readonly hold: HoldIntent;
  /** By a class, a hold of its own, or its namespace's label: only then may it be held. */
  readonly optedIn: boolean;
  /** Lowtide's annotations as they are in force: the workload's own over the namespace's defaults, clamped. */
  readonly effective: Readonly<Record<string, string>>;
  /** Everything malformed or forbidden; a value with a problem has fallen back to what stands above it. */
  readonly problems: readonly IntentProblem[];
}
