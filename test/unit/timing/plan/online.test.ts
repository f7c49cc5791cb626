import assert from 'node:assert/strict';
import fc from 'fast-check';
import { millis } from '../../../../src/carbon/units.ts';
import { pauseResumeThresholds, ratioOf } from '../../../../src/timing/plan/k-search.ts';
import { online } from '../../../../src/timing/plan/online.ts';
import { planWork } from '../../../../src/timing/plan/plan.ts';
import type { PlanRegion, Situation } from '../../../../src/timing/plan/types.ts';
import { hours } from '../../../support/hold.ts';
import { foretold, fullHours, hour, known, planRegion, situation } from '../../../support/plan.ts';
import { grams } from '../../../support/world.ts';

const trail = { low: 100, high: 400 };

function seen(name: string, intensity: number | null, part: Partial<PlanRegion> = {}): PlanRegion {
  return planRegion(name, { intensity: intensity === null ? null : grams(intensity), trail, ...part });
}

const bounds = fc
  .record({ low: fc.double({ min: 1, max: 300, noNaN: true }), span: fc.double({ min: 1.01, max: 20, noNaN: true }) })
  .chain(({ low, span }) =>
    fc.record({
      low: fc.constant(low),
      high: fc.constant(low * span),
      switching: fc.double({ min: 0, max: 0.49 * low * (span - 1), noNaN: true }),
    }),
  );

describe('thresholds of pausing and resuming', () => {
  it('lie between the bounds, the paused one below the running one by the price of a switch', () => {
    fc.assert(
      fc.property(
        bounds,
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (known, units, share) => {
          const { running, paused } = pauseResumeThresholds(known, units, share * units);
          const rounding = known.high * 1e-9;
          assert.ok(paused >= known.low - rounding);
          assert.ok(running <= known.high + rounding);
          assert.ok(Math.abs(running - paused - 2 * known.switching) < rounding);
        },
      ),
    );
  });

  it('fall from one unit to the next, down to the lower bound', () => {
    fc.assert(
      fc.property(bounds, fc.integer({ min: 1, max: 60 }), (known, units) => {
        const paused = Array.from({ length: units + 1 }, (_, done) => pauseResumeThresholds(known, units, done).paused);
        paused.slice(1).forEach((value, done) => {
          assert.ok(value <= (paused[done] ?? NaN));
        });
        assert.ok(Math.abs((paused[units] ?? NaN) - known.low) < known.high * 1e-6);
      }),
    );
  });

  const published: Record<string, { units: number; ratio: number }> = {
    'one unit: the root of the bounds’ ratio': { units: 1, ratio: 2 },
    // 1 / (1 + W0((L/U - 1) / e)) with L/U = 0.25.
    'many units: Lambert’s function': { units: 1e6, ratio: 1.7233 },
  };
  for (const [name, { units, ratio }] of Object.entries(published)) {
    it(`promise the ratio that is published for ${name}`, () => {
      assert.ok(Math.abs(ratioOf({ low: 100, high: 400, switching: 0 }, units) - ratio) < 1e-3);
    });
  }
});

