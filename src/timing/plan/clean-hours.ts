import { instant } from '../../carbon/units.ts';
import { cheapestOf, hasRoom } from './present.ts';
import { wholeRun } from './run-length.ts';
import type { Plan, PlanRegion, Situation } from './types.ts';

/** Whether the policy knows clean hours of a permitted region that begin before the work may wait no longer. */
export function hasCleanHours(situation: Situation): boolean {
  return situation.regions.some((place) => startOf(place, situation) < Infinity);
}

/** Without a forecast: runs in hours that the policy knows to be clean, and waits for those that it will reach. */
export function cleanHours(situation: Situation): Plan {
  const open = situation.regions.filter((place) => startOf(place, situation) <= situation.now);
  const place = cheapestOf(
    open.filter((each) => hasRoom(each, situation)),
    situation,
  );
  if (place !== null) return plan(situation, place);
  const next = nextClean(situation);
  return { ...plan(situation, next), act: 'wait', reason: next === null ? 'regions-full' : 'clean-hours-ahead' };
}

/** When its clean hours begin, now where they have; infinity: none in time. */
function startOf({ clean }: PlanRegion, { now, waitLeft }: Situation): number {
  if (clean === null || clean.end <= now || clean.start >= now + waitLeft) return Infinity;
  return Math.max(now, clean.start);
}

/** Of the regions whose clean hours are still ahead the first. */
function nextClean(situation: Situation): PlanRegion | null {
  let [first, next]: [number, PlanRegion | null] = [Infinity, null];
  for (const place of situation.regions) {
    const start = startOf(place, situation);
    if (start > situation.now && start < first) [first, next] = [start, place];
  }
  return next;
}

function plan(situation: Situation, place: PlanRegion | null): Plan {
  return {
    act: 'run',
    reason: 'in-clean-hours',
    strategy: 'window',
    degraded: 'no-forecast',
    runs: place === null ? [] : [wholeRun(situation, place, instant(startOf(place, situation)))],
    mean: null,
    meanNow: null,
  };
}
