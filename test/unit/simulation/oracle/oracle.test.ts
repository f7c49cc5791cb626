import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant, millis, region } from '../../../../src/carbon/units.ts';
import { Oracle } from '../../../../src/simulation/oracle/oracle.ts';
import { PausedAtCost } from '../../../../src/simulation/oracle/paused-at-cost.ts';
import type { IntensityTable } from '../../../../src/simulation/types.ts';
import { interruptible } from '../../../../src/timing/plan/interruptible.ts';
import { integralTo, regularOutlook } from '../../../../src/timing/plan/outlook.ts';
import { window } from '../../../../src/timing/plan/window.ts';
import { hours } from '../../../support/hold.ts';
import { foretold, MIDNIGHT, situation } from '../../../support/plan.ts';
import { costOfRuns, leastByTrial } from '../../../support/switching.ts';

const HOUR_MS = 3_600_000;
const FREE = { minRun: millis(0), switchCost: millis(0) };

function tableOf(columns: readonly (readonly number[])[]): IntensityTable {
  return {
    start: MIDNIGHT,
    step: hours(1),
    count: columns[0]?.length ?? 0,
    regions: columns.map((_, index) => region(`r${index}`)),
    columns: columns.map((values) => Float64Array.from(values)),
  };
}

function regionsOf(columns: readonly unknown[]): number[] {
  return columns.map((_, index) => index);
}

const near = (actual: number, wanted: number, share = 1e-9): boolean =>
  Math.abs(actual - wanted) <= share * (1 + wanted);
const columns = (length: number, most = 3): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(fc.integer({ min: 1, max: 600 }), { minLength: length, maxLength: length }), {
    minLength: 1,
    maxLength: most,
  });
const minutes = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: 1, max: most * 60 }).map((count) => count * 60_000);
/** Few quanta, so that exact answers are quick. */
const quarters = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: 1, max: most * 4 }).map((count) => count * 900_000);

describe('the oracle of one run', () => {
  it('finds what trying every minute finds', () => {
    fc.assert(
      fc.property(columns(16), minutes(5), minutes(4), minutes(6), (values, from, length, wait) => {
        const oracle = new Oracle(tableOf(values), FREE);
        const least = oracle.contiguous(regionsOf(values), MIDNIGHT + from, MIDNIGHT + from + wait, length);
        const outlooks = values.map((each) => regularOutlook(MIDNIGHT, hours(1), Float64Array.from(each)));
        let [tried, delay] = [Infinity, 0];
        for (let start = from; start <= from + wait; start += 60_000) {
          for (const outlook of outlooks) {
            const begin = MIDNIGHT + start;
            const mean = (integralTo(outlook, begin + length) - integralTo(outlook, begin)) / length;
            if (mean < tried - 1e-9) [tried, delay] = [mean, start - from];
          }
        }
        assert.ok(near(least, tried));
        assert.ok(Math.abs(oracle.delay - delay) < 1 || values.length > 1);
      }),
    );
  });

  it('starts at once where all hours are alike', () => {
    const oracle = new Oracle(tableOf([new Array<number>(30).fill(123.4)]), FREE);

    assert.ok(near(oracle.contiguous([0], MIDNIGHT + 1234, MIDNIGHT + 15 * HOUR_MS, 7_654_321), 123.4));
    assert.equal(oracle.delay, 0);
  });

  it('may end where the table does', () => {
    const oracle = new Oracle(tableOf([[300, 200, 100]]), FREE);

    assert.equal(oracle.contiguous([0], MIDNIGHT, MIDNIGHT + 1.5 * HOUR_MS, 1.5 * HOUR_MS), 400 / 3);
    assert.equal(oracle.delay, 1.5 * HOUR_MS);
  });
});

