import assert from 'node:assert/strict';
import { millis } from '../../../../src/carbon/units.ts';
import { growing, zoneBackoff } from '../../../../src/sources/chain/backoff.ts';

const MINUTE = 60_000;

describe('growing', () => {
  const growth = { first: millis(1000), cap: millis(5000) };
  const cases: Record<string, { step: number; chance: number; want: number }> = {
    'begins with the first wait': { step: 0, chance: 0, want: 1000 },
    'doubles with each step': { step: 2, chance: 0, want: 4000 },
    'stops at the cap': { step: 3, chance: 0, want: 5000 },
    'stops at the cap after any number of steps': { step: 1e9, chance: 0, want: 5000 },
    'takes up to half of it away by chance': { step: 3, chance: 1, want: 2500 },
    'takes a step before the first for the first': { step: -3, chance: 0, want: 1000 },
  };
  for (const [sentence, { step, chance, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.equal(growing(step, growth, chance), want);
    });
  }
});

describe('zoneBackoff', () => {
  const cases: Record<string, { refresh: number; want: number[] }> = {
    'grows from an eighth of the refresh interval to all of it': {
      refresh: 60 * MINUTE,
      want: [7.5, 15, 30, 60, 60].map((each) => each * MINUTE),
    },
    'begins with ten seconds where the refresh interval is short': {
      refresh: MINUTE,
      want: [10_000, 20_000, 40_000, 60_000, 60_000],
    },
    'is never longer than the refresh interval': { refresh: 4000, want: [4000, 4000, 4000, 4000, 4000] },
  };
  for (const [sentence, { refresh, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.deepEqual(
        [1, 2, 3, 4, 5].map((failures) => zoneBackoff(failures, millis(refresh), 0)),
        want,
      );
    });
  }
});
