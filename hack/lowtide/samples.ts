/** The samples of a process's /metrics page. */
export class Samples {
  readonly #lines: readonly string[];

  private constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  static async of(operations: string): Promise<Samples> {
    const page = await (await fetch(`${operations}/metrics`)).text();
    return new Samples(page.split('\n').filter((line) => line !== '' && !line.startsWith('#')));
  }

  /** The sum over a metric's samples that have these labels; 0 where there is none. */
  sum(metric: string, labels: Readonly<Record<string, string>> = {}): number {
    return this.#with(metric, labels).reduce((sum, { value }) => sum + value, 0);
  }

  /** The first of a metric's samples that have these labels; null where there is none. */
  find(metric: string, labels: Readonly<Record<string, string>> = {}): number | null {
    return this.#with(metric, labels)[0]?.value ?? null;
  }

  /** A histogram's cumulative counts by upper bound, summed over its other labels, ascending. */
  buckets(metric: string, labels: Readonly<Record<string, string>> = {}): ReadonlyMap<number, number> {
    const bounds = new Set(this.#of(`${metric}_bucket`).map(({ text }) => /le="([^"]+)"/.exec(text)?.[1] ?? '+Inf'));
    const counts = [...bounds].map((le): [number, number] => [
      le === '+Inf' ? Infinity : Number(le),
      this.sum(`${metric}_bucket`, { ...labels, le }),
    ]);
    return new Map(counts.toSorted(([a], [b]) => a - b));
  }

  #with(metric: string, labels: Readonly<Record<string, string>>): readonly { text: string; value: number }[] {
    const wanted = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    return this.#of(metric).filter(({ text }) => wanted.every((label) => text.includes(label)));
  }

  #of(metric: string): readonly { text: string; value: number }[] {
    return this.#lines
      .filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
      .map((line) => ({ text: line, value: Number(line.slice(line.lastIndexOf(' ') + 1)) }));
  }
}

/** A quantile of what a histogram counted between two looks, straight within a bucket, as `histogram_quantile` has it. */
export function quantileBetween(
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
  q: number,
): number {
  const counted = [...after].map(([bound, count]): [number, number] => [bound, count - (before.get(bound) ?? 0)]);
  const total = counted.at(-1)?.[1] ?? 0;
  const rank = q * total;
  let below = { bound: 0, count: 0 };
  for (const [bound, count] of counted) {
    if (count >= rank && total > 0) {
      if (bound === Infinity) return below.bound;
      return below.bound + ((bound - below.bound) * (rank - below.count)) / Math.max(1, count - below.count);
    }
    below = { bound, count };
  }
  return NaN;
}
