import assert from 'node:assert/strict';
import { instant, millis } from '../../../../src/carbon/units.ts';
import { pacedRefresh } from '../../../../src/sources/chain/pacing.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('pacedRefresh', () => {
  const cases: Record<string, { at: string; perRefresh: number; left: number | null; wantMinutes: number }> = {
    'is as configured without a limit': { at: '12:00', perRefresh: 90, left: null, wantMinutes: 15 },
    'is as configured where the day allows more': { at: '12:00', perRefresh: 10, left: 1000, wantMinutes: 15 },
    'spreads what is left over the hours until midnight': { at: '12:00', perRefresh: 90, left: 540, wantMinutes: 120 },
    'lasts until midnight where less is left than one refresh costs': {
      ...{ at: '18:00', perRefresh: 90, left: 90, wantMinutes: 360 },
    },
    'is a day at most': { at: '00:00', perRefresh: 90, left: 0, wantMinutes: 24 * 60 },
  };
  for (const [sentence, { at, perRefresh, left, wantMinutes }] of Object.entries(cases)) {
    it(sentence, () => {
      const now = instant(Date.parse(`2026-03-02T${at}:00Z`));
      assert.equal(pacedRefresh({ refresh: millis(HOUR / 4), perRefresh, left }, now) / MINUTE, wantMinutes);
    });
  }
});
