import type { UnknownReason } from '../../carbon/types.ts';
import { REFUSALS } from '../../placement/reasons.ts';
import type { Refusal } from '../../placement/reasons.ts';
import { DEGRADATIONS } from '../../timing/plan/reasons.ts';
import { NOT_HELD_REASONS, NOT_PAUSED_REASONS, RELEASE_REASONS, WAIT_REASONS } from '../../timing/reasons.ts';
import type { Reason } from './types.ts';

/** What only `explain` has to say, of objects that no decision is made on any more. Listed in docs/explain.md. */
export const EXPLAIN_REASONS = {
  finished: 'it has ended',
  failed: 'it has failed',
  'not-held-at-creation': 'it was not held: its time was when it was created, or Lowtide was not asked then',
  'suspended-by-owner': "its owner suspended it; it stays its owner's",
  'moves-unknown': 'whether this cluster lets a paused Job be resumed elsewhere is not known',
  'resumed-in-place': 'this cluster lets a paused Job be resumed in its region only: that needs Kubernetes 1.36',
  'never-paused': 'it is not paused, so it stays where it starts',
  'other-kind-of-pod': 'a pod is not resumed: it runs where it starts',
  'no-forecast': 'no forecast of this region',
  'duration-unknown': 'lowtide.dev/expected-duration is not said, and nothing like it has ended yet',
  'duration-usual': 'lowtide.dev/expected-duration is not said: what its class usually takes stands in',
  'energy-unknown': 'neither lowtide.dev/energy nor lowtide.dev/power with expected-duration is said: no grams',
} as const;

/** Why a region has no intensity; docs/reasons.md says what to do about each. */
export const UNKNOWN_TEXTS: Readonly<Record<UnknownReason, string>> = {
  'no-source': "no configured source names the region's zone",
  'no-value': 'the source has the zone, but no value for this moment',
  'not-started': 'the trace begins later',
  'trace-ended': "the trace's last step is over",
  'conflicting-columns': 'two columns of the trace stand for this zone and disagree',
  stale: 'the value outlived its validity and no newer one came',
  'not-fetched': 'its provider has not been asked yet',
  'source-failing': 'no provider of the zone answers usably',
  'zone-unmapped': 'no configured provider has a name for the zone',
  sandbox: "only made-up values of a provider's sandbox",
  'other-kind': 'its value is average where the policy ranks by marginal, or the reverse',
  'other-factor': 'its value is lifecycle where the policy ranks by direct, or the reverse',
  'region-unlisted': "the policy's table has no such region",
  'no-region': 'the node has no region label',
};

const TEXTS: Readonly<Record<string, string>> = {
  ...EXPLAIN_REASONS,
  ...NOT_HELD_REASONS,
  ...WAIT_REASONS,
  ...RELEASE_REASONS,
};

/** A reason of a decision, or why there was none. */
export function reasonFor(code: string): Reason {
  return { code, text: TEXTS[code] ?? code };
}

/** Why a region is refused. */
export function refusalReason(code: Refusal): Reason {
  return { code, text: REFUSALS[code] };
}

/** Why another strategy decided. */
export function degradationReason(code: keyof typeof DEGRADATIONS): Reason {
  return { code, text: DEGRADATIONS[code] };
}

/** Why it is never paused. */
export function notPausedReason(code: keyof typeof NOT_PAUSED_REASONS): Reason {
  return { code, text: NOT_PAUSED_REASONS[code] };
}
