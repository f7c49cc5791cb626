import assert from 'node:assert/strict';
import { planWork } from '../../../../src/timing/plan/plan.ts';
import type { Degradation, PlanReason } from '../../../../src/timing/plan/reasons.ts';
import type { StrategyName } from '../../../../src/timing/plan/types.ts';
import { hours } from '../../../support/hold.ts';
import { foretold, hour, MIDNIGHT, planRegion, situation } from '../../../support/plan.ts';
import type { SituationSketch } from '../../../support/plan.ts';
import { grams } from '../../../support/world.ts';

/** What planWork is asked, and what it should answer. */
export interface PlanCase {
  asked: StrategyName;
  given: SituationSketch;
  act: 'run' | 'wait';
  reason: PlanReason;
  strategy: StrategyName;
  degraded?: Degradation;
  /** Region and hours after midnight of the first run. */
  first?: readonly [string, number];
}

/** One test a sentence. */
export function checkPlans(cases: Record<string, PlanCase>): void {
  for (const [sentence, { asked, given, degraded = null, first, ...want }] of Object.entries(cases)) {
    it(sentence, () => {
      const { runs, mean: _mean, meanNow: _meanNow, ...found } = planWork(asked, situation(given));

      assert.deepEqual(found, { ...want, degraded });
      const [run] = runs;
      const hoursAfter = run === undefined ? NaN : (run.start - MIDNIGHT) / hours(1);
      assert.deepEqual(run === undefined ? undefined : [String(run.region), hoursAfter], first);
    });
  }
}

export const DUSK = foretold('de', [300, 300, 100, 100, 300, 300, 300, 300, 300, 300]);
export const BARE = planRegion('de', { intensity: grams(300) });
export const TRAIL = { low: 100, high: 400 };
export const ahead = { start: hour(2), end: hour(4) };
export const open = { start: hour(-1), end: hour(4) };
