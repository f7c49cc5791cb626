import type { Region } from '../carbon/units.ts';
import type { PlacementIntent } from '../policy/intent.ts';
import type { World } from './facts.ts';
import { filterPlaces } from './filter.ts';
import { rankRegions } from './rank.ts';
import type { RankedRegion } from './rank.ts';

/** Candidate regions as they may be chosen now, best first. */
export interface PermittedRanking {
  /** Those that pass the filter, carbon ceiling included: where work is placed now. */
  readonly passing: readonly RankedRegion[];
  /** Those that residency and latency permit, above the ceiling or not: where it may be placed at all. */
  readonly permitted: readonly RankedRegion[];
}

/** Filters and ranks candidate regions for one workload, each list within itself. */
export function rankPermitted(candidates: readonly Region[], intent: PlacementIntent, world: World): PermittedRanking {
  const verdicts = [...filterPlaces(candidates, intent, world)];
  const ranked = (wanted: (refusal: string | null) => boolean): readonly RankedRegion[] => {
    const regions = verdicts.flatMap(([place, refusal]) => (wanted(refusal) ? [place ?? null] : []));
    return rankRegions(regions, intent, world).toSorted(byWorth);
  };
  const passing = ranked((refusal) => refusal === null);
  const aboveCeiling = verdicts.some(([, refusal]) => refusal === ABOVE_CEILING);
  return {
    passing,
    permitted: aboveCeiling ? ranked((refusal) => refusal === null || refusal === ABOVE_CEILING) : passing,
  };
}

const ABOVE_CEILING = 'intensity-above-ceiling';

/** By total; of equal ones the lower known intensity, then the name. */
function byWorth(a: RankedRegion, b: RankedRegion): number {
  return b.total - a.total || intensityOf(a) - intensityOf(b) || compare(a.region ?? '', b.region ?? '');
}

function intensityOf({ view: { reading } }: RankedRegion): number {
  return reading.state === 'known' ? reading.value : Number.MAX_VALUE;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
