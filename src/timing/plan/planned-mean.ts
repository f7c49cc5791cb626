import type { Instant, Millis, Region } from '../../carbon/units.ts';
import { integralTo, valueAt } from './outlook.ts';
import type { Outlook } from './outlook.ts';
import type { PlannedRun, Situation } from './types.ts';

/** Runs, and what they are expected to emit with all moves, gCO2eq per kWh of the work that is left. */
export interface RunsAhead {
  readonly runs: readonly PlannedRun[];
  readonly mean: number;
}

/** The mean of runs that make up `need` ms of work, and of the moves before them, gCO2eq/kWh. */
export function meanOver(situation: Situation, runs: readonly PlannedRun[], need: Millis): number {
  const { run, home, transfer } = situation;
  let sum = 0;
  let place = run?.region ?? home;
  for (const { region, start, end } of runs) {
    const outlook = outlookOf(situation, region);
    if (outlook === null) continue;
    sum += integralTo(outlook, end ?? start) - integralTo(outlook, start);
    if (transfer > 0 && place !== null && place !== region)
      sum += transfer * need * moving(situation, place, outlook, start);
    place = region;
  }
  return sum / need;
}

function outlookOf({ regions }: Situation, name: Region): Outlook | null {
  return regions.find(({ region }) => region === name)?.outlook ?? null;
}

/** The mean of both regions' intensities; of the one that it moves to where the other's is not known. */
function moving(situation: Situation, from: Region, to: Outlook, moment: Instant): number {
  const there = valueAt(to, moment);
  const before = outlookOf(situation, from);
  return 0.5 * (there + (before === null ? there : valueAt(before, moment)));
}
