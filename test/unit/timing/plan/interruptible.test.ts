import assert from 'node:assert/strict';
import { instant, millis, region } from '../../../../src/carbon/units.ts';
import { interruptible } from '../../../../src/timing/plan/interruptible.ts';
import { outlookOf } from '../../../../src/timing/plan/outlook.ts';
import type { PlanRules, Situation } from '../../../../src/timing/plan/types.ts';
import { hours } from '../../../support/hold.ts';
import { foretold, fullHours, hour, known, MIDNIGHT, planRegion, situation } from '../../../support/plan.ts';
import { grams } from '../../../support/world.ts';

interface Case {
  asked: Partial<Omit<Situation, 'rules'>>;
  rules?: Partial<PlanRules>;
  /** Runs as region@start-end in hours after midnight. */
  want: string;
}

const at = (name: string): Situation['run'] => ({ region: region(name), since: hour(-5) });

const cases: Record<string, Case> = {
  'takes the cheapest hours it has': {
    asked: { regions: [foretold('a', [500, 100, 500, 100, 500, 500])], remaining: known(2), waitLeft: hours(4) },
    want: 'wait cleaner-hours a@1-2 a@3-4',
  },
  'runs where this hour is among them': {
    asked: { regions: [foretold('a', [100, 500, 500, 100, 500, 500])], remaining: known(2), waitLeft: hours(4) },
    want: 'run cheap-hour a@0-1 a@3-4',
  },
  'starts inside the hour that it needs a part of': {
    asked: { regions: [foretold('a', [500, 200, 100, 500, 500, 500])], remaining: known(1.5), waitLeft: hours(4) },
    want: 'wait cleaner-hours a@1.5-3',
  },
  'joins the part of an hour to the run before it where none follows': {
    asked: { regions: [foretold('a', [100, 200, 500, 90, 500, 500])], remaining: known(2.5), waitLeft: hours(3) },
    want: 'run cheap-hour a@0-1.5 a@3-4',
  },
  'uses the end of an hour that no run touches': {
    asked: { regions: [foretold('a', [500, 200, 500, 90, 500])], remaining: known(1.5), waitLeft: hours(3) },
    want: 'wait cleaner-hours a@1.5-2 a@3-4',
  },
  'ends inside its last hour': {
    asked: { regions: [foretold('a', [500, 100, 200, 500, 500, 500])], remaining: known(1.5), waitLeft: hours(4) },
    want: 'wait cleaner-hours a@1-2.5',
  },
  'takes each hour in the cheapest region': {
    asked: {
      regions: [foretold('a', [100, 500, 500, 900]), foretold('b', [500, 100, 500, 900])],
      remaining: known(2),
      waitLeft: hours(2),
    },
    want: 'run cheap-hour a@0-1 b@1-2',
  },
  'stays in a region while no other is cheaper': {
    asked: { regions: [foretold('a', [100, 100]), foretold('b', [100, 100])], remaining: known(2), run: at('b') },
    want: 'run cheap-hour b@0-2',
  },
  'does not wait for what an hour of delay is worth more than': {
    asked: { regions: [foretold('a', [110, 100, 100, 100, 100])], remaining: known(1), waitLeft: hours(4) },
    rules: { price: 20 },
    want: 'run cheap-hour a@0-1',
  },
  'waits as long as an hour of delay pays': {
    asked: { regions: [foretold('a', [400, 200, 195, 100, 99])], remaining: known(1), waitLeft: hours(4) },
    rules: { price: 20 },
    want: 'wait cleaner-hours a@3-4',
  },
  'ends within an hour where the price says so': {
    asked: { regions: [foretold('a', [300, 150, 900, 900])], remaining: known(0.5), waitLeft: hours(3) },
    rules: { price: 20 },
    want: 'wait cleaner-hours a@1-1.5',
  },
  'does not wait for less than the least gain': {
    asked: { regions: [foretold('a', [100, 99, 100, 100])], remaining: known(1), waitLeft: hours(2) },
    rules: { minGain: 0.02 },
    want: 'run gain-too-small a@0-1',
  },
  'goes on where a pause costs more than it saves': {
    asked: { regions: [foretold('a', [120, 100, 100, 100, 100])], remaining: known(2), run: at('a') },
    rules: { switchCost: hours(0.5) },
    want: 'run cheap-hour a@0-2',
  },
  'pauses where that saves more than the resume costs': {
    asked: {
      regions: [foretold('a', [500, 100, 100, 100, 500, 500])],
      remaining: known(2),
      run: at('a'),
      waitLeft: hours(3),
    },
    rules: { switchCost: hours(0.5) },
    want: 'wait cleaner-hours a@1-3.5',
  },
  'pays for the resume of paused work': {
    asked: {
      regions: [foretold('a', [500, 100, 100, 100, 500, 500])],
      remaining: known(2),
      elapsed: hours(1),
      waitLeft: hours(3),
    },
    rules: { switchCost: hours(0.5) },
    want: 'wait cleaner-hours a@1-3.5',
  },
  'makes up for what a resume costs beside its runs, where they fill the clean hours exactly': {
    asked: { regions: [foretold('a', [100, 800, 50, 800, 800, 800])], remaining: known(2), waitLeft: hours(4) },
    rules: { switchCost: hours(0.25) },
    want: 'run cheap-hour a@0-1.25 a@2-3',
  },
  'plans no runs shorter than the least': {
    asked: { regions: [foretold('a', [500, 100, 500, 150, 150, 500, 500])], remaining: known(2), waitLeft: hours(5) },
    rules: { minRun: hours(1.5) },
    want: 'wait cleaner-hours a@3-5',
  },
  'plans no more pauses than are left': {
    asked: {
      regions: [foretold('a', [100, 500, 100, 150, 100, 500])],
      remaining: known(3),
      waitLeft: hours(3),
      run: at('a'),
    },
    rules: { pausesLeft: 1 },
    want: 'run cheap-hour a@0-1 a@2-4',
  },
  'moves where that saves more than moving the data costs': {
    asked: {
      regions: [foretold('a', [500, 500, 500]), foretold('b', [100, 100, 100])],
      remaining: known(2),
      home: region('a'),
      transfer: 0.5,
    },
    want: 'run cheap-hour b@0-2',
  },
  'does not move its data for less': {
    asked: {
      regions: [foretold('a', [200, 200, 200]), foretold('b', [100, 100, 100])],
      remaining: known(2),
      waitLeft: hours(1),
      home: region('a'),
      transfer: 0.8,
    },
    want: 'run cheap-hour a@0-2',
  },
  'moves data that is nowhere it may run': {
    asked: { regions: [foretold('b', [300, 100])], home: region('a'), transfer: 0.1, waitLeft: hours(1) },
    want: 'wait cleaner-hours b@1-2',
  },
  'moves only to what is below the share of its home': {
    asked: {
      regions: [foretold('a', [200, 200, 200]), foretold('b', [130, 110, 130])],
      remaining: known(1),
      waitLeft: hours(2),
      home: region('a'),
    },
    rules: { moveBelow: 0.6 },
    want: 'wait cleaner-hours b@1-2',
  },
  'does not move where nothing is foretold of its home': {
    asked: { regions: [planRegion('a'), foretold('b', [130, 110])], home: region('a') },
    rules: { moveBelow: 0.6 },
    want: 'run no-threshold a@0-1',
  },
  'keeps away from full hours': {
    asked: { regions: [foretold('a', [300, 100, 200], { full: fullHours('010') })], waitLeft: hours(2) },
    want: 'wait cleaner-hours a@2-3',
  },
  'waits where all is full, and says so': {
    asked: { regions: [foretold('a', [100, 100, 100], { full: fullHours('111') })], waitLeft: hours(2) },
    want: 'wait regions-full ',
  },
  'takes the class’s usual length for its own': {
    asked: {
      regions: [foretold('a', [300, 100, 200])],
      remaining: { state: 'usual', value: hours(1) },
      waitLeft: hours(2),
    },
    want: 'wait cleaner-hours a@1-2 duration-usual',
  },
  'needs no outlook of equal steps': {
    asked: {
      regions: [
        planRegion('a', {
          intensity: grams(300),
          outlook: outlookOf(Float64Array.of(MIDNIGHT, hour(0.25), hour(2), hour(9)), Float64Array.of(300, 90, 200)),
        }),
        foretold('b', [400, 400, 80, 80, 400, 400, 400, 400]),
      ],
      remaining: known(3),
      waitLeft: hours(4),
    },
    want: 'wait cleaner-hours a@0.25-1.25 b@2-4',
  },
  'stands a moment after the last step of an outlook': {
    asked: { regions: [foretold('a', [300, 100])], now: hour(5), waitLeft: hours(3) },
    want: 'run cheap-hour a@5-6',
  },
};

