import type { Region } from '../carbon/units.ts';
import type { LatencyIntent, PlacementIntent } from '../policy/intent.ts';
import type { Policy } from '../policy/types.ts';
import { permittedRegions } from '../residency/permitted.ts';
import { latencyBetween, latencyRefusal } from './latency.ts';

/** Regions that a pod may run in: a list, every node with a region label, or any node at all. */
export type RequiredRegions = readonly Region[] | 'any' | 'labelled';

/**
 * What required node affinity must say: the regions that residency permits, narrowed by the latency budget. The same
 * constraints as the extender's filter has; carbon is none of them. A list may be empty: nothing is permitted.
 */
export function requiredRegions(intent: PlacementIntent, policy: Policy): RequiredRegions {
  const permitted = permittedRegions(intent, policy);
  const { latency } = intent;
  if (latency === null || !hasBudget(latency)) return withoutRegionless(permitted, policy);
  const { origin } = latency;
  const listed = typeof permitted === 'string' ? knownFrom(origin, policy) : permitted;
  return listed.filter((region) => latencyRefusal(latencyBetween(policy, origin, region), intent) === null);
}

function hasBudget({ budget }: LatencyIntent): boolean {
  return budget !== null;
}

function withoutRegionless(permitted: RequiredRegions, { scheduler }: Policy): RequiredRegions {
  return permitted === 'any' && scheduler.regionlessNodes === 'refuse' ? 'labelled' : permitted;
}

/** Every region to which a latency can be known: a budget that cannot be shown to hold does not hold. */
function knownFrom(origin: Region, { regions }: Policy): readonly Region[] {
  const others = regions.get(origin)?.latency.keys() ?? [];
  return [...new Set([origin, ...regions.keys(), ...others])].sort();
}
