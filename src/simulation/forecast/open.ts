import type { ForecastModel } from '../types.ts';
import { fileForecast } from './file.ts';
import type { ForecastInput } from './types.ts';
import { noisyForecast } from './noise.ts';
import { noForecast } from './none.ts';
import { perfectForecast } from './perfect.ts';
import { persistenceForecast } from './persistence.ts';
import { rollingForecast } from './rolling.ts';
import { forecastName } from './spec.ts';
import type { ForecastSpec } from './spec.ts';

/** The model that a spec names. Throws RangeError where `file` is to be used and its table is not given. */
export function openForecast(spec: ForecastSpec, input: ForecastInput): ForecastModel {
  return { ...modelOf(spec, input), kind: forecastName(spec) };
}

function modelOf(spec: ForecastSpec, input: ForecastInput): ForecastModel {
  switch (spec.kind) {
    case 'perfect':
      return perfectForecast(input);
    case 'none':
      return noForecast(input);
    case 'persistence':
      return persistenceForecast(input);
    case 'rolling':
      return rollingForecast(input);
    case 'noise':
      return noisyForecast(input, { share: spec.share, raw: input.raw ?? false });
    case 'file':
      if (input.file === undefined) throw new RangeError(`the table of ${spec.path} is not given`);
      return fileForecast(input, input.file);
  }
}
