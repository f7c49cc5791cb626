import { RESIDENCY_REFUSALS } from '../residency/reasons.ts';

/** Why a node is refused, residency's reasons included: code for metrics and logs, message for `kubectl describe`. */
export const REFUSALS = {
  ...RESIDENCY_REFUSALS,
  'no-region': 'node has no region label, and the policy refuses such nodes',
  'latency-above-budget': "region is beyond the pod's latency budget",
  'latency-unknown': "no latency is known from the pod's origin to this region",
  'intensity-above-ceiling': 'region exceeds the carbon ceiling',
} as const;

/** A reason of the closed set of refusals. */
export type Refusal = keyof typeof REFUSALS;
