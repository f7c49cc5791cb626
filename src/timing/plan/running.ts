import { instant } from '../../carbon/units.ts';
import { cheapestOf, hasRoom } from './present.ts';
import { runLength, wholeRun } from './run-length.ts';
import type { PlanReason } from './reasons.ts';
import type { Plan, PlannedRun, Situation, StrategyName } from './types.ts';

/** Why running work is not paused, whatever its strategy would have it do; null: it may be. */
export function unpausable({ now, run, rules }: Situation): PlanReason | null {
  if (run === null) return null;
  if (run.since + rules.minRun > now) return 'min-run';
  return rules.pausesLeft > 0 ? null : 'no-pauses-left';
}

/**
 * Runs now and goes on to its end: where it runs already, else where it is cheapest, with room if there is any. No run is
 * named where no region is permitted.
 */
export function runNow(situation: Situation, strategy: StrategyName, reason: PlanReason): Plan {
  return { act: 'run', reason, strategy, degraded: null, runs: runFromNow(situation), mean: null, meanNow: null };
}

function runFromNow(situation: Situation): readonly PlannedRun[] {
  const { now, run, regions, remaining } = situation;
  if (run !== null && run.region !== null) {
    const end = remaining.state === 'unknown' ? null : instant(now + runLength(situation));
    return [{ region: run.region, start: now, end }];
  }
  const free = regions.filter((each) => hasRoom(each, situation));
  const place = cheapestOf(free, situation) ?? cheapestOf(regions, situation);
  return place === null ? [] : [wholeRun(situation, place, now)];
}
