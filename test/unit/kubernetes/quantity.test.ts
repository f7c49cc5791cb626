import assert from 'node:assert/strict';
import { parseQuantity } from '../../../src/kubernetes/quantity.ts';

describe('a Kubernetes quantity', () => {
  const read: Record<string, readonly [unknown, number | null]> = {
    'a plain number': ['2', 2],
    'a JSON number': [2, 2],
    'a fraction': ['.5', 0.5],
    thousandths: ['250m', 0.25],
    millionths: ['250u', 0.00025],
    thousands: ['3k', 3000],
    'exa, not an exponent': ['1E', 1e18],
    'an exponent': ['12e3', 12_000],
    'powers of 1024': ['1.5Gi', 1_610_612_736],
    'a sign': ['-1', -1],
    'no number': ['Gi', null],
    'an unknown suffix': ['1g', null],
    nothing: ['', null],
    'no text': [undefined, null],
    'no finite number': [Infinity, null],
  };
  for (const [name, [quantity, value]] of Object.entries(read)) {
    it(`is read from ${name}`, () => {
      const found = parseQuantity(quantity);

      if (value === null || found === null) assert.equal(found, value);
      else assert.ok(Math.abs(found - value) <= 1e-12 * Math.abs(value), String(found));
    });
  }
});
