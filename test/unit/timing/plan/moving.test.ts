import assert from 'node:assert/strict';
import { region } from '../../../../src/carbon/units.ts';
import type { PlanRegion } from '../../../../src/timing/plan/types.ts';
import { window } from '../../../../src/timing/plan/window.ts';
import { interruptible } from '../../../../src/timing/plan/interruptible.ts';
import { hours, minutes } from '../../../support/hold.ts';
import { foretold, hour, known, planRegion, situation } from '../../../support/plan.ts';
import type { SituationSketch } from '../../../support/plan.ts';

function flat(name: string, value: number): PlanRegion {
  return foretold(name, Array<number>(10).fill(value));
}

describe('window: work whose data is in a region', () => {
  const [home, clean] = [flat('de', 300), flat('se', 200)];
  const cases: Record<string, { given: SituationSketch; want: string; mean: number }> = {
    'moves where that saves more than moving emits': {
      given: { regions: [home, clean], transfer: 0.39 },
      want: 'se',
      mean: 200 + 0.39 * 250,
    },
    'stays where moving emits more than it saves': {
      given: { regions: [home, clean], transfer: 0.41 },
      want: 'de',
      mean: 300,
    },
    'moves below the share of its home that the policy names': {
      given: { regions: [home, clean], rules: { moveBelow: 0.67 } },
      want: 'se',
      mean: 200,
    },
    'stays where another region is not below that share': {
      given: { regions: [home, clean], rules: { moveBelow: 0.66 } },
      want: 'de',
      mean: 300,
    },
    'moves where its home is not permitted': {
      given: { regions: [clean, flat('fr', 250)], transfer: 0.1, rules: { moveBelow: 0.1 } },
      want: 'se',
      mean: 200 + 0.1 * 200,
    },
    'moves at the value of where it goes, where nothing is foretold of its home': {
      given: { regions: [planRegion('de'), clean], transfer: 0.1 },
      want: 'se',
      mean: 220,
    },
  };
  for (const [sentence, { given, want, mean }] of Object.entries(cases)) {
    it(sentence, () => {
      const plan = window(situation({ home: region('de'), ...given }));

      assert.equal(plan.runs[0]?.region, region(want));
      assert.ok(Math.abs((plan.mean ?? NaN) - mean) < 1e-6);
    });
  }

  it('moves only in the hours that are below the share', () => {
    const home = foretold('de', [300, 300, 600, 300, 300, 300, 300, 300]);
    const other = foretold('se', [290, 290, 250, 290, 290, 290, 290, 290]);

    const plan = window(situation({ home: region('de'), regions: [home, other], rules: { moveBelow: 0.6 } }));

    assert.deepEqual([plan.runs[0]?.region, plan.mean], [region('se'), 250]);
  });

  it('holds work by its threshold where nothing that is foretold may be moved to', () => {
    const regions = [planRegion('de'), clean];

    const plan = window(situation({ home: region('de'), regions, waitLeft: hours(2), rules: { moveBelow: 0.6 } }));

    assert.deepEqual([plan.strategy, plan.reason, plan.degraded], ['threshold', 'no-threshold', 'no-forecast']);
    assert.equal(plan.runs[0]?.region, region('de'));
  });
});

describe('interruptible: work that runs away from its home', () => {
  const home = foretold('de', [300, 300, 100, ...Array<number>(7).fill(300)]);
  const cases: Record<string, SituationSketch['rules']> = {
    'goes on until just so much is left as the cleaner hour holds': { moveBelow: null },
    'has a plan as well where its region is no longer below the share of its home': { moveBelow: 0.6 },
  };
  for (const [sentence, rules] of Object.entries(cases)) {
    it(sentence, () => {
      const regions = [home, flat('se', 250)];
      const run = { region: region('se'), since: hour(-1) };
      const given = { home: region('de'), regions, run, remaining: known(2) };

      const { runs, mean } = interruptible(situation({ ...given, rules: { ...rules, switchCost: minutes(5) } }));

      assert.deepEqual(runs, [
        { region: 'se', start: hour(0), end: hour(0) + minutes(65) },
        { region: 'de', start: hour(2), end: hour(3) },
      ]);
      assert.ok(Math.abs((mean ?? 0) - (65 * 250 + 60 * 100) / 120) < 1e-9);
    });
  }
});
