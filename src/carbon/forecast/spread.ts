import { slotsOf } from './past.ts';
import type { Past } from './past.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Leads within which errors are alike, by their upper bounds in hours. */
const GROUPS_H = [1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24, 30, 36, 48, 72, 96, 120, 144, 168, 240, Infinity];
/** Errors of a group that make a quantile; a group with fewer takes the one before it. */
const ENOUGH = 20;
/** Hours of the day with fewer errors are taken to be like the whole day. */
const ENOUGH_OF_HOUR = 10;
const NOWHERE: Interval = { low: 0, high: 0 };
const LOW = 0.1;
const HIGH = 0.9;

/** Bounds of the errors, gCO2eq/kWh, between which four of five lie. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How far values lay from their forecasts, by lead and by hour of the day. */
export interface Spread {
  readonly at: (lead: number, hour: number) => Interval;
}

/** Hour of the day (UTC) in which a slot begins, 0 to 23. */
export function hourOfSlot({ start, step }: Pick<Past, 'start' | 'step'>, slot: number): number {
  return Math.floor(((start + slot * step) % DAY_MS) / HOUR_MS);
}

/** Collects what forecasts missed, by lead and hour of the day. */
export class Misses {
  readonly #bounds: readonly number[];
  readonly #errors: readonly number[][];
  readonly #hours: readonly number[][];
  readonly #sums = new Float64Array(24);
  readonly #counts = new Float64Array(24);

  constructor(past: Pick<Past, 'step'>) {
    this.#bounds = GROUPS_H.map((hours) => (hours === Infinity ? Infinity : slotsOf(hours, past)));
    this.#errors = GROUPS_H.map(() => []);
    this.#hours = GROUPS_H.map(() => []);
  }

  /** `lead` in slots; `error`: value less forecast. */
  add(lead: number, hour: number, error: number): void {
    const group = this.#groupOf(lead);
    this.#errors[group]?.push(error);
    this.#hours[group]?.push(hour);
    this.#sums[hour] = (this.#sums[hour] ?? 0) + Math.abs(error);
    this.#counts[hour] = (this.#counts[hour] ?? 0) + 1;
  }

  /**
   * Quantiles of the errors of each group of leads, each error in units of its hour's typical error, so that a steep hour's
   * interval is wide and a flat hour's narrow. Null: too few errors are known.
   */
  spread(): Spread | null {
    const sizes = this.#hourSizes();
    const own = this.#errors.map((errors, group) => {
      const hours = this.#hours[group] ?? [];
      return errors.length < ENOUGH ? null : intervalOf(errors.map((error, i) => error / (sizes[hours[i] ?? 0] ?? 1)));
    });
    // Leads of which too little is known take the interval of nearer leads, the nearest that of the next farther.
    let last = own.find((interval) => interval !== null);
    if (last === undefined) return null;
    const intervals = own.map((interval) => (last = interval ?? last));
    return {
      at: (lead, hour) => {
        const { low, high } = intervals[this.#groupOf(lead)] ?? NOWHERE;
        const size = sizes[hour] ?? 1;
        return { low: low * size, high: high * size };
      },
    };
  }

  #groupOf(lead: number): number {
    let group = 0;
    while (lead >= (this.#bounds[group] ?? Infinity)) group += 1;
    return group;
  }

  /** Mean absolute error of each hour of the day, in units of the day's. */
  #hourSizes(): readonly number[] {
    const sum = this.#sums.reduce((total, part) => total + part, 0);
    const mean =
      sum /
      Math.max(
        1,
        this.#counts.reduce((total, part) => total + part, 0),
      );
    return Array.from(this.#sums, (part, hour) => {
      const count = this.#counts[hour] ?? 0;
      return count < ENOUGH_OF_HOUR || part === 0 ? 1 : part / count / mean;
    });
  }
}

function intervalOf(errors: readonly number[]): Interval {
  const sorted = Float64Array.from(errors).sort();
  return { low: quantile(sorted, LOW), high: quantile(sorted, HIGH) };
}

/** Quantile of ascending numbers, by the (n + 1) rule of conformal prediction, between neighbours. */
export function quantile(sorted: Float64Array, share: number): number {
  const rank = Math.min(sorted.length - 1, Math.max(0, share * (sorted.length + 1) - 1));
  const [below, above] = [sorted[Math.floor(rank)] ?? NaN, sorted[Math.ceil(rank)] ?? NaN];
  return below + (above - below) * (rank % 1);
}
