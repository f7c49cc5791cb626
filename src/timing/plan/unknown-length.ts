import { millis } from '../../carbon/units.ts';
import type { Millis } from '../../carbon/units.ts';
import type { PlanReason } from './reasons.ts';
import type { Plan, PlanRegion, Situation } from './types.ts';
import type { ForetoldRegion } from './unknown-length-course.ts';
import type { Option } from './unknown-length-option.ts';
import { weigh } from './unknown-length-weigh.ts';

/** A mean over less than this is none. */
const SHORTEST_MS = 60_000;

/**
 * Runs work that can be paused and whose length nobody knows, `usual` being the mean of its class: it weighs running each
 * slot against keeping the waiting that is left for a dirtier one, by how likely the work is to last that long. Where no
 * mean is known either, it is taken to go on for as long as it has run (Lindy's law) and half of what it may still wait.
 * Whether there may be a pause is planned with, how many is not.
 */
export function unknownLength(situation: Situation, usual: Millis | null): Plan {
  const mean = millis(Math.max(SHORTEST_MS, usual ?? situation.elapsed + situation.waitLeft / 2));
  const degraded = usual === null ? 'duration-unknown' : 'duration-usual';
  const common = { strategy: 'interruptible', degraded } as const;
  const places = situation.regions.filter(isForetold);
  const weighed = weigh(situation, places, mean);
  if (weighed === null) return { ...common, act: 'wait', reason: 'no-value', runs: [], mean: null, meanNow: null };
  const { best, now } = weighed;
  const meanNow = now?.mean ?? null;
  if (now !== null && best.act === 'wait' && now.mean - best.mean < situation.rules.minGain * now.mean) {
    const runs = [{ region: now.place.region, start: situation.now, end: null }];
    return { ...common, act: 'run', reason: 'gain-too-small', runs, mean: now.mean, meanNow };
  }
  return { ...common, act: best.act, reason: reasonOf(best), runs: best.runs, mean: best.mean, meanNow };
}

function isForetold(place: PlanRegion): place is ForetoldRegion {
  return place.outlook !== null;
}

function reasonOf({ act, full, runs }: Option): PlanReason {
  if (act === 'wait') return full ? 'regions-full' : 'cleaner-hours';
  return runs.length === 1 ? 'plan-starts-now' : 'cheap-hour';
}
