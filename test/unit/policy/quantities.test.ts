import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseHours, parseMass, parsePercentage } from '../../../src/policy/quantities.ts';

describe('parsePercentage', () => {
  const table: Record<string, { text: string; want: number | null }> = {
    'reads a share': { text: '2%', want: 0.02 },
    'reads a fraction of a percent': { text: '0.5%', want: 0.005 },
    'takes 0%': { text: '0%', want: 0 },
    'takes 100%': { text: '100%', want: 1 },
    'refuses more than the whole': { text: '100.1%', want: null },
    'refuses a bare number': { text: '2', want: null },
    'refuses a negative share': { text: '-2%', want: null },
  };
  for (const [sentence, { text, want }] of Object.entries(table)) {
    it(sentence, () => {
      assert.equal(parsePercentage(text), want);
    });
  }
});

describe('parseMass', () => {
  const table: Record<string, { text: string; want: number | null }> = {
    'reads grams': { text: '800g', want: 800 },
    'reads kilograms': { text: '500kg', want: 500_000 },
    'reads fractions of tonnes': { text: '1.5t', want: 1_500_000 },
    'refuses a bare number': { text: '500', want: null },
    'refuses another unit': { text: '500lb', want: null },
    'refuses what no number can hold': { text: `${'9'.repeat(400)}kg`, want: null },
  };
  for (const [sentence, { text, want }] of Object.entries(table)) {
    it(sentence, () => {
      assert.equal(parseMass(text), want);
    });
  }
});

describe('parseHours', () => {
  const table: Record<string, { text: string; want: { startMinute: number; endMinute: number } | null }> = {
    'reads hours and minutes': { text: '11:00-15:30', want: { startMinute: 660, endMinute: 930 } },
    'reads up to midnight': { text: '22:00-24:00', want: { startMinute: 1320, endMinute: 1440 } },
    'reads over midnight': { text: '22:00-04:00', want: { startMinute: 1320, endMinute: 240 } },
    'refuses an empty range': { text: '11:00-11:00', want: null },
    'refuses an hour that no day has': { text: '11:00-25:00', want: null },
    'refuses a minute that no hour has': { text: '11:60-12:00', want: null },
    'refuses to start at the end of the day': { text: '24:00-01:00', want: null },
    'refuses hours without minutes': { text: '11-15', want: null },
  };
  for (const [sentence, { text, want }] of Object.entries(table)) {
    it(sentence, () => {
      assert.deepEqual(parseHours(text), want);
    });
  }

  it('keeps both ends within the day', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const clock = (at: number): string =>
      `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
    fc.assert(
      fc.property(minute, minute, (startMinute, endMinute) => {
        const want = startMinute === endMinute ? null : { startMinute, endMinute };
        assert.deepEqual(parseHours(`${clock(startMinute)}-${clock(endMinute)}`), want);
      }),
    );
  });
});
