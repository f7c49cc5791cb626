import assert from 'node:assert/strict';
import { region } from '../../../../src/carbon/units.ts';
import { planWork } from '../../../../src/timing/plan/plan.ts';
import type { CurrentRun } from '../../../../src/timing/plan/types.ts';
import { hours, minutes } from '../../../support/hold.ts';
import { foretold, hour, known, planRegion, situation } from '../../../support/plan.ts';
import { grams } from '../../../support/world.ts';
import { ahead, BARE, checkPlans, TRAIL } from './planning.ts';

describe('planWork: what runs', () => {
  const run: CurrentRun = { region: region('de'), since: hour(-1) };
  const dirty = foretold('de', [500, 100, 100, 100, 100, 100, 100, 100, 100, 100]);
  checkPlans({
    'is paused for cleaner hours': {
      asked: 'interruptible',
      given: { regions: [dirty], run },
      act: 'wait',
      reason: 'cleaner-hours',
      strategy: 'interruptible',
      first: ['de', 1],
    },
    'is not paused before it has run its least time': {
      asked: 'interruptible',
      given: { regions: [dirty], run, rules: { minRun: minutes(61) } },
      act: 'run',
      reason: 'min-run',
      strategy: 'interruptible',
      first: ['de', 0],
    },
    'is paused once it has': {
      asked: 'interruptible',
      given: { regions: [dirty], run, rules: { minRun: minutes(60) } },
      act: 'wait',
      reason: 'cleaner-hours',
      strategy: 'interruptible',
      first: ['de', 1],
    },
    'is not paused where it has no pauses left': {
      asked: 'interruptible',
      given: { regions: [dirty], run, rules: { pausesLeft: 0 } },
      act: 'run',
      reason: 'no-pauses-left',
      strategy: 'interruptible',
      first: ['de', 0],
    },
    'is not paused where it may wait no longer': {
      asked: 'interruptible',
      given: { regions: [dirty], run, waitLeft: hours(0) },
      act: 'run',
      reason: 'no-time-left',
      strategy: 'interruptible',
      first: ['de', 0],
    },
    'is not paused by a strategy that plans one run': {
      asked: 'window',
      given: { regions: [dirty], run },
      act: 'run',
      reason: 'runs-through',
      strategy: 'window',
      first: ['de', 0],
    },
    'is not paused by a threshold': {
      asked: 'interruptible',
      given: { regions: [BARE], run, rules: { threshold: grams(200) } },
      act: 'run',
      reason: 'runs-through',
      strategy: 'interruptible',
      first: ['de', 0],
    },
    'is not paused by clean hours that are only known by the policy': {
      asked: 'interruptible',
      given: { regions: [planRegion('de', { clean: ahead })], run },
      act: 'run',
      reason: 'runs-through',
      strategy: 'interruptible',
      first: ['de', 0],
    },
    'is paused by what was seen of late': {
      asked: 'interruptible',
      given: { regions: [planRegion('de', { intensity: grams(399), trail: TRAIL })], run, remaining: known(3) },
      act: 'wait',
      reason: 'online-declines',
      strategy: 'online',
      degraded: 'no-forecast',
    },
    'goes on below its own threshold where it runs': {
      asked: 'interruptible',
      given: { regions: [dirty], run, rules: { threshold: grams(500), thresholdOf: 'annotation' } },
      act: 'run',
      reason: 'intensity-below-threshold',
      strategy: 'threshold',
      first: ['de', 0],
    },
    'is paused though another region is below its own threshold': {
      asked: 'interruptible',
      given: {
        regions: [dirty, foretold('se', Array<number>(9).fill(400))],
        run,
        rules: { threshold: grams(450), thresholdOf: 'annotation' },
      },
      act: 'wait',
      reason: 'cleaner-hours',
      strategy: 'interruptible',
      first: ['de', 1],
    },
    'goes on somewhere, where nobody knows where it runs': {
      asked: 'window',
      given: { regions: [dirty], run: { ...run, region: null } },
      act: 'run',
      reason: 'runs-through',
      strategy: 'window',
      first: ['de', 0],
    },
  });

  it('goes on to an end that nobody knows', () => {
    const plan = planWork('window', situation({ regions: [dirty], run, remaining: { state: 'unknown' } }));

    assert.deepEqual(plan.runs, [{ region: region('de'), start: hour(0), end: null }]);
  });
});
