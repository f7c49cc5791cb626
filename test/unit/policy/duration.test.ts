import assert from 'node:assert/strict';
import fc from 'fast-check';
import { millis } from '../../../src/carbon/units.ts';
import { formatDuration, parseDuration } from '../../../src/policy/duration.ts';

describe('parseDuration', () => {
  const table: Record<string, { text: string; want: number | null }> = {
    'reads minutes': { text: '90m', want: 5_400_000 },
    'adds several units': { text: '1h30m', want: 5_400_000 },
    'reads milliseconds before minutes': { text: '60ms', want: 60 },
    'reads microseconds and nanoseconds as fractions': { text: '1us500ns', want: 0.0015 },
    'reads the micro sign': { text: '250µs', want: 0.25 },
    'reads days of 24 hours': { text: '365d', want: 31_536_000_000 },
    'reads zero with a unit': { text: '0s', want: 0 },
    'reads a bare zero, as Go does': { text: '0', want: 0 },
    'reads a fraction without rounding error': { text: '1.005s', want: 1005 },
    'refuses a number without unit': { text: '90', want: null },
    'refuses a negative one': { text: '-5m', want: null },
    'refuses a unit without number': { text: 'm', want: null },
    'refuses a trailing number': { text: '1h30', want: null },
    'refuses an unknown unit': { text: '2w', want: null },
    'refuses spaces': { text: '1h 30m', want: null },
    'refuses a trailing line break': { text: '1h\n', want: null },
    'refuses upper case': { text: '1H', want: null },
    'refuses nothing at all': { text: '', want: null },
    'refuses more than whole milliseconds can count': { text: '999999999999999h', want: null },
    'refuses what is too long to be meant': { text: '1s'.repeat(40), want: null },
  };
  for (const [sentence, { text, want }] of Object.entries(table)) {
    it(sentence, () => {
      assert.equal(parseDuration(text), want);
    });
  }

  it('never throws, and yields nothing or a finite, non-negative number', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseDuration(text);
        return parsed === null || (Number.isFinite(parsed) && parsed >= 0);
      }),
    );
  });
});

describe('formatDuration', () => {
  it('writes the fewest units', () => {
    const written = [0, 60, 5_400_000, 43_200_000, 3_661_001].map((value) => formatDuration(millis(value)));

    assert.deepEqual(written, ['0s', '60ms', '1h30m', '12h', '1h1m1s1ms']);
  });

  it('writes any whole number of milliseconds so that it is read back the same', () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (value) => {
        assert.equal(parseDuration(formatDuration(millis(value))), value);
      }),
    );
  });
});
