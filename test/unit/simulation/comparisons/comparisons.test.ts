import assert from 'node:assert/strict';
import { instant, region } from '../../../../src/carbon/units.ts';
import { COMPARISONS } from '../../../../src/simulation/comparisons/all.ts';
import type { Plan, Situation } from '../../../../src/timing/plan/types.ts';
import { hours } from '../../../support/hold.ts';
import { foretold, hour, known, MIDNIGHT, planRegion, situation } from '../../../support/plan.ts';
import { grams } from '../../../support/world.ts';

/** 1 to 24 in the first day: its 30th percentile is 7.9, that of the day from 06:00 on 14.9. */
const RISING = Array.from({ length: 48 }, (_, i) => i + 1);
const SEESAW = [300, 100, 300, 100, 300, 100, 300, 100];
const here = foretold('here', RISING);
const RUNNING = { region: region('here'), since: instant(MIDNIGHT) };

describe('ecovisor', () => {
  const cases: Record<string, readonly [Partial<Situation>, Plan['act'], string | undefined]> = {
    'runs below the 30th percentile of the next 24 hours': [{ regions: [here] }, 'run', 'here'],
    'waits at the 30th percentile and above': [{ regions: [foretold('here', RISING.toReversed())] }, 'wait', undefined],
    'waits where all is alike, as nothing is below': [
      {
        regions: [
          foretold(
            'here',
            SEESAW.map(() => 5),
          ),
        ],
      },
      'wait',
      undefined,
    ],
    'interpolates between ranks': [{ regions: [foretold('here', [7, 1, 9, 10])] }, 'wait', undefined],
    'takes the least of the regions that are clean by their own measure': [
      { regions: [here, foretold('there', [0.5, 2, 3, 4])] },
      'run',
      'there',
    ],
    'starts where it is cleanest once its waiting is used up': [
      { regions: [foretold('here', RISING.toReversed()), foretold('there', [500, 1])], waitLeft: hours(0) },
      'run',
      'here',
    ],
    'goes on where it runs once its waiting is used up': [
      { regions: [foretold('here', [500, 1]), foretold('there', [100, 1])], waitLeft: hours(0), run: RUNNING },
      'run',
      'here',
    ],
    'goes by what is seen where nothing is foretold': [
      {
        regions: [planRegion('here', { intensity: grams(5) }), planRegion('there', { intensity: grams(4) })],
        waitLeft: hours(0),
      },
      'run',
      'there',
    ],
    'has nowhere to run without a region': [{ regions: [], waitLeft: hours(0) }, 'wait', undefined],
  };
  for (const [name, [part, act, place]] of Object.entries(cases)) {
    it(name, () => {
      const plan = COMPARISONS.ecovisor(situation(part));
      assert.deepEqual([plan.act, plan.runs[0]?.region], [act, place]);
    });
  }

  it('looks ahead from the current slot on, wherever in it', () => {
    const rising = situation({ regions: [here], now: hour(6.5) });
    assert.equal(COMPARISONS.ecovisor(rising).act, 'run');
  });
});

describe('wait-awhile', () => {
  const work = situation({ regions: [foretold('here', SEESAW)], remaining: known(3), waitLeft: hours(3) });

  it('runs in the cheapest hours between arrival and its length plus its longest wait', () => {
    const plan = COMPARISONS['wait-awhile'](work);
    assert.equal(plan.act, 'wait');
    assert.deepEqual(
      plan.runs.map(({ start }) => (start - MIDNIGHT) / hours(1)),
      [1, 3, 5],
    );
  });

  it('minds neither price nor least gain nor what a resume or a move costs', () => {
    const rules = { price: 500, minGain: 0.9, switchCost: hours(2), moveBelow: 0.1, pausesLeft: 0 };
    const plan = COMPARISONS['wait-awhile'](situation({ ...work, rules, transfer: 9, home: region('there') }));
    assert.deepEqual(plan.runs, COMPARISONS['wait-awhile'](work).runs);
  });

  it('runs on once its waiting is used up', () => {
    const late = COMPARISONS['wait-awhile']({ ...work, waitLeft: hours(0) });
    assert.deepEqual([late.act, late.runs[0]?.region], ['run', 'here']);
    const nowhere = COMPARISONS['wait-awhile']({ ...work, waitLeft: hours(0), regions: [] });
    assert.deepEqual(nowhere.runs, []);
  });
});
