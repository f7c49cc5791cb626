import type { Region } from '../carbon/units.ts';
import type { RankedRegion } from './rank.ts';

/** What other regions are at most worth beside the planned one. */
const OTHERS = 0.5;

/**
 * The ranking with the planned region at its top: a plan chose it for the whole of the run, the ranking knows this moment
 * alone. Unchanged where the ranking lacks it.
 */
export function plannedFirst(ranking: readonly RankedRegion[], planned: Region | null): readonly RankedRegion[] {
  const best = Math.max(0, ...ranking.map(({ total }) => total));
  const own = ranking.filter(({ region }) => region !== null && region === planned);
  if (own.length === 0) return ranking;
  const others = ranking.filter(({ region }) => region !== planned);
  return [
    ...own.map((each) => ({ ...each, total: best })),
    ...others.map((each) => ({ ...each, total: each.total * OTHERS })),
  ];
}
