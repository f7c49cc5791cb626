import assert from 'node:assert/strict';
import fc from 'fast-check';
import { millis, region } from '../../../../src/carbon/units.ts';
import type { Situation } from '../../../../src/timing/plan/types.ts';
import { unknownLength } from '../../../../src/timing/plan/unknown-length.ts';
import { courseIn } from '../../../../src/timing/plan/unknown-length-course.ts';
import { worthOf } from '../../../../src/timing/plan/unknown-length-value.ts';
import type { Terms } from '../../../../src/timing/plan/unknown-length-value.ts';
import { hours } from '../../../support/hold.ts';
import { foretold, hour, hourly, MIDNIGHT, situation } from '../../../support/plan.ts';

const level = fc.integer({ min: 10, max: 900 });
const outlook = fc.array(level, { minLength: 30, maxLength: 48 });
const wait = fc.integer({ min: 1, max: 24 * 60 }).map((minutes) => millis(minutes * 60_000));
const usual = fc.integer({ min: 5, max: 30 * 60 }).map((minutes) => millis(minutes * 60_000));
const moment = fc.constantFrom(0, 0.25, 0.9);
const runs = fc.boolean();
/** Twice what makes two courses near-equal. */
const AS_GOOD = 1.0002;

function at(values: readonly number[], waitLeft: number, now: number, running = false): Situation {
  const run = running ? { region: region('here'), since: MIDNIGHT } : null;
  return situation({ regions: [foretold('here', values)], waitLeft: millis(waitLeft), now: hour(now), run });
}

function costs(values: readonly number[], terms: Terms, budget: number): { running: number; paused: number } {
  const place = { ...foretold('here', values), outlook: hourly(values) };
  const { running, paused, units } = worthOf(courseIn(place, place.outlook.edges, situation()), terms, budget);
  return { running: running[units] ?? NaN, paused: paused[units] ?? NaN };
}

describe('unknownLength: properties', () => {
  it('runs at once where all intensities are equal, whatever else', () => {
    fc.assert(
      fc.property(level, wait, usual, moment, (value, waitLeft, mean, now) => {
        const flat = at(new Array<number>(48).fill(value), waitLeft, now);
        return unknownLength(flat, mean).act === 'run' && unknownLength(flat, null).act === 'run';
      }),
    );
  });

  it('runs on where it would run, if this slot alone gets cleaner', () => {
    fc.assert(
      fc.property(outlook, wait, usual, moment, runs, fc.double({ min: 0, max: 1, noNaN: true }), (...drawn) => {
        const [values, waitLeft, mean, now, running, share] = drawn;
        fc.pre(unknownLength(at(values, waitLeft, now, running), mean).act === 'run');
        const cleaner = values.map((value, i) => (i === 0 ? value * share : value));
        assert.equal(unknownLength(at(cleaner, waitLeft, now, running), mean).act, 'run');
      }),
    );
  });

  it('costs no more the more it may wait', () => {
    const hour = fc.double({ min: 0.01, max: 24, noNaN: true });
    const terms = fc.record({
      mean: hour,
      switchCost: fc.constantFrom(0, 0.5),
      price: fc.constantFrom(0, 5),
      mayPause: runs,
    });
    fc.assert(
      fc.property(outlook, terms, hour, hour, (values, common, budget, more) => {
        const [less, most] = [costs(values, common, budget), costs(values, common, budget + more)];
        assert.ok(most.running <= less.running * 1.0001);
        assert.ok(most.paused <= less.paused * 1.0001);
      }),
    );
  });

  it('pays for the part of a slot that is waited out as well', () => {
    const values = [200, 300, ...new Array<number>(30).fill(100)];
    const common = { mean: 0.25, switchCost: 0, mayPause: true };
    const free = costs(values, { ...common, price: 0 }, 0.5).paused;
    const priced = costs(values, { ...common, price: 20 }, 0.5).paused;
    assert.ok(Math.abs(priced - free - 20 * 0.25 * 0.5) < 1e-9);
  });

  it('expects no more of its plan than of running through', () => {
    fc.assert(
      fc.property(outlook, wait, usual, moment, (values, waitLeft, mean, now) => {
        const plan = unknownLength(at(values, waitLeft, now), mean);
        assert.ok((plan.mean ?? NaN) <= (plan.meanNow ?? NaN) * 1.0002);
      }),
    );
  });

  it('plans no more waiting than it has, and runs that follow one another', () => {
    fc.assert(
      fc.property(outlook, wait, usual, moment, (values, waitLeft, mean, now) => {
        const plan = unknownLength(at(values, waitLeft, now), mean);
        let [waited, from] = [0, Number(hour(now))];
        for (const { start, end } of plan.runs) {
          assert.ok(start >= from);
          waited += start - from;
          from = end ?? Infinity;
        }
        assert.ok(waited <= waitLeft + 1 && from === Infinity);
      }),
    );
  });

  it('keeps to its plan as the hours pass, unless running is as good', () => {
    fc.assert(
      fc.property(outlook, fc.integer({ min: 1, max: 12 }), usual, (values, units, mean) => {
        const waits = unknownLength(at(values, hours(units), 0), mean);
        fc.pre(waits.act === 'wait' && (waits.runs[0]?.start ?? 0) > hour(1));
        const again = unknownLength(at(values, hours(units - 1), 1), mean);
        assert.ok(again.act === 'wait' || (again.mean ?? NaN) <= (waits.mean ?? NaN) * AS_GOOD);
      }),
    );
  });
});
