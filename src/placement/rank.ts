import type { Region } from '../carbon/units.ts';
import type { PlacementIntent } from '../policy/intent.ts';
import { viewRegion } from './facts.ts';
import type { RegionView, World } from './facts.ts';
import { scoreRegions } from './score.ts';
import type { RegionScore } from './score.ts';

/** A scored region together with the numbers that the score rests on. */
export interface RankedRegion extends RegionScore {
  readonly view: RegionView;
}

/** Scores the regions of the scheduler's list for one workload, in the list's order. */
export function rankRegions(
  regions: Iterable<Region | null>,
  intent: PlacementIntent,
  world: World,
): readonly RankedRegion[] {
  const views = Array.from(new Set(regions), (region) => viewRegion(region, intent, world));
  const { weights, tie } = world.policy.scheduler;
  const scores = scoreRegions(views, { weights, tie, latencyBudget: intent.latency?.budget ?? null });
  return views.flatMap((view, index) => {
    const scored = scores[index];
    return scored === undefined ? [] : [{ ...scored, view }];
  });
}
