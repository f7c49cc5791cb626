import type { ForecastModel } from '../types.ts';
import type { ForecastInput } from './types.ts';
import { seenOf } from './seen.ts';

/** Nothing is foretold. */
export function noForecast({ truth, nowcast }: ForecastInput): ForecastModel {
  const outlooks = truth.regions.map(() => null);
  return { kind: 'none', outlooksAt: () => outlooks, seenAt: seenOf(truth, nowcast) };
}
