import type { Instant } from '../../carbon/units.ts';
import type { PlanReason } from './reasons.ts';
import { lengthDegradation, runLength, wholeRun } from './run-length.ts';
import { threshold } from './threshold.ts';
import type { Plan, PlanRegion, Situation } from './types.ts';
import { WindowSearch } from './window-search.ts';

const search = new WindowSearch();

/**
 * Runs through, in the stretch of its own length and the region where that is expected to emit least, with a price on delay.
 * It runs now unless waiting saves at least the least gain of what running now would emit.
 */
export function window(situation: Situation): Plan {
  const found = search.find(situation, runLength(situation));
  const { place, start, mean, placeNow, meanNow } = search;
  if (!found || place === null) return withoutStart(situation);
  if (start > situation.now && placeNow !== null && meanNow - mean < situation.rules.minGain * meanNow) {
    return plan(situation, 'gain-too-small', { place: placeNow, start: situation.now, mean: meanNow });
  }
  if (start <= situation.now) return plan(situation, 'plan-starts-now', { place, start, mean });
  return plan(situation, placeNow === null ? 'regions-full' : 'cleaner-later', { place, start, mean });
}

interface Chosen {
  readonly place: PlanRegion;
  readonly start: Instant;
  readonly mean: number;
}

function plan(situation: Situation, reason: PlanReason, { place, start, mean }: Chosen): Plan {
  return {
    act: start > situation.now ? 'wait' : 'run',
    reason,
    strategy: 'window',
    degraded: lengthDegradation(situation),
    runs: [wholeRun(situation, place, start)],
    mean,
    meanNow: search.placeNow === null ? null : search.meanNow,
  };
}

/** Everything that is foretold is full until the last moment, or nothing that is foretold may be moved to. */
function withoutStart(situation: Situation): Plan {
  const full = situation.regions.some((place) => place.outlook !== null && place.full !== null);
  if (!full) return { ...threshold(situation), degraded: 'no-forecast' };
  return {
    act: 'wait',
    reason: 'regions-full',
    strategy: 'window',
    degraded: lengthDegradation(situation),
    runs: [],
    mean: null,
    meanNow: null,
  };
}
