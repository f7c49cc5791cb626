import { millis } from '../carbon/units.ts';
import type { Millis } from '../carbon/units.ts';
import type { Intent } from '../policy/workload-intent.ts';

/** How long work of one class took of late. */
export interface UsualDuration {
  readonly count: number;
  readonly mean: Millis;
  readonly p50: Millis;
  readonly p95: Millis;
}

/** The latest so many of each class count: enough for a 95th percentile, few enough to follow a change. */
const KEPT = 500;
/** With fewer, one odd run would speak for the whole class. */
const ENOUGH = 5;

/** How long work of a class usually takes. */
export interface Durations {
  usual(workClass: string): UsualDuration | null;
}

/** The mean of the work's class; null: it has none, or too few of it have finished. */
export function usualOf(durations: Durations, { placement: { workClass } }: Intent): Millis | null {
  return workClass === null ? null : (durations.usual(workClass.name)?.mean ?? null);
}

/** Running quantiles of how long finished work of each class ran. Kept in memory: they begin anew with the process. */
export class ClassDurations implements Durations {
  readonly #ran = new Map<string, number[]>();

  /** `ran`: all its runs together, without pauses. */
  add(workClass: string, ran: Millis): void {
    const kept = this.#ran.get(workClass) ?? [];
    kept.push(ran);
    if (kept.length > KEPT) kept.shift();
    this.#ran.set(workClass, kept);
  }

  /** Null: too few have finished. */
  usual(workClass: string): UsualDuration | null {
    const kept = this.#ran.get(workClass) ?? [];
    if (kept.length < ENOUGH) return null;
    const sorted = kept.toSorted((a, b) => a - b);
    const mean = sorted.reduce((sum, each) => sum + each, 0) / sorted.length;
    return { count: sorted.length, mean: millis(mean), p50: nearestRank(sorted, 0.5), p95: nearestRank(sorted, 0.95) };
  }
}

function nearestRank(sorted: readonly number[], share: number): Millis {
  return millis(sorted[Math.ceil(share * sorted.length) - 1] ?? NaN);
}
