/** Forecasts that need no model; the model has to be better. */
export const BASELINES = ['persistence', 'day-before', 'week-before'] as const;

/** Name of one of them. */
export type Baseline = (typeof BASELINES)[number];

/** What is forecast from where: the values before slot `origin`, for `leads` slots from it on; `day` slots make a day. */
export interface Task {
  readonly values: Float64Array;
  readonly origin: number;
  readonly leads: number;
  readonly day: number;
}

/**
 * `persistence`: the last known value, held. `day-before` and `week-before`: the newest value of the same slot that lies a
 * whole number of days, or of weeks, back. NaN where that value is not known.
 */
export function baseline(name: Baseline, task: Task): Float64Array {
  if (name === 'persistence') return new Float64Array(task.leads).fill(lastKnown(task));
  return repeated(task, name === 'day-before' ? task.day : 7 * task.day);
}

function lastKnown({ values, origin }: Task): number {
  let slot = origin - 1;
  while (slot > 0 && Number.isNaN(values[slot] ?? NaN)) slot -= 1;
  return values[slot] ?? NaN;
}

function repeated({ values, origin, leads }: Task, period: number): Float64Array {
  return Float64Array.from({ length: leads }, (_, lead) => values[origin - period + (lead % period)] ?? NaN);
}
