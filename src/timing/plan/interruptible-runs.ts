import { at } from '../../carbon/forecast/vectors.ts';
import { instant } from '../../carbon/units.ts';
import type { StepGrid } from './step-grid.ts';
import type { PlannedRun, PlanRegion } from './types.ts';

/**
 * Runs over the parts that were taken, each in its cheapest region. What is used of a part touches the run after it, else
 * the run before; alone it lies at the part's end, so that a planned start and not a planned pause falls inside.
 */
export function runsOver(grid: StepGrid, taken: Float64Array, regions: readonly PlanRegion[]): readonly PlannedRun[] {
  const runs: PlannedRun[] = [];
  const last = lastTaken(grid.count, taken);
  let place = 0;
  while (place <= last) {
    const used = at(taken, place);
    if (used <= 0) {
      place += 1;
      continue;
    }
    const first = place;
    while (place < last && goesOn(grid, taken, place, last)) place += 1;
    const start = first === last ? at(grid.edges, first) : at(grid.edges, first + 1) - used;
    const end = place === last || place > first ? at(grid.edges, place) + at(taken, place) : at(grid.edges, place + 1);
    const ran = regions[grid.bestRegion[first] ?? -1];
    if (ran !== undefined) runs.push({ region: ran.region, start: instant(start), end: instant(end) });
    place += 1;
  }
  return runs;
}

function lastTaken(count: number, taken: Float64Array): number {
  let last = count - 1;
  while (last >= 0 && at(taken, last) <= 0) last -= 1;
  return last;
}

/** The run goes on into the next part: used from its beginning, in the same region. */
function goesOn(grid: StepGrid, taken: Float64Array, place: number, last: number): boolean {
  const next = place + 1;
  if (!continues(grid, taken, place)) return false;
  const isWhole = at(taken, next) >= at(grid.edges, next + 1) - at(grid.edges, next);
  return isWhole || next === last || !continues(grid, taken, next);
}

/** The part after is used as well, and in the same region. */
function continues(grid: StepGrid, taken: Float64Array, place: number): boolean {
  return at(taken, place + 1) > 0 && grid.bestRegion[place + 1] === grid.bestRegion[place];
}
