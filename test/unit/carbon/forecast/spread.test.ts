import assert from 'node:assert/strict';
import { Misses, hourOfSlot, quantile } from '../../../../src/carbon/forecast/spread.ts';
import { instant, millis } from '../../../../src/carbon/units.ts';

const HOUR = 3_600_000;
const hourly = { start: instant(0), step: millis(HOUR) };

describe('quantile', () => {
  it('lies between neighbours', () => {
    const sorted = Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);

    assert.equal(quantile(sorted, 0.1), 1);
    assert.equal(quantile(sorted, 0.25), 2.5);
    assert.equal(quantile(sorted, 0.9), 9);
  });

  it('stays within what was seen', () => {
    assert.equal(quantile(Float64Array.from([3]), 0.9), 3);
  });
});

describe('hourOfSlot', () => {
  it('is the hour of the day, UTC', () => {
    assert.equal(hourOfSlot({ start: instant(22 * HOUR), step: millis(HOUR / 2) }, 5), 0);
  });
});

describe('Misses', () => {
  it('has no interval of too few errors', () => {
    const misses = new Misses(hourly);
    for (let i = 0; i < 19; i += 1) misses.add(0, 0, i);

    assert.equal(misses.spread(), null);
  });

  it('holds four of five errors of each lead', () => {
    const misses = new Misses(hourly);
    for (let i = -50; i <= 50; i += 1) {
      misses.add(0, 0, i);
      misses.add(23, 0, 10 * i);
    }
    const spread = misses.spread();

    for (const [lead, want] of [
      [0, 40],
      [23, 400],
    ] as const) {
      const { low = NaN, high = NaN } = spread?.at(lead, 0) ?? {};
      assert.ok(Math.abs(low + want) < want / 25 && Math.abs(high - want) < want / 25);
    }
  });

  it('is wide in hours that vary and narrow in those that do not', () => {
    const misses = new Misses(hourly);
    for (let i = -50; i <= 50; i += 1) {
      misses.add(0, 3, i);
      misses.add(0, 12, 10 * i);
    }
    const spread = misses.spread();

    assert.ok(Math.abs((spread?.at(0, 12).high ?? 0) / (spread?.at(0, 3).high ?? 1) - 10) < 1e-9);
  });

  it('takes the interval of nearer leads where too few errors are known, and of farther ones for the nearest', () => {
    const misses = new Misses(hourly);
    for (let i = -50; i <= 50; i += 1) misses.add(5, 0, i);
    const spread = misses.spread();

    assert.deepEqual(spread?.at(100, 0), spread?.at(5, 0));
    assert.deepEqual(spread?.at(0, 0), spread?.at(5, 0));
  });
});
