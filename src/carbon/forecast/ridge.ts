import { addOuter, addScaled, at, dot, scale, zeros } from './vectors.ts';
import type { Four } from './vectors.ts';

/** One row a feature, one column a target: prediction = sum over features of value * row. */
export type Weights = readonly Float64Array[];

const NONE = new Float64Array(0);

/**
 * Ridge regression of many targets on the same features: minimises the sum of squared errors + the sum over features of
 * penalty * squared weight. Normal equations, so that rows are added one by one and all targets share one Cholesky factor.
 */
export class Ridge {
  readonly #features: number;
  /** Row i: the sums of feature i times each feature, then times each target. */
  readonly #moments: readonly Float64Array[];
  /** Rows not yet added to the moments, used up four at a time; the unused are zeros. */
  readonly #waiting: Four;
  #rows = 0;

  constructor(features: number, targets: number) {
    this.#features = features;
    this.#moments = zeros(features, features + targets);
    const row = (): Float64Array => new Float64Array(features + targets);
    this.#waiting = [row(), row(), row(), row()];
  }

  get rows(): number {
    return this.#rows;
  }

  add(features: Float64Array, targets: Float64Array): void {
    const row = this.#waiting[this.#rows % 4];
    row?.set(features);
    row?.set(targets, this.#features);
    this.#rows += 1;
    if (this.#rows % 4 === 0) this.#useWaiting();
  }

  /** One penalty a feature, each above 0: the equations then always have one answer. */
  solve(penalties: Float64Array): Weights {
    this.#useWaiting();
    const lower = this.#moments.map((row, i) => row.slice(0, i + 1));
    const products = this.#moments.map((row) => row.slice(this.#features));
    return solveFactored(cholesky(lower, penalties), products);
  }

  #useWaiting(): void {
    for (const [i, moments] of this.#moments.entries()) addOuter(moments, this.#waiting, i);
    for (const row of this.#waiting) row.fill(0);
  }
}

/** Lower Cholesky factor of a symmetric matrix given by its lower triangle, with `added` added to the diagonal. */
export function cholesky(lower: readonly Float64Array[], added: Float64Array): readonly Float64Array[] {
  const factor = lower.map((row) => row.slice());
  for (const [i, row] of factor.entries()) {
    for (let j = 0; j < i; j += 1) {
      const other = factor[j] ?? NONE;
      row[j] = (at(row, j) - dot(row, other, j)) / at(other, j);
    }
    row[i] = Math.sqrt(at(row, i) + at(added, i) - dot(row, row, i));
  }
  return factor;
}

/** Solves L Lᵀ x = b for every column of `rows` at once, in place. */
export function solveFactored(factor: readonly Float64Array[], rows: Float64Array[]): Weights {
  const pivot = (i: number, k: number): number => factor[i]?.[k] ?? 0;
  for (const [i, row] of rows.entries()) {
    for (let k = 0; k < i; k += 1) addScaled(row, rows[k] ?? NONE, -pivot(i, k));
    scale(row, 1 / pivot(i, i));
  }
  for (const [i, row] of [...rows.entries()].reverse()) {
    for (let k = i + 1; k < rows.length; k += 1) addScaled(row, rows[k] ?? NONE, -pivot(k, i));
    scale(row, 1 / pivot(i, i));
  }
  return rows;
}
