import type { Millis, Region } from '../carbon/units.ts';
import { millis } from '../carbon/units.ts';
import type { Policy } from '../policy/types.ts';

const NONE = millis(0);

/** Round trip between two regions: none within one region; either row of the table serves; null where neither has it. */
export function latencyBetween(policy: Policy, from: Region, to: Region | null): Millis | null {
  if (to === null) return null;
  if (from === to) return NONE;
  return policy.regions.get(from)?.latency.get(to) ?? policy.regions.get(to)?.latency.get(from) ?? null;
}
