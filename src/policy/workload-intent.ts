import { boundAmounts } from './amount-limits.ts';
import type { HoldIntent } from './hold-intent.ts';
import { holdIntent } from './hold-words.ts';
import { placementIntent } from './intent.ts';
import type { Annotations, IntentProblem, PlacementIntent } from './intent.ts';
import type { NamespaceFacts } from './namespace.ts';
import { boundPlace } from './place-limits.ts';
import type { Policy } from './types.ts';
import { dropMisunderstood } from './understood.ts';
import { gatherWords } from './words.ts';

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
  /** By a class (its own, or the default of a managed namespace) or a hold of its own: only then may it be held. */
  readonly optedIn: boolean;
  /** Lowtide's annotations as they are in force: the workload's own over the namespace's defaults, clamped. */
  readonly effective: Readonly<Record<string, string>>;
  /** Everything malformed or forbidden; a value with a problem has fallen back to what stands above it. */
  readonly problems: readonly IntentProblem[];
}

/**
 * Resolves a workload's annotations against its namespace and the policy. Never throws. Admission refuses where there are
 * problems; who cannot refuse any more goes by what is in force. `effective`, resolved again, alone or in the same
 * namespace, gives the same intent.
 */
export function resolveIntent({ annotations, namespace, policy }: WorkloadWords): Intent {
  const draft = gatherWords(annotations, { namespace, policy });
  dropMisunderstood(draft);
  boundAmounts(draft);
  boundPlace(draft);
  const effective = Object.fromEntries([...draft.words].map(([name, { text }]) => [name, text]));
  const placement = placementIntent(effective, policy);
  const hold = holdIntent(effective, placement);
  const optedIn = placement.workClass !== null || hold.choice === 'opted-in';
  return { placement, hold, optedIn, effective, problems: draft.problems };
}
