import assert from 'node:assert/strict';
import fc from 'fast-check';
import { region } from '../../../src/carbon/units.ts';
import { entryAt, indexAt } from '../../../src/simulation/columns.ts';
import { arrivalOrder } from '../../../src/simulation/engine/arrivals.ts';
import { Bookings } from '../../../src/simulation/engine/bookings.ts';
import { Moments } from '../../../src/simulation/engine/moments.ts';
import { percentile } from '../../../src/simulation/figures/percentile.ts';
import { Truth } from '../../../src/simulation/truth.ts';
import { HOUR, intensityTable, simulationPolicy, TABLE_START, withCapacity } from '../../support/simulation.ts';

function hoursIn(hours: number): number {
  return TABLE_START + hours * HOUR;
}

describe('a column', () => {
  it('has nothing beyond its end, and a list says so', () => {
    assert.equal(indexAt(Uint32Array.of(7), 0), 7);
    assert.equal(indexAt(Uint32Array.of(7), 1), -1);
    assert.equal(entryAt(['a', 'b'], 1), 'b');
    assert.throws(() => entryAt(['a'], 1), RangeError);
  });
});

describe('percentile', () => {
  const cases: readonly (readonly [sorted: number[], share: number, want: number | null])[] = [
    [[], 0.5, null],
    [[7], 0, 7],
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4], 0.51, 3],
    [[1, 2, 3, 4], 0.95, 4],
    [[1, 2, 3, 4], 1, 4],
  ];
  for (const [sorted, share, want] of cases) {
    it(`is ${String(want)} of ${JSON.stringify(sorted)} at ${String(share)}`, () => {
      assert.equal(percentile(Float64Array.from(sorted), share), want);
    });
  }
});

describe('Moments', () => {
  it('gives the earliest first, and of one moment the first to arrive', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }), (times) => {
        const rank = Uint32Array.from(times, (_, job) => times.length - job);
        const moments = new Moments(rank);
        for (const [job, time] of times.entries()) moments.add(time, job);
        const taken: number[] = [];
        while (moments.next !== Infinity) taken.push(moments.take());
        const want = [...times.keys()].sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || b - a);
        assert.deepEqual(taken, want);
        assert.equal(moments.take(), -1);
      }),
    );
  });
});

describe('arrivalOrder', () => {
  it('keeps the order of the file among those that arrive together', () => {
    const { jobs, rank } = arrivalOrder(Float64Array.of(5, 1, 5, 0));

    assert.deepEqual([...jobs], [3, 1, 0, 2]);
    assert.deepEqual([...rank], [2, 1, 3, 0]);
  });
});

describe('Truth', () => {
  const truth = new Truth(intensityTable({ 'us-a': [100, 200, 400] }));

  it('integrates parts of slots', () => {
    assert.equal(truth.integral(0, hoursIn(0.5), hoursIn(2.25)), (50 + 200 + 100) * HOUR);
    assert.equal(truth.integral(0, hoursIn(1.25), hoursIn(1.5)), 50 * HOUR);
    assert.equal(truth.integral(0, hoursIn(0), hoursIn(3)), 700 * HOUR);
  });

  it('knows where a moment falls, and what is beyond the table', () => {
    assert.equal(truth.valueAt(0, hoursIn(1.99)), 200);
    assert.equal(truth.valueAt(0, hoursIn(3)), 400);
    assert.deepEqual(
      [-1, 0, 2.5, 3, 9].map((hours) => truth.slotAt(hoursIn(hours))),
      [-1, 0, 2, 3, 3],
    );
  });
});

describe('Bookings', () => {
  const table = intensityTable({ 'us-a': [1, 1, 1, 1], 'us-b': [1, 1, 1, 1] });
  const made = (limits: Record<string, number>, asked: readonly (readonly [string, number])[] = []): Bookings =>
    new Bookings(
      table,
      withCapacity(simulationPolicy(), limits),
      new Map(asked.map(([name, limit]) => [region(name), limit])),
    );
  const full = (bookings: Bookings, at = 0): string => Array.from(bookings.viewOf(at)?.full ?? []).join('');

  it('has no view of regions without a limit', () => {
    assert.equal(made({}).limited, false);
    assert.equal(made({ 'us-a': 1 }).viewOf(1), null);
  });

  it('counts every slot that is touched, once a job', () => {
    const bookings = made({ 'us-a': 2 });
    bookings.book(0, [
      { region: 0, from: hoursIn(0.5), to: hoursIn(1.25) },
      { region: 0, from: hoursIn(1.5), to: hoursIn(2) },
      { region: 1, from: hoursIn(2), to: hoursIn(3) },
    ]);
    assert.equal(full(bookings), '0000');
    bookings.book(1, [{ region: 0, from: hoursIn(1), to: hoursIn(9) }]);
    assert.equal(full(bookings), '0100');
  });

  it('gives back what is ahead, not what was used', () => {
    const bookings = made({ 'us-a': 1 });
    bookings.book(0, [{ region: 0, from: hoursIn(0), to: hoursIn(4) }]);
    bookings.release(0, 2);
    bookings.release(7, 0);
    assert.equal(full(bookings), '1100');
    bookings.forget(0);
    bookings.release(0, 0);
    assert.equal(full(bookings), '1100');
  });

  it('takes a limit that is asked for over the policy, none at all included', () => {
    assert.equal(full(made({ 'us-a': 5 }, [['us-a', 0]])), '1111');
  });
});
