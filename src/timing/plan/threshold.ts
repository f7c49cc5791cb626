import { instant } from '../../carbon/units.ts';
import type { GramsPerKwh } from '../../carbon/units.ts';
import { immediate } from './immediate.ts';
import { cheapestOf, hasRoom } from './present.ts';
import type { HOLD_REASONS } from './reasons.ts';
import { wholeRun } from './run-length.ts';
import type { Plan, PlannedRun, PlanRegion, Situation } from './types.ts';

/** Starts as soon as a permitted region with room is at or below the threshold; with none it waits for nothing. */
export function threshold(situation: Situation): Plan {
  const bound = situation.rules.threshold;
  if (bound === null) return withoutThreshold(situation);
  const passing = belowThreshold(situation);
  const place = cheapestOf(
    passing.filter((each) => hasRoom(each, situation)),
    situation,
  );
  if (place !== null) return plan({ act: 'run', reason: 'intensity-below-threshold' }, [whole(situation, place)]);
  const reason = waitsFor(situation, passing);
  return plan({ act: 'wait', reason }, reason === 'intensity-above-threshold' ? firstBelow(situation, bound) : []);
}

/** Permitted regions that are known to be at or below the threshold now. */
export function belowThreshold({ regions, rules }: Situation): readonly PlanRegion[] {
  const bound = rules.threshold;
  if (bound === null) return [];
  return regions.filter(({ intensity }) => intensity !== null && intensity <= bound);
}

function withoutThreshold(situation: Situation): Plan {
  const now = immediate(situation);
  return { ...now, strategy: 'threshold', reason: now.act === 'run' ? 'no-threshold' : now.reason };
}

function waitsFor({ regions }: Situation, passing: readonly PlanRegion[]): keyof typeof HOLD_REASONS {
  if (passing.some(({ full }) => full !== null)) return 'regions-full';
  return regions.some(({ intensity }) => intensity !== null) ? 'intensity-above-threshold' : 'no-value';
}

function whole(situation: Situation, place: PlanRegion): PlannedRun {
  return wholeRun(situation, place, situation.now);
}

/** When and where a forecast first goes to the threshold, within the time that is left. */
function firstBelow(situation: Situation, bound: GramsPerKwh): readonly PlannedRun[] {
  const { now, waitLeft, regions } = situation;
  let [first, where]: [number, PlanRegion | null] = [now + waitLeft, null];
  for (const place of regions) {
    const { edges, values } = place.outlook ?? { edges: new Float64Array(), values: new Float64Array() };
    const start = edges.find((edge, index) => edge > now && (values[index] ?? Infinity) <= bound) ?? Infinity;
    if (start < first) [first, where] = [start, place];
  }
  return where === null ? [] : [wholeRun(situation, where, instant(first))];
}

function plan(verdict: Pick<Plan, 'act' | 'reason'>, runs: readonly PlannedRun[]): Plan {
  return { ...verdict, strategy: 'threshold', degraded: null, runs, mean: null, meanNow: null };
}
