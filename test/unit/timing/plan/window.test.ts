import assert from 'node:assert/strict';
import { region } from '../../../../src/carbon/units.ts';
import type { Plan } from '../../../../src/timing/plan/types.ts';
import { window } from '../../../../src/timing/plan/window.ts';
import { hours } from '../../../support/hold.ts';
import { foretold, fullHours, hour, known, MIDNIGHT, planRegion, situation } from '../../../support/plan.ts';
import type { SituationSketch } from '../../../support/plan.ts';

const DUSK = [300, 300, 100, 100, 300, 300, 300, 300, 300, 300];

interface Want {
  reason: Plan['reason'];
  /** Hours after midnight; null: none is planned. */
  start: number | null;
  where?: string;
  mean?: number;
}

describe('window', () => {
  const dusk = foretold('de', DUSK);
  const cases: Record<string, { given: SituationSketch; want: Want }> = {
    'waits for the cleanest stretch of its own length': {
      given: { regions: [dusk], remaining: known(2) },
      want: { reason: 'cleaner-later', start: 2, mean: 100 },
    },
    'starts before an edge where its end stands on one': {
      given: { regions: [foretold('de', [300, 200, 100, 400, 400, 400, 400, 400])], remaining: known(1.5) },
      want: { reason: 'cleaner-later', start: 1.5, mean: (0.5 * 200 + 100) / 1.5 },
    },
    'starts now where nothing later is cleaner': {
      given: { regions: [foretold('de', [100, 100, 300, 300, 300, 300, 300, 300])] },
      want: { reason: 'plan-starts-now', start: 0, mean: 100 },
    },
    'starts now where all hours are alike': {
      given: { regions: [foretold('de', Array<number>(9).fill(200))] },
      want: { reason: 'plan-starts-now', start: 0 },
    },
    'chooses region and time together': {
      given: { regions: [dusk, foretold('se', [250, 90, 250, 250, 250, 250, 250, 250])] },
      want: { reason: 'cleaner-later', start: 1, where: 'se' },
    },
    'takes the first of equal regions': {
      given: { regions: [dusk, foretold('se', DUSK)] },
      want: { reason: 'cleaner-later', start: 2, where: 'de' },
    },
    'takes the earliest of starts that are nearly the best': {
      given: { regions: [foretold('de', [300, 100.005, 300, 100, 300, 300, 300, 300])] },
      want: { reason: 'cleaner-later', start: 1 },
    },
    'takes a later start that is clearly better': {
      given: { regions: [foretold('de', [300, 100.05, 300, 100, 300, 300, 300, 300])] },
      want: { reason: 'cleaner-later', start: 3 },
    },
    'does not wait where an hour of delay has to save more': {
      given: { regions: [dusk], rules: { price: 101 } },
      want: { reason: 'plan-starts-now', start: 0 },
    },
    'waits where an hour of delay saves its price': {
      given: { regions: [dusk], rules: { price: 99 } },
      want: { reason: 'cleaner-later', start: 2, mean: 100 },
    },
    'does not wait for less than the least gain': {
      given: { regions: [foretold('de', [100, 99, 100, 100, 100, 100, 100, 100])], rules: { minGain: 0.02 } },
      want: { reason: 'gain-too-small', start: 0, mean: 100 },
    },
    'waits for just the least gain': {
      given: { regions: [foretold('de', [100, 75, 100, 100, 100, 100, 100, 100])], rules: { minGain: 0.25 } },
      want: { reason: 'cleaner-later', start: 1 },
    },
    'finishes before a spike what can': {
      given: { regions: [foretold('de', [200, 200, 900, 900, 200, 200, 200, 200, 200, 200])], remaining: known(2) },
      want: { reason: 'plan-starts-now', start: 0 },
    },
    'waits before a spike with what would run into it': {
      given: { regions: [foretold('de', [200, 200, 900, 900, 200, 200, 200, 200, 200, 200])], remaining: known(3) },
      want: { reason: 'cleaner-later', start: 4 },
    },
    'starts at the last moment where it gets ever cleaner': {
      given: { regions: [foretold('de', [9, 8, 7, 6, 5, 4, 3, 2, 1])], waitLeft: hours(2.5) },
      want: { reason: 'cleaner-later', start: 2.5, mean: 6.5 },
    },
    'looks from now on, not from where the outlook begins': {
      given: { regions: [foretold('de', [10, 300, 300, 200, 300, 300])], now: hour(1), waitLeft: hours(3) },
      want: { reason: 'cleaner-later', start: 3 },
    },
    'passes over hours in which a region is full': {
      given: { regions: [foretold('de', DUSK, { full: fullHours('0011') })] },
      want: { reason: 'plan-starts-now', start: 0, mean: 300 },
    },
    'waits for room': {
      given: { regions: [foretold('de', Array<number>(9).fill(200), { full: fullHours('1101') })] },
      want: { reason: 'regions-full', start: 2 },
    },
    'waits without a plan where all is full': {
      given: { regions: [foretold('de', Array<number>(9).fill(200), { full: fullHours('111111111') })] },
      want: { reason: 'regions-full', start: null },
    },
    'starts now, not before, where rules have to be looked at': {
      given: {
        regions: [foretold('de', [100, 300, ...Array<number>(9).fill(900)], { full: fullHours('00000000001') })],
        now: hour(0.5),
        remaining: known(1.7),
      },
      want: { reason: 'plan-starts-now', start: 0.5 },
    },
    'goes to the next best region where the best is full': {
      given: {
        regions: [
          foretold('de', DUSK, { full: fullHours('0011') }),
          foretold(
            'fr',
            DUSK.map((each) => each + 1),
          ),
        ],
      },
      want: { reason: 'cleaner-later', start: 2, where: 'fr' },
    },
    'plans the cleanest hour where nothing is known of its length': {
      given: { regions: [foretold('de', [300, 150, 300, 90, 300, 300, 300, 300])], remaining: { state: 'unknown' } },
      want: { reason: 'cleaner-later', start: 3, mean: 90 },
    },
    'leaves out a region without a forecast': {
      given: { regions: [planRegion('fr'), dusk] },
      want: { reason: 'cleaner-later', start: 2, where: 'de' },
    },
  };
  for (const [sentence, { given, want }] of Object.entries(cases)) {
    it(sentence, () => {
      const asked = situation(given);

      const plan = window(asked);

      const [run] = plan.runs;
      assert.equal(plan.reason, want.reason);
      assert.equal(run === undefined ? null : (run.start - MIDNIGHT) / hours(1), want.start);
      assert.equal(plan.act, run?.start === asked.now ? 'run' : 'wait');
      if (want.where !== undefined) assert.equal(run?.region, region(want.where));
      if (want.mean !== undefined) assert.ok(Math.abs((plan.mean ?? NaN) - want.mean) < 1e-6);
    });
  }

  it('says when it expects to end, and what running now would emit', () => {
    const plan = window(situation({ regions: [dusk], remaining: known(2) }));

    assert.deepEqual(plan.runs, [{ region: region('de'), start: hour(2), end: hour(4) }]);
    assert.equal(plan.meanNow, 300);
  });

  it('counts the cost of a resume for work that was paused', () => {
    const asked = { regions: [dusk], remaining: known(1), elapsed: hours(1), rules: { switchCost: hours(1) } };

    const plan = window(situation(asked));

    assert.equal(plan.runs[0]?.end, hour(4));
  });

  it('admits that its length is only usual, or unknown', () => {
    const usual = window(situation({ regions: [dusk], remaining: { state: 'usual', value: hours(2) } }));
    const unknown = window(situation({ regions: [dusk], remaining: { state: 'unknown' } }));

    assert.deepEqual([usual.degraded, usual.runs[0]?.end], ['duration-usual', hour(4)]);
    assert.deepEqual([unknown.degraded, unknown.runs[0]?.end], ['duration-unknown', null]);
  });
});
