/** Ranks from 0, equal values sharing the mean of theirs. */
export function ranks(values: Float64Array): Float64Array {
  const order = Array.from(values, (_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranked = new Float64Array(values.length);
  for (let first = 0; first < order.length;) {
    let next = first + 1;
    while (next < order.length && values[order[next] ?? 0] === values[order[first] ?? 0]) next += 1;
    for (const index of order.slice(first, next)) ranked[index] = (first + next - 1) / 2;
    first = next;
  }
  return ranked;
}

/** Pearson's correlation of two equally long lists, -1 to 1; of ranks it is Spearman's. Null: one does not vary. */
export function correlation(a: Float64Array, b: Float64Array): number | null {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    const [fromA, fromB] = [value - meanA, (b[i] ?? 0) - meanB];
    product += fromA * fromB;
    squaresA += fromA * fromA;
    squaresB += fromB * fromB;
  }
  return squaresA === 0 || squaresB === 0 ? null : product / Math.sqrt(squaresA * squaresB);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
