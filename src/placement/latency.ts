import type { Millis, Region } from '../carbon/units.ts';
import { millis } from '../carbon/units.ts';
import type { PlacementIntent } from '../policy/intent.ts';
import type { Policy } from '../policy/types.ts';
import type { Refusal } from './reasons.ts';

const NONE = millis(0);

/** Round trip between two regions: none within one region; either row of the table serves; null where neither has it. */
export function latencyBetween(policy: Policy, from: Region, to: Region | null): Millis | null {
  if (to === null) return null;
  if (from === to) return NONE;
  return policy.regions.get(from)?.latency.get(to) ?? policy.regions.get(to)?.latency.get(from) ?? null;
}

/** Whether a round trip (null: not known) keeps the workload's budget: null, or the reason why not. */
export function latencyRefusal(latency: Millis | null, intent: PlacementIntent): Refusal | null {
  const budget = intent.latency?.budget ?? null;
  if (budget === null) return null;
  if (latency === null) return 'latency-unknown';
  return latency > budget ? 'latency-above-budget' : null;
}
