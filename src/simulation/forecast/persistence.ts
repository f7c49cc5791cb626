import { at } from '../../carbon/forecast/vectors.ts';
import type { ForecastModel, IntensityTable } from '../types.ts';
import type { ForecastInput } from './types.ts';
import { slidingForecast } from './sliding.ts';
import type { Foretell } from './sliding.ts';

const DAY_MS = 86_400_000;

/** The last 24 h that are known repeat; where less than a day is, the last value does. */
export function persistenceForecast(input: ForecastInput): ForecastModel {
  return slidingForecast('persistence', input, (column) => repeatDay(column, input.truth));
}

/** Foretells a column so. */
export function repeatDay(column: Float64Array, { step }: Pick<IntensityTable, 'step'>): Foretell {
  const day = Math.max(1, Math.round(DAY_MS / step));
  return (known, into) => {
    const period = known >= day ? day : 1;
    for (let i = 0; i < into.length; i += 1) into[i] = at(column, known - period + (i % period));
    return into.length;
  };
}
