import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant } from '../../../../src/carbon/units.ts';
import {
  meanBetween,
  outlookOf,
  reaching,
  regularOutlook,
  stepIndexAt,
  valueAt,
} from '../../../../src/timing/plan/outlook.ts';
import type { Outlook } from '../../../../src/timing/plan/outlook.ts';
import { hours, minutes } from '../../../support/hold.ts';
import { hour, hourly, MIDNIGHT } from '../../../support/plan.ts';

/** Steps that begin so many hours after midnight, the last of them the end. */
function uneven(edges: readonly number[], values: readonly number[]): Outlook {
  return outlookOf(Float64Array.from(edges, hour), Float64Array.from(values));
}

describe('outlookOf', () => {
  it('finds out whether its steps are alike', () => {
    assert.equal(uneven([0, 2, 4], [100, 200]).step, hours(2));
    assert.equal(uneven([0, 1, 4], [100, 200]).step, 0);
  });

  it('is the same as a regular one where they are', () => {
    assert.deepEqual(uneven([0, 1, 2], [100, 200]), regularOutlook(MIDNIGHT, hours(1), Float64Array.of(100, 200)));
  });
});

describe('stepIndexAt', () => {
  const even = hourly([1, 2, 3]);
  const odd = uneven([0, 1, 3, 7], [1, 2, 3]);
  const cases: Record<string, { outlook: Outlook; after: number; want: number }> = {
    'the first step before it begins': { outlook: even, after: -5, want: 0 },
    'a step at its beginning': { outlook: even, after: 1, want: 1 },
    'the step before an edge': { outlook: even, after: 0.999, want: 0 },
    'the last step at the end': { outlook: even, after: 3, want: 2 },
    'the first step of uneven ones before it begins': { outlook: odd, after: -1, want: 0 },
    'an uneven step at its beginning': { outlook: odd, after: 3, want: 2 },
    'an uneven step within': { outlook: odd, after: 2.9, want: 1 },
    'the last uneven step beyond the end': { outlook: odd, after: 9, want: 2 },
  };
  for (const [sentence, { outlook, after, want }] of Object.entries(cases)) {
    it(`names ${sentence}`, () => {
      assert.equal(stepIndexAt(outlook, hour(after)), want);
    });
  }
});

describe('meanBetween', () => {
  const odd = uneven([0, 1, 3, 7], [100, 200, 400]);
  const cases: Record<string, { from: number; to: number; want: number }> = {
    'weighs steps by how long they count': { from: 0.5, to: 2.5, want: (0.5 * 100 + 1.5 * 200) / 2 },
    'lies within one step': { from: 1.25, to: 1.5, want: 200 },
    'is the value at a moment without length': { from: 3, to: 3, want: 400 },
    'goes on with the first value before': { from: -1, to: 1, want: 100 },
    'goes on with the last value beyond': { from: 6, to: 9, want: 400 },
  };
  for (const [sentence, { from, to, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.ok(Math.abs(meanBetween(odd, hour(from), hour(to)) - want) < 1e-9);
    });
  }
});

describe('reaching', () => {
  it('is the same where it reaches already', () => {
    const outlook = hourly([1, 2, 3]);

    assert.equal(reaching(outlook, hour(3)), outlook);
  });

  it('repeats the last day, and says up to when it was told', () => {
    const outlook = hourly(Array.from({ length: 30 }, (_, index) => index));

    const found = reaching(outlook, hour(80));

    assert.equal(found.toldUntil, hour(30));
    assert.equal(found.step, hours(1));
    assert.deepEqual(
      [30, 53, 54, 77].map((each) => valueAt(found, hour(each))),
      [6, 29, 6, 29],
    );
  });

  it('repeats the last value where it has less than a day', () => {
    const found = reaching(hourly([5, 7]), hour(40));

    assert.deepEqual([valueAt(found, hour(0.5)), valueAt(found, hour(1.5)), valueAt(found, hour(39))], [5, 7, 7]);
  });

  it('repeats a day that begins within a step from there on', () => {
    const found = reaching(uneven([0, 7, 20, 26], [1, 2, 3]), hour(50));

    assert.deepEqual(
      [26, 30.9, 31, 43.9, 44, 49.9].map((each) => valueAt(found, hour(each))),
      [1, 1, 2, 2, 3, 3],
    );
  });

  it('reaches, and repeats whatever was a day before', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 0, max: 6000 }), fc.nat(5999), (steps, wanted, minute) => {
        const edges = steps.reduce<number[]>((all, each) => [...all, (all.at(-1) ?? 0) + each], [0]);
        const outlook = outlookOf(
          Float64Array.from(edges, (each) => MIDNIGHT + minutes(each)),
          Float64Array.from(steps, (_, index) => index + 1),
        );
        const until = instant(MIDNIGHT + minutes(wanted));

        const found = reaching(outlook, until);

        const end = edges.at(-1) ?? 0;
        assert.ok((found.edges.at(-1) ?? 0) >= until);
        if (end < 1440 || minute < end || minute >= wanted) return;
        const moment = MIDNIGHT + minutes(minute);
        assert.equal(valueAt(found, instant(moment)), valueAt(found, instant(moment - hours(24))));
      }),
    );
  });
});
