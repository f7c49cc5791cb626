import { slotsOf } from './past.ts';
import type { Past } from './past.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Leads within which errors are alike, by their upper bounds in hours. */
const GROUPS_H = [1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24, 30, 36, 48, 72, 96, 120, 144, 168, 240, Infinity];
/** Errors of a group that make a quantile; a group with fewer takes the one before it. */
const ENOUGH = 30;
/** Hours of the day with fewer errors are taken to be like the whole day. */
const ENOUGH_OF_HOUR = 10;
const LOW = 0.1;
const HIGH = 0.9;

/** What a forecast missed: lead in slots, hour of the day (UTC) of the slot, value less forecast. */
export interface Miss {
  readonly lead: number;
  readonly hour: number;
  readonly error: number;
}

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

/**
 * Quantiles of the errors of each group of leads, each error in units of its hour's typical error, so that a steep hour's
 * interval is wide and a flat hour's narrow.
 */
export function spreadOf(misses: readonly Miss[], past: Pick<Past, 'step'>): Spread {
  const hours = hourSizes(misses);
  const bounds = GROUPS_H.map((hours) => (hours === Infinity ? Infinity : slotsOf(hours, past)));
  const groups = bounds.map((): number[] => []);
  const groupOf = (lead: number): number => bounds.findIndex((bound) => lead < bound);
  for (const { lead, hour, error } of misses) groups[groupOf(lead)]?.push(error / (hours[hour] ?? 1));
  let last: Interval = { low: 0, high: 0 };
  const intervals = groups.map((errors) => {
    if (errors.length >= ENOUGH) last = intervalOf(errors);
    return last;
  });
  return {
    at: (lead, hour) => {
      const { low, high } = intervals[groupOf(lead)] ?? last;
      const size = hours[hour] ?? 1;
      return { low: low * size, high: high * size };
    },
  };
}

/** Mean absolute error of each hour of the day, in units of the day's. */
function hourSizes(misses: readonly Miss[]): readonly number[] {
  const [sums, counts] = [new Float64Array(24), new Float64Array(24)];
  let total = 0;
  for (const { hour, error } of misses) {
    sums[hour] = (sums[hour] ?? 0) + Math.abs(error);
    counts[hour] = (counts[hour] ?? 0) + 1;
    total += Math.abs(error);
  }
  const mean = total / Math.max(1, misses.length);
  return Array.from(sums, (sum, hour) => {
    const count = counts[hour] ?? 0;
    return count < ENOUGH_OF_HOUR || sum === 0 ? 1 : sum / count / mean;
  });
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
