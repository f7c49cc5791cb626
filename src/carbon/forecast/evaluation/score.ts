import { correlation, ranks } from './rank-correlation.ts';

/** How well one way to forecast did, over all origins and all leads up to a bound. */
export interface Score {
  /** Mean absolute error, gCO2eq/kWh. */
  readonly mae: number;
  /** Mean of |error| / value, percent, over values above 0; null: there are none. */
  readonly mapePct: number | null;
  /** Share of values within the 10 to 90 % interval, percent; null: no interval is given. */
  readonly coveragePct: number | null;
  /** Mean of Spearman's rank correlation within each 24 h from the origin; null: the forecast or the truth is always flat. */
  readonly rank: number | null;
}

/** One forecast against what came, lead by lead; NaN: not to be scored. */
export interface Outcome {
  readonly told: Float64Array;
  readonly truth: Float64Array;
  /** The same for every way to forecast: made once. */
  readonly truthRanks: readonly (Float64Array | null)[];
  readonly low?: Float64Array;
  readonly high?: Float64Array;
}

interface Sums {
  errors: number;
  count: number;
  shares: number;
  shareCount: number;
  inside: number;
  bounded: number;
  ranks: number;
  rankCount: number;
}

const ZERO: Readonly<Sums> = {
  errors: 0,
  count: 0,
  shares: 0,
  shareCount: 0,
  inside: 0,
  bounded: 0,
  ranks: 0,
  rankCount: 0,
};

/** Ranks of each whole day of a forecast's truth; null where the day is not known whole. */
export function dailyRanks(values: Float64Array, day: number): readonly (Float64Array | null)[] {
  return Array.from({ length: Math.floor(values.length / day) }, (_, index) => {
    const part = values.subarray(index * day, (index + 1) * day);
    return part.some(Number.isNaN) ? null : ranks(part);
  });
}

/** Sums up outcomes day of lead by day of lead. */
export class Scoring {
  readonly #day: number;
  readonly #byDay: Sums[] = [];

  /** `day`: slots of a day. */
  constructor(day: number) {
    this.#day = day;
  }

  add(outcome: Outcome): void {
    for (let from = 0; from < outcome.truth.length; from += this.#day) {
      const index = from / this.#day;
      const sums = (this.#byDay[index] ??= { ...ZERO });
      const to = Math.min(from + this.#day, outcome.truth.length);
      for (let lead = from; lead < to; lead += 1) addLead(sums, outcome, lead);
      this.#addRank(sums, outcome, index);
    }
  }

  /** Over the leads of the first `days` days; null: nothing was scored. */
  score(days: number): Score | null {
    const sums = { ...ZERO };
    for (const part of this.#byDay.slice(0, days)) {
      for (const key of Object.keys(ZERO) as (keyof Sums)[]) sums[key] += part[key];
    }
    if (sums.count === 0) return null;
    return {
      mae: sums.errors / sums.count,
      mapePct: share(sums.shares, sums.shareCount, 100),
      coveragePct: share(sums.inside, sums.bounded, 100),
      rank: share(sums.ranks, sums.rankCount, 1),
    };
  }

  #addRank(sums: Sums, { told, truthRanks }: Outcome, index: number): void {
    const wanted = truthRanks[index] ?? null;
    const part = told.subarray(index * this.#day, (index + 1) * this.#day);
    if (wanted === null || part.every((value) => value === part[0]) || part.some(Number.isNaN)) return;
    const found = correlation(ranks(part), wanted);
    if (found === null) return;
    sums.ranks += found;
    sums.rankCount += 1;
  }
}

function addLead(sums: Sums, { told, truth, low, high }: Outcome, lead: number): void {
  const value = truth[lead] ?? NaN;
  const error = Math.abs(value - (told[lead] ?? NaN));
  if (Number.isNaN(error)) return;
  sums.errors += error;
  sums.count += 1;
  if (value > 0) {
    sums.shares += error / value;
    sums.shareCount += 1;
  }
  if (low !== undefined && high !== undefined) addBounded(sums, value, [low[lead] ?? NaN, high[lead] ?? NaN]);
}

function addBounded(sums: Sums, value: number, [low, high]: readonly [number, number]): void {
  sums.bounded += 1;
  if (value >= low && value <= high) sums.inside += 1;
}

function share(sum: number, count: number, of: number): number | null {
  return count === 0 ? null : (of * sum) / count;
}
