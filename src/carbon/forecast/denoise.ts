import { cholesky, solveFactored } from './ridge.ts';
import { at, dot, zeros } from './vectors.ts';

/** Values to either side that a value is judged by, at most: a day of half hours. */
const REACH = 48;
/** Values that an autocovariance must be estimated from, for each of its lags. */
const VALUES_PER_LAG = 10;

/**
 * Takes from a series, whose values are each off by an independent error of standard deviation `sd`, as much of the error
 * as a linear filter can, knowing the values to both sides. The Wiener filter by the series' own autocovariance G, which
 * is the signal's plus sd² in the middle: a window y around its mean becomes y - sd² G⁻¹ y (N. Wiener, 1949). Nothing is
 * chosen but the window. A series too short to tell signal from error is left as it is.
 */
export function denoised(values: Float64Array, sd: number): Float64Array {
  const reach = Math.min(REACH, Math.floor(values.length / (2 * VALUES_PER_LAG)));
  if (reach === 0 || sd === 0) return values.slice();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviations = values.map((value) => value - mean);
  const inverse = inverseCovariance(deviations, 2 * reach + 1, sd * sd);
  return values.map((value, i) => {
    // At either end the window stays within the series, and the value is not in its middle.
    const from = Math.min(Math.max(0, i - reach), values.length - inverse.length);
    const row = inverse[i - from];
    return row === undefined ? value : value - sd * sd * dot(row, deviations.subarray(from), row.length);
  });
}

/** Inverse of the autocovariance matrix of `size` neighbouring values. */
function inverseCovariance(deviations: Float64Array, size: number, noise: number): readonly Float64Array[] {
  const covariance = Float64Array.from({ length: size }, (_, lag) => {
    return dot(deviations, deviations.subarray(lag), deviations.length - lag) / deviations.length;
  });
  const lower = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: i + 1 }, (_, j) => at(covariance, i - j)),
  );
  const identity = zeros(size, size);
  for (const [i, row] of identity.entries()) row[i] = 1;
  // Whatever the estimate says, no value varies by less than its error.
  return solveFactored(cholesky(lower, new Float64Array(size).fill(1e-9 * noise)), identity);
}
