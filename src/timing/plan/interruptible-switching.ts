import { instant } from '../../carbon/units.ts';
import type { Millis } from '../../carbon/units.ts';
import type { StepGrid } from './step-grid.ts';
import type { SwitchingTerms } from './switching-course.ts';
import { SwitchingSearch } from './switching-search.ts';
import type { PlannedRun, PlanRegion, Situation } from './types.ts';

const HOUR_MS = 3_600_000;
const search = new SwitchingSearch();

/** Whether runs that are the cheapest if pausing is free may be had, and for nothing. */
export function areFree(situation: Situation, runs: readonly PlannedRun[]): boolean {
  const { home, run, transfer, rules } = situation;
  const isMoved = transfer > 0 && runs.some(({ region }) => region !== (run?.region ?? home));
  if (isMoved) return false;
  const keptUp = goesOn(situation, runs);
  const pauses = runs.length - (run === null || keptUp ? 1 : 0);
  if (pauses > rules.pausesLeft || (pauses > 0 && rules.switchCost > 0)) return false;
  const begun = runs.slice(keptUp ? 1 : 0, -1);
  return begun.every(({ start, end }) => (end ?? Infinity) - start >= rules.minRun);
}

/** Whether the first run is the one that is under way. */
function goesOn({ now, run }: Situation, [first]: readonly PlannedRun[]): boolean {
  return run !== null && first?.region === run.region && first.start <= now;
}

/** The best runs where pauses, moves or short runs are not free, on a grid that covers all the time it has. */
export function runsWithSwitches(
  situation: Situation,
  regions: readonly PlanRegion[],
  grid: StepGrid,
  need: Millis,
): readonly PlannedRun[] {
  const terms = termsOf(situation, regions, need);
  const drafts = search.plan({ grid, terms, need, pauses: situation.rules.pausesLeft });
  const runs: PlannedRun[] = [];
  for (const { region, start, end } of drafts) {
    const place = regions[region];
    if (place !== undefined) runs.push({ region: place.region, start: instant(start), end: instant(end) });
  }
  return runs;
}

function termsOf(
  { home, run, transfer, rules }: Situation,
  regions: readonly PlanRegion[],
  need: Millis,
): SwitchingTerms {
  const place = regions.findIndex(({ region }) => region === home);
  return {
    switchCost: rules.switchCost,
    minRun: rules.minRun,
    worth: (rules.price / HOUR_MS) * need,
    transfer: transfer * need,
    running: run === null ? -1 : regions.findIndex(({ region }) => region === run.region),
    home: place,
    isAway: home !== null && place < 0,
  };
}
