import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Series } from '../../../src/carbon/forecast/series.ts';
import type { Forecaster } from '../../../src/carbon/forecast/types.ts';
import { ownTraceForecast } from '../../../src/carbon/own-trace-forecast.ts';
import type { Trace, TraceColumn } from '../../../src/carbon/trace.ts';
import { instant, millis } from '../../../src/carbon/units.ts';
import type { GramsPerKwh } from '../../../src/carbon/units.ts';

const HOUR = 3_600_000;
const START = instant(Date.parse('2026-03-02T00:00:00Z'));

function column(values: (number | null)[]): TraceColumn {
  return { name: 'DE', values: values as (GramsPerKwh | null)[] };
}

function traceOf(values: (number | null)[]): Trace {
  return { columns: [column(values)], start: START, step: millis(HOUR), count: values.length };
}

/** Foretells everything it has been told: the sum of what it was fitted to and of what it is issued with. */
function sumModel(fits: Series[]) {
  const sum = (values: Float64Array): number => values.reduce((a, b) => a + (Number.isNaN(b) ? 0 : b), 0);
  return (history: Series): Forecaster | null => {
    fits.push({ ...history, values: history.values.slice() });
    const level = sum(history.values);
    return {
      issue: (known, at, horizon) =>
        Array.from({ length: horizon / HOUR }, (_, i) => ({
          start: instant(at + i * HOUR),
          end: instant(at + (i + 1) * HOUR),
          value: (1000 * level + sum(known.values)) as GramsPerKwh,
        })),
    };
  };
}

function own(values: (number | null)[], longest = 100 * HOUR) {
  const fits: Series[] = [];
  const options = {
    fit: sumModel(fits),
    refitEvery: millis(4 * HOUR),
    horizon: millis(3 * HOUR),
    enough: millis(4 * HOUR),
    longest: millis(longest),
  };
  const forecast = ownTraceForecast(traceOf(values), options);
  return { fits, following: (step: number) => forecast.following(column(values), step) };
}

describe('ownTraceForecast', () => {
  const count = Array.from({ length: 12 }, (_, i) => i + 1);

  it('has none until enough rows are over', () => {
    const { following } = own(count);

    assert.deepEqual(
      [0, 3].map((step) => following(step)),
      [null, null],
    );
    assert.notEqual(following(4), null);
  });

  it('rests on the rows that are over and the one that is running, and foretells those after it', () => {
    const { following } = own(count);

    const value = 1000 * (1 + 2 + 3 + 4) + (1 + 2 + 3 + 4 + 5 + 6);
    assert.deepEqual(
      following(5)?.map((step) => [(step.start - START) / HOUR, (step.end - START) / HOUR, step.value]),
      [
        [6, 7, value],
        [7, 8, value],
      ],
    );
  });

  it('is fitted anew at each multiple of the interval, and only then', () => {
    const { fits, following } = own(count);

    for (const step of [4, 5, 7, 8, 9]) following(step);

    assert.deepEqual(
      fits.map(({ values }) => [...values]),
      [count.slice(0, 4), count.slice(0, 8)],
    );
  });

  it('shows empty cells as unknown', () => {
    const { fits, following } = own([1, null, 3, 4, 5, 6, 7, 8, 9]);

    assert.equal(following(4), null);
    following(8);
    assert.deepEqual([...(fits[0]?.values ?? [])], [1, NaN, 3, 4, 5, 6, 7, 8]);
  });

  it('looks no further back than it may', () => {
    const { fits, following } = own(count, 5 * HOUR);
    following(8);

    assert.deepEqual([fits[0]?.start, [...(fits[0]?.values ?? [])]], [START + 3 * HOUR, [4, 5, 6, 7, 8]]);
  });

  it('depends on no row after the one that is running, nor on what was asked before', () => {
    const rows = fc.array(fc.option(fc.integer({ min: 0, max: 900 })), { minLength: 1, maxLength: 40 });
    const steps = fc.array(fc.nat({ max: 39 }), { maxLength: 10 });

    fc.assert(
      fc.property(rows, rows, steps, fc.nat({ max: 39 }), (past, future, before, step) => {
        const known = past.slice(0, step + 1);
        fc.pre(known.length === step + 1);
        const other = own([...known, ...future]);
        for (const earlier of before) if (earlier < known.length) other.following(earlier);

        assert.deepEqual(other.following(step), own(past).following(step));
      }),
    );
  });
});