describe('online', () => {
  const cases: Record<
    string,
    { asked: Partial<Omit<Situation, 'rules'>>; rules?: Partial<Situation['rules']>; want: string }
  > = {
    'runs at the lower bound': { asked: { regions: [seen('a', 100)] }, want: 'run online-accepts' },
    'waits near the upper bound': { asked: { regions: [seen('a', 390)] }, want: 'wait online-declines' },
    'accepts at first what it declines later': {
      asked: { regions: [seen('a', 215)], remaining: known(10) },
      want: 'run online-accepts',
    },
    'declines later what it accepted at first': {
      asked: { regions: [seen('a', 215)], remaining: known(1), elapsed: hours(9) },
      want: 'wait online-declines',
    },
    'goes on running where it would not resume': {
      asked: { regions: [seen('a', 220)], remaining: known(9), elapsed: hours(1), run: run('a') },
      rules: { switchCost: hours(0.2) },
      want: 'run online-accepts',
    },
    'does not resume where it would go on running': {
      asked: { regions: [seen('a', 220)], remaining: known(9), elapsed: hours(1) },
      rules: { switchCost: hours(0.2) },
      want: 'wait online-declines',
    },
    'starts work that cannot be paused at the geometric mean': {
      asked: { regions: [seen('a', 200)], remaining: known(9) },
      rules: { pausesLeft: 0 },
      want: 'run online-accepts',
    },
    'holds work that cannot be paused above the geometric mean': {
      asked: { regions: [seen('a', 201)], remaining: known(2) },
      rules: { pausesLeft: 0 },
      want: 'wait online-declines',
    },
    'runs through where a switch costs more than the bounds lie apart': {
      asked: { regions: [seen('a', 399)], remaining: known(2), elapsed: hours(1), run: run('a') },
      rules: { switchCost: hours(3) },
      want: 'run online-accepts',
    },
    'runs where the best that can come saves too little': {
      asked: { regions: [seen('a', 240)], remaining: known(3) },
      rules: { minGain: 0.6 },
      want: 'run gain-too-small',
    },
    'waits where no region has a value': { asked: { regions: [seen('a', null)] }, want: 'wait no-value' },
    'waits where every region is full': {
      asked: { regions: [seen('a', 100, { full: fullHours('1') })] },
      want: 'wait regions-full',
    },
    'goes to the cheapest region': {
      asked: { regions: [seen('a', 300), seen('b', 110)] },
      want: 'run online-accepts b',
    },
    'stays at home where another is not enough below it': {
      asked: { regions: [seen('a', 120), seen('b', 110)], home: seen('a', 0).region },
      rules: { moveBelow: 0.6 },
      want: 'run online-accepts a',
    },
    'moves while it runs where that saves more than it costs': {
      asked: { regions: [seen('a', 180), seen('b', 101)], remaining: known(5), run: run('a') },
      want: 'run online-accepts b',
    },
    'pauses where it runs too dirty and no other region is clean': {
      asked: { regions: [seen('a', 390), seen('b', 380)], remaining: known(5), run: run('a') },
      want: 'wait online-declines',
    },
    'takes work of unknown length for long': {
      asked: { regions: [seen('a', 230)], remaining: { state: 'unknown' } },
      want: 'run online-accepts',
    },
    'asks no forecast': {
      asked: { regions: [{ ...foretold('a', [390, 800, 900]), trail }] },
      want: 'wait online-declines',
    },
  };
  for (const [name, { asked, rules = {}, want }] of Object.entries(cases)) {
    it(name, () => {
      const { act, reason, runs } = online(situation({ ...asked, rules: { pausesLeft: Infinity, ...rules } }));
      const [, , region] = want.split(' ');
      assert.deepEqual([act, reason].join(' '), want.split(' ').slice(0, 2).join(' '));
      if (region !== undefined) assert.equal(runs[0]?.region, region);
    });
  }

  it('falls back to the threshold where nothing was seen', () => {
    const plan = online(
      situation({ regions: [planRegion('a', { intensity: grams(200) })], rules: { threshold: grams(100) } }),
    );

    assert.deepEqual([plan.act, plan.reason, plan.degraded], ['wait', 'intensity-above-threshold', 'no-trail']);
  });

  it('stands a lower bound of zero', () => {
    const zero = planRegion('a', { intensity: grams(0), trail: { low: 0, high: 500 } });

    assert.equal(online(situation({ regions: [zero] })).act, 'run');
  });

  it('runs whatever the intensity once its time is over', () => {
    const plan = planWork('online', situation({ regions: [seen('a', 400)], waitLeft: millis(0) }));

    assert.deepEqual([plan.act, plan.reason], ['run', 'no-time-left']);
  });

  it('always runs at or below the lower bound', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 }),
        fc.double({ min: 0.1, max: 90, noNaN: true }),
        fc.boolean(),
        (value, left, runs) => {
          const asked = situation({
            regions: [seen('a', value)],
            remaining: { state: 'known', value: hours(left) },
            elapsed: hours(90 - left),
            run: runs ? run('a') : null,
          });
          assert.equal(online(asked).act, 'run');
        },
      ),
    );
  });
});

function run(name: string): Situation['run'] {
  return { region: seen(name, 0).region, since: hour(-20) };
}
