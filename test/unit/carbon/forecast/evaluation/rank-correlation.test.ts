import assert from 'node:assert/strict';
import fc from 'fast-check';
import { correlation, ranks } from '../../../../../src/carbon/forecast/evaluation/rank-correlation.ts';

const vector = (...values: number[]): Float64Array => Float64Array.from(values);

describe('ranks', () => {
  it('shares the mean rank among equals', () => {
    assert.deepEqual(ranks(vector(5, 1, 5, 9)), vector(1.5, 0, 1.5, 3));
  });
});

describe('correlation', () => {
  it('is null where one does not vary', () => {
    assert.equal(correlation(vector(1, 1), vector(1, 2)), null);
  });

  it('of ranks is one for whatever rises with it, and minus one for what falls', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(distinct, (values) => {
        const [all, cubes, negative] = [values, values.map((v) => v ** 3), values.map((v) => -v)].map((list) =>
          ranks(Float64Array.from(list)),
        );
        assert.ok(all !== undefined && cubes !== undefined && negative !== undefined);
        assert.ok(Math.abs((correlation(all, cubes) ?? 0) - 1) < 1e-9);
        assert.ok(Math.abs((correlation(all, negative) ?? 0) + 1) < 1e-9);
      }),
    );
  });
});
