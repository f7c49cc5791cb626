import { ENOUGH_PAST, LONGEST_PAST, OWN_HORIZON } from './forecast/own.ts';
import type { Series } from './forecast/series.ts';
import type { Fit, Forecaster } from './forecast/types.ts';
import type { Trace, TraceColumn, TraceForecaster } from './trace.ts';
import { instant, millis } from './units.ts';
import type { Millis } from './units.ts';

/** How a trace's own past becomes forecasts; lengths are of the trace's time, and have their defaults. */
export interface OwnTraceOptions {
  readonly fit: Fit;
  readonly refitEvery?: Millis;
  readonly horizon?: Millis;
  /** Known rows without which none is made. */
  readonly enough?: Millis;
  /** No model is fitted to more than this. */
  readonly longest?: Millis;
}

/** While the past is short, each day tells much; a trace that is replayed fast should not fit more often than it must. */
const REFIT_EVERY = millis(86_400_000);

/**
 * Forecasts a trace from the rows that are over, and the one that is running. The model is fitted to the rows before the
 * last multiple of `refitEvery`, so that a forecast does not depend on which were asked for before it.
 */
export function ownTraceForecast(trace: Trace, options: OwnTraceOptions): TraceForecaster {
  const { refitEvery = REFIT_EVERY, horizon = OWN_HORIZON, enough = ENOUGH_PAST, longest = LONGEST_PAST } = options;
  const every = Math.max(1, Math.round(refitEvery / trace.step));
  const models = new Map<string, { readonly rows: number; readonly model: Forecaster | null }>();

  const modelOf = (column: TraceColumn, rows: number): Forecaster | null => {
    const kept = models.get(column.name);
    if (kept?.rows === rows) return kept.model;
    const past = rowsBefore(trace, column, rows, longest);
    const known = past.values.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + 1), 0);
    const model = known * trace.step < enough ? null : options.fit(past);
    models.set(column.name, { rows, model });
    return model;
  };
  return {
    following: (column, step) => {
      const model = modelOf(column, Math.floor(step / every) * every);
      if (model === null) return null;
      const known = rowsBefore(trace, column, step + 1, longest);
      const next = instant(trace.start + (step + 1) * trace.step);
      const steps = model.issue(known, instant(next - trace.step), horizon);
      return steps.filter(({ start }) => start >= next);
    },
  };
}

/** At most `longest` of the rows [0, rows), as a series. */
function rowsBefore(trace: Trace, { values }: TraceColumn, rows: number, longest: Millis): Series {
  const from = Math.max(0, rows - Math.floor(longest / trace.step));
  return {
    start: instant(trace.start + from * trace.step),
    step: millis(trace.step),
    values: Float64Array.from(values.slice(from, rows), (value) => value ?? NaN),
  };
}
