import type { ForecastStep } from './types.ts';
import { instant } from './units.ts';
import type { GramsPerKwh, Instant } from './units.ts';

/** A run of hours worth waiting for: [start, end), and its mean intensity. */
export interface CleanWindow {
  readonly start: Instant;
  readonly end: Instant;
  readonly mean: GramsPerKwh;
  /** What its steps lie below (`band`), or at and below (`quartile`). */
  readonly threshold: GramsPerKwh;
  /**
   * `band`: below the policy's cleanest band's bound. `quartile`: the forecast never gets there, and these are the
   * first of the cleanest quarter of its next 24 hours.
   */
  readonly basis: 'band' | 'quartile';
  /** Whether the forecast ends within it, so that it may last longer. */
  readonly open: boolean;
}

const DAY_MS = 24 * 3_600_000;

/**
 * The next run of steps without a gap in which a forecast is clean; null: there is no forecast, or it never varies and
 * never gets below `bound`. `bound` is that of the policy's cleanest band, null where it has none.
 */
export function nextCleanWindow(
  forecast: readonly ForecastStep[],
  bound: GramsPerKwh | null,
  now: Instant,
): CleanWindow | null {
  const steps = forecast.filter((step) => step.end > now);
  if (bound !== null && steps.some((step) => step.value < bound)) {
    return firstRun(steps, now, { threshold: bound, basis: 'band', isClean: (step) => step.value < bound });
  }
  const threshold = lowerQuartile(steps.filter((step) => step.start < now + DAY_MS));
  if (threshold === null) return null;
  return firstRun(steps, now, { threshold, basis: 'quartile', isClean: (step) => step.value <= threshold });
}

interface Measure extends Pick<CleanWindow, 'threshold' | 'basis'> {
  readonly isClean: (step: ForecastStep) => boolean;
}

/** The value that a quarter of the steps does not exceed, below the greatest of all; null: none, or all are alike. */
function lowerQuartile(steps: readonly ForecastStep[]): GramsPerKwh | null {
  const values = steps.map((step) => step.value).sort((a, b) => a - b);
  const most = values.at(-1);
  const quarter = Math.max(1, Math.floor(values.length / 4));
  return values.slice(0, quarter).findLast((value) => value !== most) ?? null;
}

function firstRun(steps: readonly ForecastStep[], now: Instant, measure: Measure): CleanWindow | null {
  const rest = steps.slice(Math.max(0, steps.findIndex(measure.isClean)));
  const over = rest.findIndex(
    (step, index) => !measure.isClean(step) || step.start !== (rest[index - 1]?.end ?? step.start),
  );
  const run = over < 0 ? rest : rest.slice(0, over);
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined) return null;
  const start = instant(Math.max(first.start, now));
  const { threshold, basis } = measure;
  return { start, end: last.end, mean: meanFrom(start, run), threshold, basis, open: over < 0 };
}

/** By how long each step lasts from `start` on. */
function meanFrom(start: Instant, run: readonly ForecastStep[]): GramsPerKwh {
  let [sum, length] = [0, 0];
  for (const step of run) {
    const lasts = step.end - Math.max(step.start, start);
    sum += step.value * lasts;
    length += lasts;
  }
  return (sum / length) as GramsPerKwh;
}
