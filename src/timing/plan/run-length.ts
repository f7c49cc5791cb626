import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { stepLengthAt } from './run-cost.ts';
import type { Degradation } from './reasons.ts';
import type { PlannedRun, PlanRegion, Situation } from './types.ts';

const HOUR_MS = 3_600_000;

/**
 * Running time to plan a run that is not paused with. Work that was paused pays for its resume. Where nothing is known, one
 * step of the forecast, so that it starts in the cleanest one (GAIA's Lowest-Slot).
 */
export function runLength({ now, remaining, elapsed, run, regions, rules }: Situation): Millis {
  if (remaining.state === 'unknown') {
    const outlook = regions.find((place) => place.outlook !== null)?.outlook ?? null;
    return millis(outlook === null ? HOUR_MS : stepLengthAt(outlook, now));
  }
  const resumes = elapsed > 0 && run === null;
  return resumes ? millis(remaining.value + rules.switchCost) : remaining.value;
}

/** What a plan has to admit of the running time that it rests on. */
export function lengthDegradation({ remaining }: Situation): Degradation | null {
  if (remaining.state === 'known') return null;
  return remaining.state === 'usual' ? 'duration-usual' : 'duration-unknown';
}

/** A run from a start to its own end, as far as that is known. */
export function wholeRun(situation: Situation, place: PlanRegion, start: Instant): PlannedRun {
  const end = situation.remaining.state === 'unknown' ? null : instant(start + runLength(situation));
  return { region: place.region, start, end };
}