describe('the oracle of work that may be paused', () => {
  it('finds what trying every course of whole hours finds, whatever switches cost', () => {
    fc.assert(
      fc.property(
        columns(7, 2),
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(0, 1),
        fc.constantFrom(0, 1, 2, 3),
        (values, need, switchCost, minRun) => {
          const oracle = new Oracle(tableOf(values), { minRun: hours(minRun), switchCost: hours(switchCost) });
          const least = oracle.interruptible(regionsOf(values), MIDNIGHT, MIDNIGHT + 7 * HOUR_MS, need * HOUR_MS);
          const free = { running: -1, home: -1, price: 0, transfer: 0, pauses: 99 };
          assert.ok(near(least, leastByTrial({ values, need, switchCost, minRun, ...free })));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is never above one run, nor above what a plan of the strategy emits', () => {
    fc.assert(
      fc.property(
        columns(24),
        quarters(6),
        quarters(10),
        fc.record({ switchCost: fc.constantFrom(0, 0.25, 0.5), minRun: fc.constantFrom(0, 0.25, 1.5) }),
        (values, length, wait, { switchCost, minRun }) => {
          const rules = { minRun: hours(minRun), switchCost: hours(switchCost) };
          const oracle = new Oracle(tableOf(values), rules);
          const least = oracle.interruptible(regionsOf(values), MIDNIGHT, MIDNIGHT + length + wait, length);
          const single = oracle.contiguous(regionsOf(values), MIDNIGHT, MIDNIGHT + wait, length);
          const asked = situation({
            waitLeft: millis(wait),
            remaining: { state: 'known', value: millis(length) },
            regions: values.map((each, index) => foretold(`r${index}`, each)),
            rules: { ...rules, pausesLeft: Infinity },
          });
          const need = length / HOUR_MS;
          assert.ok(least <= single * (1 + 1e-9));
          assert.ok(least <= costOfRuns(asked, interruptible(asked).runs, need) * (1 + 1e-6));
          assert.ok(single <= costOfRuns(asked, window(asked).runs, need) * (1 + 1e-6));
        },
      ),
    );
  });

  it('is bounded from below where it cannot be exact', () => {
    fc.assert(
      fc.property(columns(20), quarters(6), quarters(8), (values, length, wait) => {
        const rules = { minRun: hours(0), switchCost: hours(0.25) };
        const regions = regionsOf(values);
        const exact = new Oracle(tableOf(values), rules).interruptible(
          regions,
          MIDNIGHT,
          MIDNIGHT + length + wait,
          length,
        );
        // No quantum divides a fraction of a millisecond.
        const bound = new Oracle(tableOf(values), { ...rules, switchCost: millis(900_000 - 0.25) }).interruptible(
          regions,
          MIDNIGHT,
          MIDNIGHT + length + wait,
          length,
        );
        assert.ok(bound <= exact * (1 + 1e-6));
        const free = new Oracle(tableOf(values), FREE).interruptible(
          regions,
          MIDNIGHT,
          MIDNIGHT + length + wait,
          length,
        );
        assert.ok(bound >= free * (1 - 1e-9));
      }),
    );
  });

  it('knows no bound but that of free pauses where only short runs are ruled out and no quantum is small', () => {
    const values = [100, 500, 100, 500, 100, 500];
    const oracle = new Oracle(tableOf([values]), { minRun: millis(5_400_000.5), switchCost: millis(0) });

    assert.equal(oracle.interruptible([0], MIDNIGHT, MIDNIGHT + 6 * HOUR_MS, 3 * HOUR_MS), 100);
  });

  it('says how long the best schedule waits', () => {
    const oracle = new Oracle(tableOf([[500, 100, 500, 500, 100, 100, 500]]), {
      minRun: hours(1),
      switchCost: hours(0.1),
    });

    oracle.interruptible([0], MIDNIGHT, MIDNIGHT + 7 * HOUR_MS, 2 * HOUR_MS);

    assert.equal(oracle.delay, 4 * HOUR_MS);
  });

  it('waits in all for what lies before and between runs, and resumes are no waiting', () => {
    const found = new PausedAtCost(tableOf([[500, 100, 500, 500, 500, 100, 100]]), {
      minRun: hours(0),
      switchCost: hours(0.1),
    });

    const least = found.find([0], instant(MIDNIGHT), instant(MIDNIGHT + 7 * HOUR_MS), hours(2.9));

    assert.ok(near(least ?? NaN, 300 / 2.9));
    assert.equal(found.delay, 4 * HOUR_MS);
  });
});
