import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fitForecaster } from '../../../../src/carbon/forecast/forecaster.ts';
import type { Series } from '../../../../src/carbon/forecast/series.ts';
import type { Forecaster } from '../../../../src/carbon/forecast/types.ts';
import { instant, millis } from '../../../../src/carbon/units.ts';
import { firstDays, syntheticGrid } from '../../../support/synthetic-grid.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const grid = syntheticGrid({ days: 60 });
const atSlot = (series: Series, slot: number) => instant(series.start + slot * series.step);

function fitted(history: Series): Forecaster {
  const model = fitForecaster(history);
  assert.ok(model !== null);
  return model;
}

describe('fitForecaster', () => {
  it('makes nothing of less than two days', () => {
    assert.equal(fitForecaster({ ...grid, values: grid.values.slice(0, 47) }), null);
    assert.notEqual(fitForecaster(firstDays(grid, 2)), null);
  });

  it('counts what is known, not what was waited for', () => {
    const gaps = firstDays(grid, 10);
    gaps.values.fill(NaN, 30);

    assert.equal(fitForecaster(gaps), null);
  });

  it('makes nothing of steps that do not divide a day', () => {
    assert.equal(fitForecaster({ ...grid, step: millis(7 * 60_000) }), null);
  });

  it('is the same for the same history', () => {
    const at = atSlot(grid, 1440);

    assert.deepEqual(fitted(grid).issue(grid, at, millis(DAY)), fitted(grid).issue(grid, at, millis(DAY)));
  });
});