function described(asked: Situation): string {
  const { act, reason, runs, degraded } = interruptible(asked);
  const told = runs.map(({ region: name, start, end }) => `${name}@${hourOf(start)}-${hourOf(end ?? NaN)}`);
  return [act, reason, told.join(' '), ...(degraded === 'duration-usual' ? [degraded] : [])].join(' ');
}

function hourOf(moment: number): number {
  return Math.round(((moment - MIDNIGHT) / 3_600_000) * 1e6) / 1e6;
}

describe('the strategy of interruptible work', () => {
  for (const [name, { asked, rules = {}, want }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(described(situation({ ...asked, rules: { pausesLeft: Infinity, ...rules } })), want);
    });
  }

  it('says what its plan is expected to emit, and what running through now would', () => {
    const { mean, meanNow } = interruptible(
      situation({ regions: [foretold('a', [500, 100, 300, 100, 500])], remaining: known(2), waitLeft: hours(3) }),
    );

    assert.deepEqual([mean, meanNow], [100, 300]);
  });

  it('finds its place in an outlook that began long ago', () => {
    const values = Array.from({ length: 24 * 365 }, (_, index) => (index % 24 === 13 ? 50 : 300));
    const plan = interruptible(
      situation({ regions: [foretold('a', values)], now: hour(24 * 300), waitLeft: hours(23) }),
    );

    assert.equal(plan.runs[0]?.start, hour(24 * 300 + 13));
  });

  it('needs not even a millisecond of work', () => {
    const plan = interruptible(
      situation({
        now: instant(MIDNIGHT + 1),
        remaining: { state: 'known', value: millis(0) },
        regions: [foretold('a', [9])],
      }),
    );

    assert.equal(plan.act, 'run');
  });
});
