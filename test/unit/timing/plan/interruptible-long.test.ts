import assert from 'node:assert/strict';
import { instant, millis } from '../../../../src/carbon/units.ts';
import { CheapestParts } from '../../../../src/timing/plan/cheapest-parts.ts';
import { FinishSearch } from '../../../../src/timing/plan/finish-search.ts';
import { interruptible } from '../../../../src/timing/plan/interruptible.ts';
import { outlookOf, regularOutlook } from '../../../../src/timing/plan/outlook.ts';
import { StepGrid } from '../../../../src/timing/plan/step-grid.ts';
import { hours } from '../../../support/hold.ts';
import { fullHours, hour, known, MIDNIGHT, planRegion, situation } from '../../../support/plan.ts';

/** Columns grow with what is asked of them: four hundred half-hours and more. */
const COUNT = 900;

function daily(index: number): number {
  return 300 + 100 * Math.sin(index / 7.6) + (index % 7);
}

describe('a long time ahead', () => {
  const values = Float64Array.from({ length: COUNT }, (_, index) => daily(index));
  const regular = regularOutlook(MIDNIGHT, hours(0.5), values);
  const edges = Float64Array.from({ length: COUNT + 1 }, (_, index) => hour(index * 0.5 + (index === 1 ? 0.1 : 0)));
  const uneven = outlookOf(edges, values);

  it('is laid out alike whether steps are equal or not', () => {
    const [grid, other] = [new StepGrid(), new StepGrid()];
    const [now, end] = [hour(3.2), hour(400.7)];

    grid.fill([planRegion('a', { outlook: regular }), planRegion('b', { outlook: regular })], now, end);
    other.fill([planRegion('a', { outlook: uneven }), planRegion('b', { outlook: regular })], now, end);

    assert.equal(grid.count, other.count);
    assert.deepEqual(grid.edges.slice(0, grid.count + 1), other.edges.slice(0, other.count + 1));
    assert.deepEqual(grid.values.slice(0, grid.count * 2), other.values.slice(0, other.count * 2));
  });

  it('is laid out from where steps of one length do not begin together', () => {
    const grid = new StepGrid();
    const shifted = regularOutlook(hour(0.25), hours(0.5), values);

    grid.fill([planRegion('a', { outlook: regular }), planRegion('b', { outlook: shifted })], hour(1), hour(3));

    assert.equal(grid.count, 8);
  });

  it('knows a region’s full slots before, in and after the time that they cover', () => {
    const grid = new StepGrid();
    const full = { ...fullHours('01'), start: hour(1) };

    grid.fill([planRegion('a', { outlook: regular, full })], MIDNIGHT, hour(5));
    grid.findBest(0);

    const isFull = Array.from(grid.best.subarray(0, grid.count), (value) => value > 1e6);
    assert.deepEqual(isFull, [false, false, false, false, true, true, false, false, false, false]);
  });

  it('has the same cheapest parts as sorting finds', () => {
    const parts = new CheapestParts(0);
    const grid = new StepGrid();
    grid.fill([planRegion('a', { outlook: uneven })], hour(1), hour(440));
    grid.findBest(-1);

    parts.choose(grid.best, grid.edges, grid.count, hours(100));

    const lengths = Array.from({ length: grid.count }, (_, i) => (grid.edges[i + 1] ?? NaN) - (grid.edges[i] ?? NaN));
    const order = lengths
      .map((length, i) => ({ length, value: grid.best[i] ?? NaN }))
      .sort((a, b) => a.value - b.value);
    let [left, sum] = [Number(hours(100)), 0];
    for (const { length, value } of order) {
      sum += Math.min(left, length) * value;
      left -= Math.min(left, length);
    }
    const chosen = lengths.reduce((total, _, i) => total + (parts.taken[i] ?? NaN) * (grid.best[i] ?? NaN), 0);
    assert.ok(Math.abs(chosen - sum) < 1e-9 * sum);
  });

  it('is used up where all of it does not suffice', () => {
    const parts = new CheapestParts(0);

    parts.choose(Float64Array.of(3, 1, 2), Float64Array.of(0, 1, 2, 3), 3, 5);

    assert.deepEqual(Array.from(parts.taken.subarray(0, 3)), [1, 1, 1]);
  });

  it('is done at the end that trying every end finds best', () => {
    const grid = new StepGrid();
    grid.fill([planRegion('a', { outlook: regular })], hour(1), hour(300));
    grid.findBest(0);
    const [need, price] = [hours(90), 0.2];

    const end = new FinishSearch().bestEnd(grid, need, price);

    const parts = new CheapestParts(0);
    const scoreAt = (until: number): number => {
      const tried = new StepGrid();
      tried.fill([planRegion('a', { outlook: regular })], hour(1), until);
      tried.findBest(0);
      parts.choose(tried.best, tried.edges, tried.count, need);
      let sum = 0;
      for (let i = 0; i < tried.count; i += 1) sum += (parts.taken[i] ?? NaN) * (tried.best[i] ?? NaN);
      return sum / need + (price * (until - hour(1) - need)) / 3_600_000;
    };
    for (let until = hour(91); until <= hour(300); until = instant(until + hours(0.25))) {
      assert.ok(scoreAt(end) <= scoreAt(until) + 1e-9);
    }
  });

  it('is planned with switches as well', () => {
    const asked = situation({
      waitLeft: hours(200),
      remaining: known(60),
      regions: [planRegion('a', { outlook: uneven }), planRegion('b', { outlook: regular })],
      rules: { switchCost: hours(0.5), minRun: hours(2), pausesLeft: 6 },
    });

    const { runs, mean, meanNow } = interruptible(asked);

    assert.ok((mean ?? NaN) < 0.95 * (meanNow ?? NaN));
    assert.ok(runs.length <= 7);
    assert.ok(runs.slice(0, -1).every(({ start, end }) => (end ?? 0) - start >= hours(2) - millis(1)));
  });
});
