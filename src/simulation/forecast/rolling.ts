import { FITTED_AHEAD } from '../../carbon/forecast/forecaster.ts';
import { RollingForecaster } from '../../carbon/forecast/rolling.ts';
import type { ForecastModel } from '../types.ts';
import type { ForecastInput } from './types.ts';
import { repeatDay } from './persistence.ts';
import { slidingForecast } from './sliding.ts';
import type { Foretell } from './sliding.ts';

/**
 * The service's own forecast, issued at every slot from the column's past and refitted as it grows. Before two days of it
 * are known, the last day repeats, or the last value before one is.
 */
export function rollingForecast(input: ForecastInput): ForecastModel {
  const { start, step } = input.truth;
  const fitted = Math.round(FITTED_AHEAD / step);
  const wayOf = (values: Float64Array): Foretell => {
    const forecaster = new RollingForecaster({ start, step, values }, input.reach);
    const repeat = repeatDay(values, input.truth);
    return (known, into) => {
      if (known < forecaster.least) return repeat(known, into);
      forecaster.foretell(known, into);
      return Math.min(into.length, fitted);
    };
  };
  return slidingForecast('rolling', input, wayOf);
}
