import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Ridge, cholesky } from '../../../../src/carbon/forecast/ridge.ts';
import { addScaled, dot } from '../../../../src/carbon/forecast/vectors.ts';

const vector = (...values: number[]): Float64Array => Float64Array.from(values);
const small = fc.double({ min: -10, max: 10, noNaN: true });
const rowsOf = (features: number, targets: number) =>
  fc.array(
    fc.tuple(
      fc.array(small, { minLength: features, maxLength: features }),
      fc.array(small, { minLength: targets, maxLength: targets }),
    ),
    {
      minLength: 1,
      maxLength: 12,
    },
  );

describe('addScaled', () => {
  it('adds over the length of the target', () => {
    const target = vector(1, 2);

    addScaled(target, vector(10, 20, 30), 0.5);

    assert.deepEqual(target, vector(6, 12));
  });
});

describe('dot', () => {
  it('multiplies the first elements only', () => {
    assert.equal(dot(vector(1, 2, 3), vector(4, 5, 6), 2), 14);
  });
});

describe('cholesky', () => {
  it('factors a known matrix', () => {
    const factor = cholesky([vector(4), vector(2, 4)], vector(0, 1));

    assert.deepEqual(factor, [vector(2), vector(1, 2)]);
  });
});

describe('Ridge', () => {
  it('finds the line that points lie on', () => {
    const ridge = new Ridge(2, 1);
    for (let x = 0; x < 7; x += 1) ridge.add(vector(1, x), vector(3 + 2 * x));

    const [constant, slope] = ridge.solve(vector(1e-9, 1e-9));

    assert.ok(Math.abs((constant?.[0] ?? 0) - 3) < 1e-6);
    assert.ok(Math.abs((slope?.[0] ?? 0) - 2) < 1e-6);
  });

  it('has weights of zero without rows', () => {
    assert.deepEqual(new Ridge(2, 1).solve(vector(1, 1)), [vector(0), vector(0)]);
  });

  it('meets the normal equations, whatever the rows and however often it is asked', () => {
    fc.assert(
      fc.property(rowsOf(3, 2), fc.double({ min: 0.1, max: 100, noNaN: true }), (rows, lambda) => {
        const ridge = new Ridge(3, 2);
        for (const [features, targets] of rows) {
          ridge.add(vector(...features), vector(...targets));
          ridge.solve(vector(1, 1, 1));
        }
        const weights = ridge.solve(vector(lambda, 2 * lambda, 3 * lambda));
        for (const target of [0, 1]) {
          for (const i of [0, 1, 2]) {
            const gradient = rows.reduce((sum, [features, targets]) => {
              const told = features.reduce((part, value, k) => part + value * (weights[k]?.[target] ?? NaN), 0);
              return sum + (features[i] ?? NaN) * ((targets[target] ?? NaN) - told);
            }, 0);
            assert.ok(Math.abs(gradient - (i + 1) * lambda * (weights[i]?.[target] ?? NaN)) < 1e-6);
          }
        }
      }),
    );
  });

  it('shrinks with its penalty', () => {
    const ridge = new Ridge(1, 1);
    ridge.add(vector(1), vector(10));

    assert.ok(Math.abs((ridge.solve(vector(1))[0]?.[0] ?? 0) - 5) < 1e-9);
    assert.ok(Math.abs((ridge.solve(vector(9))[0]?.[0] ?? 0) - 1) < 1e-9);
  });
});
