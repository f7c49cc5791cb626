import assert from 'node:assert/strict';
import { region } from '../../../../src/carbon/units.ts';
import { planWork } from '../../../../src/timing/plan/plan.ts';
import type { StrategyName } from '../../../../src/timing/plan/types.ts';
import { hours, minutes } from '../../../support/hold.ts';
import { foretold, fullHours, hour, known, planRegion, situation } from '../../../support/plan.ts';
import { grams } from '../../../support/world.ts';
import { BARE, checkPlans, DUSK } from './planning.ts';

const ALL: readonly StrategyName[] = ['immediate', 'threshold', 'window', 'interruptible', 'online'];

describe('planWork: whatever the strategy', () => {
  for (const asked of ALL) {
    it(`${asked} runs at its end, full regions or not`, () => {
      const full = fullHours('1111');
      const regions = [{ ...DUSK, full }, foretold('se', Array<number>(9).fill(200), { full })];

      const plan = planWork(asked, situation({ waitLeft: hours(0), regions }));

      assert.deepEqual([plan.act, plan.reason], ['run', 'no-time-left']);
      assert.deepEqual(plan.runs, [{ region: region('se'), start: hour(0), end: hour(1) }]);
    });

    it(`${asked} runs at its end though no region is permitted`, () => {
      const plan = planWork(asked, situation({ waitLeft: minutes(-1) }));

      assert.deepEqual([plan.act, plan.reason, plan.runs], ['run', 'no-time-left', []]);
    });

    it(`${asked} waits for a permitted region until then`, () => {
      const plan = planWork(asked, situation());

      assert.deepEqual([plan.act, plan.reason, plan.runs], ['wait', 'no-permitted-region', []]);
    });

    it(`${asked} releases what names a threshold itself, whatever is foretold`, () => {
      const plan = planWork(
        asked,
        situation({ regions: [DUSK], rules: { threshold: grams(300), thresholdOf: 'annotation' } }),
      );

      assert.equal(plan.act, 'run');
      assert.equal(plan.reason, 'intensity-below-threshold');
    });
  }
});

describe('planWork: work that waits', () => {
  checkPlans({
    'runs at once by a strategy that waits for nothing, where it is cheapest': {
      asked: 'immediate',
      given: { regions: [DUSK, foretold('se', Array<number>(9).fill(200))] },
      act: 'run',
      reason: 'no-strategy',
      strategy: 'immediate',
      first: ['se', 0],
    },
    'runs at once somewhere though nothing is known': {
      asked: 'immediate',
      given: { regions: [planRegion('de'), planRegion('se')] },
      act: 'run',
      reason: 'no-strategy',
      strategy: 'immediate',
      first: ['de', 0],
    },
    'waits for room even by a strategy that waits for nothing else': {
      asked: 'immediate',
      given: { regions: [{ ...BARE, full: fullHours('1') }] },
      act: 'wait',
      reason: 'regions-full',
      strategy: 'immediate',
    },
    'stays at home where another region is not clean enough to move to': {
      asked: 'immediate',
      given: {
        regions: [BARE, planRegion('se', { intensity: grams(200) })],
        home: region('de'),
        rules: { moveBelow: 0.6 },
      },
      act: 'run',
      reason: 'no-strategy',
      strategy: 'immediate',
      first: ['de', 0],
    },
    'stays at home where moving now emits more than it saves': {
      asked: 'immediate',
      given: { regions: [BARE, planRegion('se', { intensity: grams(200) })], home: region('de'), transfer: 0.5 },
      act: 'run',
      reason: 'no-strategy',
      strategy: 'immediate',
      first: ['de', 0],
    },
    'runs at or below the threshold of its class': {
      asked: 'threshold',
      given: { regions: [BARE], rules: { threshold: grams(300) } },
      act: 'run',
      reason: 'intensity-below-threshold',
      strategy: 'threshold',
      first: ['de', 0],
    },
    'waits above it, until a forecast first goes there': {
      asked: 'threshold',
      given: { regions: [foretold('fr', [300, 300, 300, 200, 300, 300, 300]), DUSK], rules: { threshold: grams(250) } },
      act: 'wait',
      reason: 'intensity-above-threshold',
      strategy: 'threshold',
      first: ['de', 2],
    },
    'waits above it with nothing foretold': {
      asked: 'threshold',
      given: { regions: [BARE], rules: { threshold: grams(299) } },
      act: 'wait',
      reason: 'intensity-above-threshold',
      strategy: 'threshold',
    },
    'waits for room in the only region that is clean enough': {
      asked: 'threshold',
      given: { regions: [{ ...BARE, full: fullHours('1') }], rules: { threshold: grams(300) } },
      act: 'wait',
      reason: 'regions-full',
      strategy: 'threshold',
    },
    'waits for a value to compare with its threshold': {
      asked: 'threshold',
      given: { regions: [planRegion('de')], rules: { threshold: grams(300) } },
      act: 'wait',
      reason: 'no-value',
      strategy: 'threshold',
    },
    'waits above its own threshold where no forecast is better': {
      asked: 'threshold',
      given: { regions: [BARE], rules: { threshold: grams(200), thresholdOf: 'annotation' } },
      act: 'wait',
      reason: 'intensity-above-threshold',
      strategy: 'threshold',
    },
    'runs where no threshold is named': {
      asked: 'threshold',
      given: { regions: [BARE] },
      act: 'run',
      reason: 'no-threshold',
      strategy: 'threshold',
      first: ['de', 0],
    },
    'does not let the threshold of a class release it where there is a forecast': {
      asked: 'window',
      given: { regions: [DUSK], rules: { threshold: grams(400) } },
      act: 'wait',
      reason: 'cleaner-later',
      strategy: 'window',
      first: ['de', 2],
    },
    'plans by forecast though it names a threshold, as long as that is not met': {
      asked: 'window',
      given: { regions: [DUSK], rules: { threshold: grams(200), thresholdOf: 'annotation' } },
      act: 'wait',
      reason: 'cleaner-later',
      strategy: 'window',
      first: ['de', 2],
    },
    'is planned in one piece where it may not be paused again': {
      asked: 'interruptible',
      given: { regions: [DUSK], remaining: known(3), rules: { pausesLeft: 0 } },
      act: 'wait',
      reason: 'cleaner-later',
      strategy: 'window',
      first: ['de', 1],
    },
    'is planned in parts where it may': {
      asked: 'interruptible',
      given: { regions: [DUSK] },
      act: 'wait',
      reason: 'cleaner-hours',
      strategy: 'interruptible',
      first: ['de', 2],
    },
  });
});

describe('planWork: interruptible work of unknown length', () => {
  it('is planned by what its class usually takes', () => {
    const plan = planWork(
      'interruptible',
      situation({ regions: [DUSK], remaining: { state: 'usual', value: hours(1) } }),
    );

    assert.equal(plan.degraded, 'duration-usual');
  });

  it('is planned by nothing but the time it has', () => {
    const plan = planWork('interruptible', situation({ regions: [DUSK], remaining: { state: 'unknown' } }));

    assert.equal(plan.degraded, 'duration-unknown');
  });
});
