import { at } from '../../carbon/forecast/vectors.ts';

/**
 * The nearest rank: the least of the values that at least `share` of them (0 to 1) do not exceed; null: there are none.
 * `sorted` rises.
 */
export function percentile(sorted: Float64Array, share: number): number | null {
  if (sorted.length === 0) return null;
  const rank = Math.ceil(share * sorted.length);
  return at(sorted, Math.max(0, rank - 1));
}

/** Mean; null: of nothing. */
export function meanOf(values: Float64Array): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
