import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant, millis } from '../../../src/carbon/units.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import { inOrder, notFromTheFuture, plausible } from '../../../src/sources/plausible.ts';

describe('plausible', () => {
  for (const value of [0, 0.5, 302, 2000])
    it(`accepts ${value} gCO2eq/kWh`, () => {
      assert.equal(plausible(value), value);
    });
  for (const value of [-0.1, -500, 2000.01, NaN, Infinity, -Infinity])
    it(`refuses ${value}`, () => {
      assert.throws(() => plausible(value), { reason: 'implausible' });
    });
});

describe('notFromTheFuture', () => {
  const now = instant(Date.parse('2026-01-05T18:07:00Z'));
  const at = (minutes: number): { start: Instant } => ({ start: instant(now + minutes * 60_000) });

  it('accepts what began within five minutes of our clock', () => {
    notFromTheFuture([at(-60), at(5)], now);
    notFromTheFuture([], now);
  });

  it('refuses what began later, and names the clock of the provider where it is known', () => {
    assert.throws(
      () => {
        notFromTheFuture([at(6), at(-60)], now, millis(360_000));
      },
      { reason: 'clock-skew', message: "observed 360 s in the future; the provider's clock is 360 s ahead of ours" },
    );
  });
});

describe('inOrder', () => {
  const steps = fc.array(
    fc.record({ start: fc.integer({ min: 0, max: 50 }), length: fc.integer({ min: -2, max: 9 }), value: fc.nat() }),
  );
  const given = (list: readonly { start: number; length: number; value: number }[]) =>
    list.map(({ start, length, value }) => ({ start: instant(start), end: instant(start + length), value }));

  it('is ascending and does not overlap, whatever the order', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const ordered = inOrder(given(list));
        ordered.forEach((step, index) => {
          assert.ok(step.end > step.start);
          assert.ok(index === 0 || (ordered[index - 1]?.end ?? Infinity) <= step.start);
        });
      }),
    );
  });

  it('keeps each start, with the value that came last', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const long = given(list).filter(({ start, end }) => end > start);
        const last = new Map(long.map(({ start, value }) => [start, value]));
        assert.deepEqual(new Map(inOrder(long).map(({ start, value }) => [start, value])).size, last.size);
        for (const { start, value } of inOrder(long)) assert.equal(value, last.get(start));
      }),
    );
  });
});
