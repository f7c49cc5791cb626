/** A quantile by nearest rank. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
}

/** Median and 99th percentile of times, in milliseconds. */
export interface Times {
  readonly p50: number;
  readonly p99: number;
}

export function timesOf(values: readonly number[]): Times {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}

/** A ratio over the repeats: each repeat's own quotient, then their median and span. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function ratioOf(ours: readonly number[], theirs: readonly number[]): Ratio {
  const quotients = ours.map((value, repeat) => value / (theirs[repeat] ?? NaN));
  return { median: quantile(quotients, 0.5), min: Math.min(...quotients), max: Math.max(...quotients) };
}

/** `median [min-max]`, as reports print it. */
export function spanText({ median, min, max }: Ratio): string {
  return `${median.toFixed(2)} [${min.toFixed(2)}-${max.toFixed(2)}]`;
}
