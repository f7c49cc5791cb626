import type { Region } from '../carbon/units.ts';
import type { PlacementIntent } from '../policy/intent.ts';
import type { Policy, ResidencySet } from '../policy/types.ts';
import { hasResidency, residencyRefusal, setOf } from './checks.ts';

/**
 * Where residency may run the workload: `any` without residency, `labelled` by a set that restricts nothing (every node
 * that has a region), else the regions by name, those of the policy's table first; an empty list permits nothing.
 */
export function permittedRegions(intent: PlacementIntent, policy: Policy): readonly Region[] | 'any' | 'labelled' {
  if (!hasResidency(intent)) return 'any';
  const set = setOf(intent);
  if (set !== null && restrictsNothing(set) && intent.regions === null) return 'labelled';
  const named = [...(set?.regions ?? []), ...(intent.regions ?? []), ...ownPrimary(intent)];
  const asked = new Set([...policy.regions.keys(), ...named]);
  return [...asked].filter((place) => residencyRefusal({ place, intent, policy }) === null);
}

function restrictsNothing(set: ResidencySet): boolean {
  return set.jurisdictions === null && set.regions === null && !set.primaryRegionOnly;
}

/** A tenant's primary region may be one that the table lacks. */
function ownPrimary(intent: PlacementIntent): readonly Region[] {
  return intent.primaryRegion === null ? [] : [intent.primaryRegion];
}
