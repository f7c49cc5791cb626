import type { Region } from '../carbon/units.ts';
import type { PlacementIntent } from '../policy/intent.ts';
import type { Policy } from '../policy/types.ts';
import { residencyRefusal } from '../residency/checks.ts';
import { viewRegion } from './facts.ts';
import type { RegionView, World } from './facts.ts';
import { latencyRefusal } from './latency.ts';
import type { Refusal } from './reasons.ts';

/** A region, null for nodes without one, undefined for nodes that the catalogue does not know. */
export type Place = Region | null | undefined;
/** For each place: null where the workload may run, else the reason why not. */
export type Verdicts = ReadonlyMap<Place, Refusal | null>;

/**
 * Decides for each place in the scheduler's list whether the workload may run there. Regions are judged, not nodes.
 * Residency and latency are constraints: what cannot be shown to satisfy them is refused. Carbon is not: a region above
 * the ceiling is refused only while another permitted region in the list is at or below it, unless the policy's
 * ceiling is hard; a region without data is never above it.
 */
export function filterPlaces(places: Iterable<Place>, intent: PlacementIntent, world: World): Verdicts {
  const verdicts = new Map<Place, Refusal | null>();
  const permitted: RegionView[] = [];
  for (const place of places) {
    // Of a node that the catalogue does not know as little is known as of one without a region.
    const view = viewRegion(place ?? null, intent, world);
    const refusal = constraint(place, view, intent, world.policy);
    verdicts.set(place, refusal);
    if (refusal === null) permitted.push(view);
  }
  for (const view of aboveCeiling(permitted, intent, world.policy)) {
    verdicts.set(view.region, 'intensity-above-ceiling');
  }
  return verdicts;
}

function constraint(place: Place, view: RegionView, intent: PlacementIntent, policy: Policy): Refusal | null {
  const residency = residencyRefusal({ place, intent, policy });
  if (residency !== null) return residency;
  if (place === null && policy.scheduler.regionlessNodes === 'refuse') return 'no-region';
  return latencyRefusal(view.latency, intent);
}

function aboveCeiling(
  permitted: readonly RegionView[],
  intent: PlacementIntent,
  policy: Policy,
): readonly RegionView[] {
  const { ceiling } = intent;
  if (ceiling === null) return [];
  const above = permitted.filter(({ intensity }) => intensity !== null && intensity > ceiling);
  const oneIsBelow = permitted.some(({ intensity }) => intensity !== null && intensity <= ceiling);
  return oneIsBelow || policy.scheduler.ceiling === 'hard' ? above : [];
}
