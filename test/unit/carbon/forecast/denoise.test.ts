import assert from 'node:assert/strict';
import fc from 'fast-check';
import { denoised } from '../../../../src/carbon/forecast/denoise.ts';
import { gaussian, uniformStream } from '../../../../src/simulation/random.ts';
import { syntheticGrid } from '../../../support/synthetic-grid.ts';

const truth = syntheticGrid({ days: 60 }).values;

function noisy(series: Float64Array, sd: number, seed = 1): Float64Array {
  const uniform = uniformStream(seed, 'x');
  return series.map((value) => value + sd * gaussian(uniform));
}

const miss = (told: Float64Array, series = truth): number =>
  Math.sqrt(told.reduce((sum, value, i) => sum + (value - (series[i] ?? NaN)) ** 2, 0) / told.length);

describe('denoised', () => {
  const cases: Record<string, { sd: number; want: number }> = {
    'takes some of a small error away': { sd: 10, want: 0.9 },
    'takes half of a large error away': { sd: 60, want: 0.5 },
  };
  for (const [name, { sd, want }] of Object.entries(cases)) {
    it(name, () => {
      assert.ok(miss(denoised(noisy(truth, sd), sd)) < want * sd);
    });
  }

  it('does so at both ends too', () => {
    const [near, far] = [{ sum: 0 }, { sum: 0 }];
    for (let seed = 0; seed < 40; seed += 1) {
      const told = denoised(noisy(truth, 30, seed), 30);
      near.sum += ((told[0] ?? NaN) - (truth[0] ?? NaN)) ** 2;
      far.sum += ((told.at(-1) ?? NaN) - (truth.at(-1) ?? NaN)) ** 2;
    }

    assert.ok(Math.sqrt(near.sum / 40) < 28 && Math.sqrt(far.sum / 40) < 28);
  });

  it('finds the mean of what never varies', () => {
    const flat = new Float64Array(2000).fill(300);

    assert.ok(miss(denoised(noisy(flat, 20), 20), flat) < 6);
  });

  it('leaves a series without error as it is, and one too short to tell', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 900, noNaN: true }), { maxLength: 19 }), (values) => {
        assert.deepEqual(denoised(Float64Array.from(values), 5), Float64Array.from(values));
      }),
    );
    assert.deepEqual(denoised(truth, 0), truth);
  });

  it('shifts with its series', () => {
    const told = noisy(truth, 20);
    const shifted = denoised(
      told.map((value) => value + 1000),
      20,
    );

    assert.ok(denoised(told, 20).every((value, i) => Math.abs(value + 1000 - (shifted[i] ?? NaN)) < 1e-6));
  });
});
