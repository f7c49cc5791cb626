import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nextCleanWindow } from '../../../src/carbon/clean-window.ts';
import type { ForecastStep } from '../../../src/carbon/types.ts';
import { instant } from '../../../src/carbon/units.ts';
import type { GramsPerKwh } from '../../../src/carbon/units.ts';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-03-02T12:00:00Z');
const BOUND = 200 as GramsPerKwh;

/** Hourly from noon; null leaves an hour out. */
function hourly(values: readonly (number | null)[]): ForecastStep[] {
  return values.flatMap((value, hour) => {
    if (value === null) return [];
    const start = NOON + hour * HOUR;
    return [{ start: instant(start), end: instant(start + HOUR), value: value as GramsPerKwh }];
  });
}

function at(hours: number) {
  return instant(NOON + hours * HOUR);
}

describe('nextCleanWindow', () => {
  interface Case {
    readonly values: readonly (number | null)[];
    readonly now?: number;
    readonly bound?: GramsPerKwh | null;
    readonly want: { start: number; end: number; mean: number; basis: 'band' | 'quartile'; open: boolean } | null;
  }
  const CASES: Record<string, Case> = {
    'finds the first run below the bound': {
      values: [300, 190, 150, 240, 100],
      want: { start: 1, end: 3, mean: 170, basis: 'band', open: false },
    },
    'counts the bound itself as not clean': {
      values: [300, 200, 199, 300],
      want: { start: 2, end: 3, mean: 199, basis: 'band', open: false },
    },
    'begins now within a clean step': {
      values: [100, 160, 300],
      now: 0.5,
      want: { start: 0.5, end: 2, mean: 140, basis: 'band', open: false },
    },
    'passes over steps that have ended': {
      values: [100, 300, 150, 300],
      now: 1,
      want: { start: 2, end: 3, mean: 150, basis: 'band', open: false },
    },
    'ends at a gap': {
      values: [300, 100, null, 100, 300],
      want: { start: 1, end: 2, mean: 100, basis: 'band', open: false },
    },
    'is open where the forecast ends within it': {
      values: [300, 100, 100],
      want: { start: 1, end: 3, mean: 100, basis: 'band', open: true },
    },
    'is found beyond 24 hours': {
      values: [...new Array<number>(30).fill(300), 100, 300],
      want: { start: 30, end: 31, mean: 100, basis: 'band', open: false },
    },
    'takes the cleanest quarter of a day that never gets below the bound': {
      values: [700, 620, 600, 610, 640, 660, 680, 690, 610, 700],
      want: { start: 2, end: 4, mean: 605, basis: 'quartile', open: false },
    },
    'measures that quarter by the next 24 hours alone': {
      values: [
        ...new Array<number>(18).fill(600),
        ...new Array<number>(6).fill(500),
        ...new Array<number>(24).fill(300),
      ],
      want: { start: 18, end: 48, mean: 340, basis: 'quartile', open: true },
    },
    'takes that quarter where the policy has no bound': {
      values: [100, 20, 90, 80],
      bound: null,
      want: { start: 1, end: 2, mean: 20, basis: 'quartile', open: false },
    },
    'is no whole day where most of it is alike': {
      values: [600, 600, 600, 500, 600, 600, 600, 600],
      want: { start: 3, end: 4, mean: 500, basis: 'quartile', open: false },
    },
    'is none in a forecast that never varies': { values: [600, 600, 600], want: null },
    'is none without a forecast': { values: [], want: null },
    'is none where the forecast is over': { values: [100, 100], now: 2, want: null },
  };
  for (const [what, { values, now = 0, bound = BOUND, want }] of Object.entries(CASES)) {
    it(what, () => {
      const window = nextCleanWindow(hourly(values), bound, at(now));

      const { start, end, mean, basis, open } = window ?? {};
      const found = window === null ? null : { start, end, mean, basis, open };
      assert.deepEqual(found, want === null ? null : { ...want, start: at(want.start), end: at(want.end) });
    });
  }

  it('holds no step above its threshold, lies ahead, and has a mean between its extremes', () => {
    const values = fc.array(fc.oneof(fc.double({ min: 0, max: 900, noNaN: true }), fc.constant(null)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 60, noNaN: true }), (each, hours) => {
        const steps = hourly(each);
        const now = at(hours);

        const window = nextCleanWindow(steps, BOUND, now);

        if (window === null) return;
        const inside = steps.filter((step) => step.end > window.start && step.start < window.end);
        const of = inside.map((step) => step.value);
        assert.ok(window.start >= now && window.end > window.start);
        assert.ok(of.every((value) => value <= window.threshold));
        assert.ok(window.mean >= Math.min(...of) - 1e-9 && window.mean <= Math.max(...of) + 1e-9);
      }),
    );
  });
});
