import { denoised } from '../../carbon/forecast/denoise.ts';
import { gaussian, uniformStream } from '../random.ts';
import type { ForecastModel, IntensityTable } from '../types.ts';
import type { ForecastInput } from './types.ts';
import { edgesOf, outlookOver } from './outlooks.ts';
import { seenOf } from './seen.ts';

/** How a noisy forecast is made. `share`: standard deviation by the column's mean. */
export interface NoiseOptions {
  readonly share: number;
  /** Whether the planner takes it as it is, as published methods do; else what is known of the noise is used against it. */
  readonly raw: boolean;
}

/**
 * The truth plus independent normal noise, one fixed series a region, the present included: without the nowcast the last
 * slot that ended is seen as it was. None is below 0.
 */
export function noisyForecast({ truth, nowcast, seed }: ForecastInput, { share, raw }: NoiseOptions): ForecastModel {
  const edges = edgesOf(truth.start, truth.step, truth.count);
  const outlooks = truth.columns.map((column, i) => {
    const sd = share * mean(column);
    const uniform = uniformStream(seed, String(truth.regions[i]));
    const told = column.map((value) => value + sd * gaussian(uniform));
    const values = raw ? told : denoised(told, sd);
    return outlookOver(
      edges,
      values.map((value) => Math.max(0, value)),
    );
  });
  const seen: Pick<IntensityTable, 'columns'> = nowcast ? { columns: outlooks.map(({ values }) => values) } : truth;
  return { kind: 'noise', outlooksAt: () => outlooks, seenAt: seenOf(seen, nowcast) };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
