import assert from 'node:assert/strict';
import fc from 'fast-check';
import { evaluate } from '../../../../../src/carbon/forecast/evaluation/evaluate.ts';
import type { Method } from '../../../../../src/carbon/forecast/evaluation/evaluate.ts';
import { instant, millis } from '../../../../../src/carbon/units.ts';
import { syntheticGrid } from '../../../../support/synthetic-grid.ts';

const DAY = 86_400_000;
const day = { horizon: millis(DAY), stride: 5 };
const mae = (result: ReturnType<typeof evaluate>, method: Method, mark = 0): number =>
  result?.marks[mark]?.scores.get(method)?.mae ?? NaN;

describe('evaluate', () => {
  const grid = syntheticGrid({ days: 120 });
  const result = evaluate(grid, { ...day, horizon: millis(3 * DAY) });

  it('finds the model better than every baseline by a fifth', () => {
    const others = (['persistence', 'day-before', 'week-before'] as const).map((method) => mae(result, method));

    assert.ok(mae(result, 'lowtide') < 0.8 * Math.min(...others), `${mae(result, 'lowtide')} against ${others.join()}`);
  });

  it('finds about four of five values within the interval', () => {
    for (const { scores } of result?.marks ?? []) {
      const covered = scores.get('lowtide')?.coveragePct ?? NaN;
      assert.ok(covered > 72 && covered < 88, String(covered));
    }
  });

  it('ranks hours better than the day before', () => {
    const rank = (method: Method): number | null | undefined => result?.marks[0]?.scores.get(method)?.rank;

    assert.ok(Number(rank('lowtide')) > Number(rank('day-before')));
    assert.equal(rank('persistence'), null);
  });

  it('gives scores at each mark up to the horizon', () => {
    assert.deepEqual(
      result?.marks.map(({ upTo }) => upTo / DAY),
      [1, 2, 3],
    );
  });

  it('begins after the burn-in, and ends where the last target does', () => {
    const every = evaluate(grid, { horizon: millis(DAY), stride: 24, burnIn: millis(40 * DAY) });

    assert.equal(every?.firstOrigin, grid.start + 40 * DAY);
    assert.equal(every.lastOrigin, grid.start + 119 * DAY);
    assert.equal(every.forecasts, 80);
  });

  it('scores each method on the truth of its own time', () => {
    const rising = { ...grid, values: grid.values.map((_, i) => i) };
    const found = evaluate(rising, { ...day, burnIn: millis(35 * DAY) });

    assert.equal(mae(found, 'persistence'), 12.5);
    assert.ok(Math.abs(mae(found, 'day-before') - 24) < 1e-9);
    assert.ok(Math.abs(mae(found, 'week-before') - 168) < 1e-9);
  });

  it('leaves out what is not known for every method alike', () => {
    const values = grid.values.map((value, i) => (i % 24 === 7 ? NaN : value));
    const found = evaluate({ ...grid, values }, day);

    assert.ok(Number.isFinite(mae(found, 'lowtide')) && Number.isFinite(mae(found, 'day-before')));
    assert.equal(found?.marks[0]?.scores.get('lowtide')?.rank, null);
  });

  it('has nothing to say of a series too short', () => {
    assert.equal(evaluate(syntheticGrid({ days: 30 }), day), null);
  });

  it('shows no forecast anything of its future', () => {
    const short = syntheticGrid({ days: 40, seed: 3 });
    const origin = 39 * 24;
    const only = { horizon: millis(DAY), stride: 1, burnIn: millis(39 * DAY) };
    const error = (values: Float64Array): number => mae(evaluate({ ...short, values }, only), 'lowtide');

    fc.assert(
      fc.property(fc.double({ min: 0, max: 1000, noNaN: true }), (shift) => {
        const lower = short.values.map((value, i) => (i < origin ? value : 1e4));
        const higher = short.values.map((value, i) => (i < origin ? value : 1e4 + shift));

        assert.ok(Math.abs(error(higher) - error(lower) - shift) < 1e-6);
      }),
      { numRuns: 5 },
    );
  });

  it('tells how far it is', () => {
    const told: number[] = [];

    evaluate(syntheticGrid({ days: 60 }), { ...day, onProgress: (done) => told.push(done) });

    assert.ok(told.length >= 4 && told.every((done, i) => done <= 1 && done > (told[i - 1] ?? 0)));
  });

  it('measures half hours as it does hours', () => {
    const found = evaluate(syntheticGrid({ days: 45, stepHours: 0.5 }), { ...day, stride: 11 });

    assert.ok(mae(found, 'lowtide') < mae(found, 'persistence'));
    assert.equal(found?.firstOrigin, instant(grid.start + 30 * DAY));
  });
});
