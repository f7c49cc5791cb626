import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fitForecaster } from '../../../../src/carbon/forecast/forecaster.ts';
import { RollingForecaster } from '../../../../src/carbon/forecast/rolling.ts';
import type { Series } from '../../../../src/carbon/forecast/series.ts';
import { instant, millis } from '../../../../src/carbon/units.ts';
import { firstDays, syntheticGrid } from '../../../support/synthetic-grid.ts';

const DAY = 86_400_000;
const grid = syntheticGrid({ days: 90 });

function foretold(forecaster: RollingForecaster, origin: number, slots: number): Float64Array {
  const into = new Float64Array(slots);
  forecaster.foretell(origin, into);
  return into;
}

const rolled = (series: Series, origin: number, days = 3): Float64Array =>
  foretold(new RollingForecaster(series, millis(days * DAY)), origin, (days * DAY) / series.step);

describe('RollingForecaster', () => {
  const whole = new RollingForecaster(grid, millis(3 * DAY));

  it('needs two days', () => {
    assert.equal(whole.least, 48);
  });

  it('needs more than there can be where days cannot be told apart by the step', () => {
    assert.equal(new RollingForecaster({ ...grid, step: millis(7 * 60_000) }, millis(DAY)).least, Infinity);
  });

  it('never knows of what comes after the origin', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 48, max: 89 * 24 }),
        fc.nat({ max: 20 * 24 }),
        fc.double({ min: 0, max: 5000, noNaN: true }),
        (origin, after, value) => {
          const values = grid.values.map((kept, i) => (i >= origin + after ? value : kept));

          assert.deepEqual(rolled({ ...grid, values }, origin), foretold(whole, origin, 72));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('tells the same whatever was asked before', () => {
    const fresh = new RollingForecaster(grid, millis(3 * DAY));
    const late = foretold(fresh, 1500, 72);
    const early = foretold(fresh, 300, 72);

    assert.deepEqual(early, foretold(whole, 300, 72));
    assert.deepEqual(late, foretold(whole, 1500, 72));
  });

  const pasts: Record<string, { series: Series; days: number }> = {
    'a week of hours': { series: grid, days: 7 },
    'eight weeks of hours': { series: grid, days: 56 },
    'four weeks of half hours': { series: syntheticGrid({ days: 40, stepHours: 0.5 }), days: 28 },
  };
  for (const [name, { series, days }] of Object.entries(pasts)) {
    it(`tells what the forecaster of the service does that is fitted to ${name}`, () => {
      const past = firstDays(series, days);
      const origin = past.values.length;
      const steps = fitForecaster(past)?.issue(past, instant(past.start + days * DAY), millis(7 * DAY)) ?? [];
      const told = rolled(series, origin, 7);

      assert.equal(steps.length, told.length);
      for (const [i, { value }] of steps.entries()) assert.ok(Math.abs(value - (told[i] ?? NaN)) < 0.05);
    });
  }

  it('misses by no more than the forecaster of the service does', () => {
    const [own, service] = [{ sum: 0 }, { sum: 0 }];
    for (const day of [42, 56, 70]) {
      const past = firstDays(grid, day);
      const model = fitForecaster(past, millis(3 * DAY));
      for (let origin = day * 24; origin < (day + 7) * 24; origin += 5) {
        const known = { ...grid, values: grid.values.subarray(0, origin) };
        const at = instant(grid.start + origin * grid.step);
        const steps = model?.issue(known, at, millis(3 * DAY)) ?? [];
        const told = foretold(whole, origin, 72);
        for (const [i, { value }] of steps.entries()) {
          const truth = grid.values[origin + i] ?? value;
          service.sum += Math.abs(value - truth);
          own.sum += Math.abs((told[i] ?? NaN) - truth);
        }
      }
    }

    assert.ok(Math.abs(own.sum / service.sum - 1) < 0.005, String(own.sum / service.sum));
  });

  it('repeats the last week beyond two weeks, and never falls below zero', () => {
    const clean = { ...grid, values: grid.values.map((value) => Math.max(0, value - 250)) };
    const told = rolled(clean, 60 * 24, 28);

    assert.ok(told.every((value, i) => value >= 0 && (i < 14 * 24 || value === told[7 * 24 + (i % (7 * 24))])));
  });
});
