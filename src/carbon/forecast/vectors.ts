/** Adds `factor * source` to `target`, over the length of `target`. */
export function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i += 1) target[i] = (target[i] ?? 0) + factor * (source[i] ?? 0);
}

/** Four vectors of one length. */
export type Four = readonly [Float64Array, Float64Array, Float64Array, Float64Array];

/** Adds to row `index` of a sum of outer products what four vectors, each with itself, add; four at once spare memory traffic. */
export function addOuter(target: Float64Array, four: Four, index: number): void {
  const [a, b, c, d] = four;
  const [p, q, r, s] = elements(four, index);
  for (let i = 0; i < target.length; i += 1) {
    target[i] = (target[i] ?? 0) + p * (a[i] ?? 0) + q * (b[i] ?? 0) + r * (c[i] ?? 0) + s * (d[i] ?? 0);
  }
}

function elements([a, b, c, d]: Four, index: number): readonly [number, number, number, number] {
  return [a[index] ?? 0, b[index] ?? 0, c[index] ?? 0, d[index] ?? 0];
}

/** Multiplies every element by `factor`, in place. */
export function scale(target: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i += 1) target[i] = (target[i] ?? 0) * factor;
}

/** Sum of the products of the first `length` elements. */
export function dot(a: Float64Array, b: Float64Array, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** `count` vectors of `length` zeros. */
export function zeros(count: number, length: number): Float64Array[] {
  return Array.from({ length: count }, () => new Float64Array(length));
}
