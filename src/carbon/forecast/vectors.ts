/** An element that is there: what types cannot know of a position, whoever asks does. */
export function at(values: Float64Array, index: number): number {
  return values[index] ?? NaN;
}

/** Adds `factor * source` to `target`, over the length of `target`. */
export function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i += 1) target[i] = at(target, i) + factor * at(source, i);
}

/** Adds `factors[i] * rows[i]` for every row to `target`, over its length; four rows at once spare memory traffic. */
export function addProducts(target: Float64Array, rows: readonly Float64Array[], factors: Float64Array): void {
  let i = 0;
  for (let four = fourFrom(rows, 0); four !== null; four = fourFrom(rows, i)) {
    addFour(target, four, factors.subarray(i));
    i += 4;
  }
  for (const row of rows.slice(i)) {
    addScaled(target, row, at(factors, i));
    i += 1;
  }
}

function addFour(target: Float64Array, [a, b, c, d]: Four, factors: Float64Array): void {
  const [p, q, r, s] = [at(factors, 0), at(factors, 1), at(factors, 2), at(factors, 3)];
  for (let i = 0; i < target.length; i += 1) {
    target[i] = at(target, i) + p * at(a, i) + q * at(b, i) + r * at(c, i) + s * at(d, i);
  }
}

function fourFrom(rows: readonly Float64Array[], i: number): Four | null {
  const [a, b, c, d] = [rows[i], rows[i + 1], rows[i + 2], rows[i + 3]];
  return a === undefined || b === undefined || c === undefined || d === undefined ? null : [a, b, c, d];
}

/** Four vectors of one length. */
export type Four = readonly [Float64Array, Float64Array, Float64Array, Float64Array];

/** Adds to row `index` of a sum of outer products what four vectors, each with itself, add; four at once spare memory traffic. */
export function addOuter(target: Float64Array, four: Four, index: number): void {
  const [a, b, c, d] = four;
  const [p, q, r, s] = elements(four, index);
  for (let i = 0; i < target.length; i += 1) {
    target[i] = at(target, i) + p * at(a, i) + q * at(b, i) + r * at(c, i) + s * at(d, i);
  }
}

function elements([a, b, c, d]: Four, index: number): readonly [number, number, number, number] {
  return [at(a, index), at(b, index), at(c, index), at(d, index)];
}

/** Multiplies every element by `factor`, in place. */
export function scale(target: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i += 1) target[i] = at(target, i) * factor;
}

/** Sum of the products of the first `length` elements. */
export function dot(a: Float64Array, b: Float64Array, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i += 1) sum += at(a, i) * at(b, i);
  return sum;
}

/** `count` vectors of `length` zeros. */
export function zeros(count: number, length: number): Float64Array[] {
  return Array.from({ length: count }, () => new Float64Array(length));
}
