import type { ForecastModel } from '../types.ts';
import type { ForecastInput } from './types.ts';
import { edgesOf, outlookOver } from './outlooks.ts';
import { seenOf } from './seen.ts';

/** The truth, all of it, at every slot: a bound on what forecasts can do. */
export function perfectForecast({ truth, nowcast }: ForecastInput): ForecastModel {
  const edges = edgesOf(truth.start, truth.step, truth.count);
  const outlooks = truth.columns.map((column) => outlookOver(edges, column));
  return { kind: 'perfect', outlooksAt: () => outlooks, seenAt: seenOf(truth, nowcast) };
}
