import type { Series } from './series.ts';

const DAY_MS = 86_400_000;
/** Providers round to whole grams: what differs by no more than this may not differ at all. */
const ROUNDING_G = 1;

/** Whether a zone's values never vary beyond rounding, so that waiting gains nothing; null: under 24 h are known. */
export function isConstant({ step, values }: Series): boolean | null {
  let [known, low, high] = [0, Infinity, -Infinity];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    known += 1;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  // Summed and rounded values are a little off what they stand for.
  return known * step < DAY_MS ? null : high - low <= ROUNDING_G + 1e-6;
}

/**
 * How far apart a day's cleanest and dirtiest steps are, as a share of the day's mean (0.4: by 40 %), averaged over the
 * days (UTC) of which three quarters are known; null: there is no such day.
 */
export function variation({ start, step, values }: Series): number | null {
  const days = new Map<number, number[]>();
  for (const [i, value] of values.entries()) {
    const day = Math.floor((start + i * step) / DAY_MS);
    if (!Number.isNaN(value)) days.set(day, [...(days.get(day) ?? []), value]);
  }
  const swings = [...days.values()].filter((day) => day.length * step >= 0.75 * DAY_MS).map(swing);
  return swings.length === 0 ? null : mean(swings);
}

function swing(day: readonly number[]): number {
  const level = mean(day);
  return level === 0 ? 0 : (Math.max(...day) - Math.min(...day)) / level;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
