import assert from 'node:assert/strict';
import { isConstant, variation } from '../../../../src/carbon/forecast/variation.ts';
import type { Series } from '../../../../src/carbon/forecast/series.ts';
import { instant, millis } from '../../../../src/carbon/units.ts';

const HOUR = 3_600_000;

function hours(count: number, value: (hour: number) => number): Series {
  return {
    start: instant(Date.parse('2026-01-05T00:00:00Z')),
    step: millis(HOUR),
    values: Float64Array.from({ length: count }, (_, hour) => value(hour)),
  };
}

describe('isConstant', () => {
  const cases: Record<string, { series: Series; want: boolean | null }> = {
    'is not known of nothing': { series: hours(0, () => 0), want: null },
    'is not known of 23 hours': { series: hours(23, () => 435), want: null },
    'is not known of 23 hours and gaps': { series: hours(48, (h) => (h < 23 ? 435 : NaN)), want: null },
    'is true of 24 hours of one value': { series: hours(24, () => 435.36), want: true },
    'is true of what differs by a rounded gram': { series: hours(72, (h) => 652 + (h % 2)), want: true },
    'is false of what differs by more': { series: hours(72, (h) => 652 + 1.1 * (h % 2)), want: false },
    'is false where a single hour differs': { series: hours(72, (h) => (h === 70 ? 460 : 435)), want: false },
    'is true of a grid without carbon': { series: hours(48, () => 0), want: true },
  };
  for (const [name, { series, want }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(isConstant(series), want);
    });
  }
});

describe('variation', () => {
  const cases: Record<string, { series: Series; want: number | null }> = {
    'is not known of half a day': { series: hours(12, (h) => h), want: null },
    'is none of a constant': { series: hours(48, () => 435), want: 0 },
    'is none of a grid without carbon': { series: hours(24, () => 0), want: 0 },
    'is the swing of a day by its mean': { series: hours(24, (h) => (h < 12 ? 100 : 300)), want: 1 },
    'is the mean of the days': { series: hours(48, (h) => (h < 12 ? 100 : h < 24 ? 300 : 200)), want: 0.5 },
    'leaves out a day that is hardly known': {
      series: hours(48, (h) => (h < 12 ? 100 : h < 24 ? 300 : h < 41 ? NaN : 9)),
      want: 1,
    },
    'counts a day of which three quarters are known': {
      series: hours(24, (h) => (h < 6 ? NaN : h < 15 ? 100 : 300)),
      want: 1,
    },
  };
  for (const [name, { series, want }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(variation(series), want);
    });
  }
});
