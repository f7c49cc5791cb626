import assert from 'node:assert/strict';
import fc from 'fast-check';
import { observedSeries } from '../../../../src/carbon/forecast/observed-series.ts';
import type { ObservedStep } from '../../../../src/carbon/report.ts';
import { instant, millis } from '../../../../src/carbon/units.ts';
import type { GramsPerKwh } from '../../../../src/carbon/units.ts';

const MINUTE = 60_000;
const HOUR = millis(60 * MINUTE);
const NOON = Date.parse('2026-01-05T12:00:00Z');

/** Minutes after noon, and what was observed. */
type Row = [from: number, to: number, value: number];

function steps(rows: Row[]): ObservedStep[] {
  return rows.map(([from, to, value]) => ({
    start: instant(NOON + from * MINUTE),
    end: instant(NOON + to * MINUTE),
    value: value as GramsPerKwh,
    quality: 'measured',
  }));
}

describe('observedSeries', () => {
  const cases: Record<string, { rows: Row[]; wantStart: number; want: number[]; wantKnown: number[] }> = {
    'is empty without steps': { rows: [], wantStart: -NOON / MINUTE, want: [], wantKnown: [] },
    'gives hours as they are': {
      rows: [
        [0, 60, 100],
        [60, 120, 200],
      ],
      wantStart: 0,
      want: [100, 200],
      wantKnown: [1, 1],
    },
    'takes the mean of parts by their length': {
      rows: [
        [0, 15, 100],
        [15, 60, 200],
      ],
      wantStart: 0,
      want: [175],
      wantKnown: [1],
    },
    'takes the mean of what is known of an hour': {
      rows: [
        [65, 70, 100],
        [70, 75, 140],
      ],
      wantStart: 60,
      want: [120],
      wantKnown: [1 / 6],
    },
    'leaves a gap a gap': {
      rows: [
        [0, 60, 100],
        [180, 240, 200],
      ],
      wantStart: 0,
      want: [100, NaN, NaN, 200],
      wantKnown: [1, 0, 0, 1],
    },
    'shares a long step among the hours that it covers': {
      rows: [[30, 150, 80]],
      wantStart: 0,
      want: [80, 80, 80],
      wantKnown: [0.5, 1, 0.5],
    },
    'believes the later of two values of one hour': {
      rows: [
        [0, 60, 100],
        [60, 120, 200],
        [0, 60, 150],
      ],
      wantStart: 0,
      want: [150, 200],
      wantKnown: [1, 1],
    },
    'believes the later where it overlaps, and the earlier beside it': {
      rows: [
        [0, 60, 100],
        [15, 30, 500],
      ],
      wantStart: 0,
      want: [200],
      wantKnown: [1],
    },
    'leaves out what has no length': {
      rows: [
        [0, 60, 100],
        [90, 90, 700],
      ],
      wantStart: 0,
      want: [100],
      wantKnown: [1],
    },
  };
  for (const [name, { rows, wantStart, want, wantKnown }] of Object.entries(cases)) {
    it(name, () => {
      const series = observedSeries(steps(rows), HOUR);

      assert.deepEqual((series.start - NOON) / MINUTE, wantStart);
      assert.deepEqual([...series.values], want);
      assert.deepEqual([...series.known], wantKnown);
    });
  }

  const row: fc.Arbitrary<Row> = fc
    .tuple(fc.nat({ max: 300 }), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 900 }))
    .map(([from, length, value]) => [from, from + length, value]);
  const rows = fc.array(row, { minLength: 1, maxLength: 20 });
  const grid = fc.constantFrom(5, 30, 60).map((minutes) => millis(minutes * MINUTE));

  it('is what painting minute after minute gives', () => {
    fc.assert(
      fc.property(rows, grid, (rows, step) => {
        const minutes = new Map<number, number>();
        for (const [from, to, value] of rows) for (let m = from; m < to; m += 1) minutes.set(m, value);
        const series = observedSeries(steps(rows), step);

        for (const [i, value] of series.values.entries()) {
          const first = (series.start + i * step - NOON) / MINUTE;
          const painted = Array.from({ length: step / MINUTE }, (_, m) => minutes.get(first + m)).filter(
            (minute) => minute !== undefined,
          );
          const mean = painted.reduce((a, b) => a + b, 0) / painted.length;
          assert.ok(Object.is(value, mean) || Math.abs(value - mean) < 1e-9);
        }
        const counted = series.known.reduce((a, b) => a + b, 0) * (step / MINUTE);
        assert.ok(Math.abs(counted - minutes.size) < 1e-6);
      }),
    );
  });

  it('does not mind the order of steps that do not overlap', () => {
    const lengths = fc.array(fc.tuple(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 90 }), fc.nat({ max: 900 })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(lengths, fc.infiniteStream(fc.nat()), (lengths, order) => {
        let at = 0;
        const apart = lengths.map(([gap, length, value]): Row => [(at += gap), (at += length), value]);
        const shuffled = apart
          .map((row) => ({ row, key: Number(order.next().value) }))
          .toSorted((a, b) => a.key - b.key);

        const other = observedSeries(steps(shuffled.map(({ row }) => row)), HOUR);
        assert.deepEqual(other, observedSeries(steps(apart), HOUR));
      }),
    );
  });
});
