import { addScaled, dot, scale, zeros } from './vectors.ts';

/** One row a feature, one column a target: prediction = sum over features of value * row. */
export type Weights = readonly Float64Array[];

const NONE = new Float64Array(0);

/**
 * Ridge regression of many targets on the same features: minimises the sum of squared errors + lambda * the sum of squared
 * weights. Normal equations, so that rows are added one by one and all targets share one Cholesky factor.
 */
export class Ridge {
  /** Lower triangle of the features' products; row i has i + 1 elements. */
  readonly #gram: readonly Float64Array[];
  readonly #products: readonly Float64Array[];
  #rows = 0;

  constructor(features: number, targets: number) {
    this.#gram = zeros(features, (index) => index + 1);
    this.#products = zeros(features, () => targets);
  }

  get rows(): number {
    return this.#rows;
  }

  add(features: Float64Array, targets: Float64Array): void {
    this.#rows += 1;
    for (const [i, value] of features.entries()) {
      addScaled(this.#gram[i] ?? NONE, features, value);
      addScaled(this.#products[i] ?? NONE, targets, value);
    }
  }

  /** `lambda` above 0: the equations then always have one answer. */
  solve(lambda: number): Weights {
    return solveFactored(
      cholesky(this.#gram, lambda),
      this.#products.map((row) => row.slice()),
    );
  }
}

/** Lower Cholesky factor of a symmetric matrix given by its lower triangle, with `lambda` added to the diagonal. */
export function cholesky(lower: readonly Float64Array[], lambda: number): readonly Float64Array[] {
  const factor = lower.map((row) => row.slice());
  for (const [i, row] of factor.entries()) {
    for (let j = 0; j < i; j += 1) {
      const other = factor[j] ?? NONE;
      row[j] = ((row[j] ?? 0) - dot(row, other, j)) / (other[j] ?? 1);
    }
    row[i] = Math.sqrt((row[i] ?? 0) + lambda - dot(row, row, i));
  }
  return factor;
}

/** Solves L Lᵀ x = b for every column of `rows` at once, in place. */
export function solveFactored(factor: readonly Float64Array[], rows: Float64Array[]): Weights {
  for (const [i, row] of rows.entries()) {
    const pivots = factor[i] ?? NONE;
    for (let k = 0; k < i; k += 1) addScaled(row, rows[k] ?? NONE, -(pivots[k] ?? 0));
    scale(row, 1 / (pivots[i] ?? 1));
  }
  for (let i = rows.length - 1; i >= 0; i -= 1) {
    const row = rows[i] ?? NONE;
    for (let k = i + 1; k < rows.length; k += 1) addScaled(row, rows[k] ?? NONE, -(factor[k]?.[i] ?? 0));
    scale(row, 1 / (factor[i]?.[i] ?? 1));
  }
  return rows;
}