describe('Forecaster', () => {
  const model = fitted(firstDays(grid, 50));
  const known = firstDays(grid, 52);
  const end = atSlot(grid, 52 * 24);

  it('tells every step from the one at hand to the horizon', () => {
    const steps = model.issue(known, instant(end + HOUR / 3), millis(DAY));

    assert.equal(steps[0]?.start, end);
    assert.equal(steps.at(-1)?.start, end + DAY);
    assert.ok(steps.every((step, i) => step.end - step.start === HOUR && step.start === end + i * HOUR));
  });

  it('has its value within its bounds, and none below zero', () => {
    for (const { value, low = NaN, high = NaN } of model.issue(known, end, millis(20 * DAY))) {
      assert.ok(low >= 0 && low <= value && value <= high && high < 1000);
    }
  });

  it('never falls below zero on a grid that often is clean', () => {
    const clean = { ...grid, values: grid.values.map((value) => Math.max(0, value - 250)) };

    for (const { value, low = NaN } of fitted(clean).issue(clean, atSlot(clean, 1440), millis(7 * DAY))) {
      assert.ok(value >= 0 && low >= 0);
    }
  });

  it('takes the step at hand as known where the history has it', () => {
    const [first, second] = model.issue(known, instant(end - HOUR / 2), millis(DAY));

    assert.equal(first?.value, known.values.at(-1));
    assert.equal(first?.low, first?.high);
    assert.ok((second?.high ?? 0) > (second?.low ?? 0));
  });

  it('does not depend on what the history has of later steps', () => {
    const slots = fc.integer({ min: 40 * 24, max: 52 * 24 - 1 });
    fc.assert(
      fc.property(slots, fc.double({ min: 0, max: 2000, noNaN: true }), (slot, value) => {
        const at = instant(atSlot(grid, slot) + HOUR / 2);
        const other = { ...known, values: known.values.map((kept, i) => (i > slot ? value : kept)) };

        assert.deepEqual(model.issue(other, at, millis(DAY)), model.issue(known, at, millis(DAY)));
      }),
      { numRuns: 30 },
    );
  });

  it('tells the same whether later steps were left out or are not yet known', () => {
    const at = atSlot(grid, 50 * 24 - 1);
    const gaps = { ...known, values: known.values.map((kept, i) => (i < 50 * 24 ? kept : NaN)) };

    assert.deepEqual(model.issue(gaps, at, millis(DAY)), model.issue(firstDays(grid, 50), at, millis(DAY)));
  });

  it('goes on from the last known step where the newest are late', () => {
    const late = { ...known, values: known.values.slice(0, -5) };
    const steps = model.issue(late, end, millis(DAY));
    const earlier = model.issue(late, instant(end - 5 * HOUR), millis(29 * HOUR));

    assert.deepEqual(steps, earlier.slice(5));
  });

  it('does not depend on where the history begins, beyond what has lost its weight', () => {
    const whole = model.issue(grid, atSlot(grid, 1440), millis(DAY));
    const shifted = { ...grid, start: atSlot(grid, 240), values: grid.values.slice(240) };
    const part = model.issue(shifted, atSlot(grid, 1440), millis(DAY));

    assert.ok(whole.every(({ value }, i) => Math.abs(value - (part[i]?.value ?? NaN)) < 0.5));
  });

  it('says nothing where nothing is known', () => {
    assert.deepEqual(model.issue({ ...grid, values: new Float64Array(0) }, end, millis(DAY)), []);
    assert.deepEqual(model.issue({ ...grid, values: new Float64Array(48).fill(NaN) }, end, millis(DAY)), []);
  });

  it('refuses a history of other steps', () => {
    assert.throws(() => model.issue(syntheticGrid({ days: 3, stepHours: 0.5 }), end, millis(DAY)), /fitted to steps/);
  });

  const weekly = (slot: number): number =>
    300 + 50 * Math.cos((slot / 24) * 2 * Math.PI) + (Math.floor(slot / 24) % 7 < 5 ? 30 : -30);
  for (const [name, isGap] of Object.entries({
    'without gaps': () => false,
    'with a gap in seven steps': (slot: number) => slot % 7 === 3,
  })) {
    it(`learns the week of a calm grid ${name}`, () => {
      const calm = { ...grid, values: grid.values.map((_, i) => (isGap(i) ? NaN : weekly(i))) };
      const week = fitted(calm);
      const missed: number[] = [];
      for (let origin = 1440 - 168; origin < 1440; origin += 5) {
        const past = { ...calm, values: calm.values.slice(0, origin) };
        const steps = week.issue(past, atSlot(calm, origin), millis(DAY));
        missed.push(...steps.map(({ value }, i) => Math.abs(value - weekly(origin + i))));
      }

      const mean = missed.reduce((sum, miss) => sum + miss, 0) / missed.length;
      assert.ok(mean < 10, String(mean));
    });
  }

  it('learns its bounds from forecasts of what was not fitted to', () => {
    const noise = syntheticGrid({ days: 60, weatherHours: 0.1 });
    const month = fitted(firstDays(noise, 30));
    const within: boolean[] = [];
    for (let origin = 30 * 24; origin < 59 * 24; origin += 5) {
      const past = { ...noise, values: noise.values.slice(0, origin) };
      for (const [i, { low = NaN, high = NaN }] of month.issue(past, atSlot(noise, origin), millis(DAY)).entries()) {
        const value = noise.values[origin + i] ?? NaN;
        within.push(value >= low && value <= high);
      }
    }

    const share = within.filter(Boolean).length / within.length;
    assert.ok(share > 0.77 && share < 0.85, String(share));
  });

  it('repeats the last week fitted beyond two weeks', () => {
    const steps = model.issue(known, end, millis(28 * DAY));

    assert.ok(steps.slice(14 * 24).every(({ value }, i) => value === steps[7 * 24 + (i % (7 * 24))]?.value));
  });

  it('tells a constant grid as it is', () => {
    const constant = { ...grid, values: grid.values.map(() => 475) };

    for (const { value, low, high } of fitted(constant).issue(constant, atSlot(grid, 1440), millis(2 * DAY))) {
      assert.ok(
        Math.abs(value - 475) < 1e-6 && Math.abs((low ?? 0) - 475) < 1e-6 && Math.abs((high ?? 0) - 475) < 1e-6,
      );
    }
  });

  const pasts: Record<string, Series> = {
    'two days': firstDays(grid, 2),
    'nine days': firstDays(grid, 9),
    'fourteen days': firstDays(grid, 14),
    'gaps everywhere': { ...grid, values: grid.values.map((value, i) => (i % 7 === 3 ? NaN : value)) },
    'a week lost': { ...grid, values: grid.values.map((value, i) => (i > 700 && i < 868 ? NaN : value)) },
    'half hours': syntheticGrid({ days: 20, stepHours: 0.5 }),
    'quarters of an hour': syntheticGrid({ days: 16, stepHours: 0.25 }),
    'steps of four hours': syntheticGrid({ days: 60, stepHours: 4 }),
  };
  for (const [name, history] of Object.entries(pasts)) {
    it(`is sane after ${name}`, () => {
      const steps = fitted(history).issue(history, atSlot(history, history.values.length), millis(7 * DAY));

      assert.equal(steps.length, (7 * DAY) / history.step);
      for (const { value, low = NaN, high = NaN } of steps) {
        assert.ok(value > 100 && value < 500 && low <= value && value <= high, `${low} ${value} ${high}`);
      }
    });
  }
});
