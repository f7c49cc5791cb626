import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bandOf } from '../../../src/policy/band-of.ts';
import { grams } from '../../support/world.ts';

const BANDS = [
  { name: 'clean', below: grams(200) },
  { name: 'moderate', below: grams(400) },
  { name: 'very-high', below: null },
];

describe('bandOf', () => {
  const table: Record<string, { value: number; want: string }> = {
    'puts nothing at all into the first band': { value: 0, want: 'clean' },
    'puts a value just below a bound into the band below': { value: 199.999, want: 'clean' },
    'puts the bound itself into the band above': { value: 200, want: 'moderate' },
    'puts a value just above a bound into the band above': { value: 200.001, want: 'moderate' },
    'puts the last bound into the band without one': { value: 400, want: 'very-high' },
    'puts any greater value into the last band': { value: 1e9, want: 'very-high' },
  };
  for (const [sentence, { value, want }] of Object.entries(table)) {
    it(sentence, () => {
      assert.equal(bandOf(BANDS, grams(value)), want);
    });
  }

  it('never names a lower band for a higher value', () => {
    const order = BANDS.map(({ name }) => name);
    const value = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((it) => order.indexOf(bandOf(BANDS, grams(it))));
        return (low ?? NaN) <= (high ?? NaN);
      }),
    );
  });

  it('names no band where hand-made bands leave the value out', () => {
    assert.equal(bandOf(BANDS.slice(0, 1), grams(200)), 'unbanded');
  });
});
