/** Adds `factor * source` to `target`, over the length of `target`. */
export function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i += 1) target[i] = (target[i] ?? 0) + factor * (source[i] ?? 0);
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

/** `count` vectors of zeros, each as long as `lengthOf` says. */
export function zeros(count: number, lengthOf: (index: number) => number): Float64Array[] {
  return Array.from({ length: count }, (_, index) => new Float64Array(lengthOf(index)));
}
