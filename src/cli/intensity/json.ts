import type { CleanWindow } from '../../carbon/clean-window.ts';
import type { CloudRegion } from '../../carbon/regions-table.ts';
import type { ForecastStep } from '../../carbon/types.ts';
import type { Instant } from '../../carbon/units.ts';
import type { Trouble } from './failures.ts';
import type { IntensityRow } from './rows.ts';

/** A row as a program reads it: every field in every row, null where there is nothing; times in RFC 3339, lengths in seconds. */
export function rowJson(row: IntensityRow, troubles: readonly Trouble[]): Record<string, unknown> {
  const { target, reading, unusable, band, age, kept, constant, window } = row;
  const { region, zone, row: listed } = target;
  return {
    ...{ name: target.name, region, zone, cloud: listed?.provider ?? null },
    state: reading.state,
    ...valueJson(row),
    ...{ band, ageSeconds: age === null ? null : Math.round(age / 1000), kept, constant },
    usable: unusable === null,
    reason: unusable,
    cleanWindow: window === null ? null : windowJson(window),
    forecast: reading.state === 'unknown' ? [] : reading.forecast.map(stepJson),
    annualAverage: averageJson(listed),
    failures: troubles
      .filter((trouble) => trouble.zone === zone)
      .map(({ source, reason, message }) => ({ source, reason, message })),
  };
}

function valueJson({ reading }: IntensityRow): Record<string, unknown> {
  if (reading.state === 'unknown') {
    const keys = [
      'gramsPerKwh',
      'kind',
      'emissionFactor',
      'source',
      'quality',
      'observedAt',
      'freshUntil',
      'validUntil',
    ];
    return Object.fromEntries([...keys, 'renewablePct', 'percentile', 'forecastBy'].map((key) => [key, null]));
  }
  const { value, kind, factor, source, quality, observedAt, freshUntil, validUntil } = reading;
  const { renewablePct, percentile, forecastBy } = reading;
  return {
    ...{ gramsPerKwh: value, kind, emissionFactor: factor, source, quality, observedAt: timeJson(observedAt) },
    ...{ freshUntil: timeJson(freshUntil), validUntil: timeJson(validUntil), renewablePct, percentile, forecastBy },
  };
}

function windowJson({ start, end, mean, threshold, basis, open }: CleanWindow): Record<string, unknown> {
  return { start: timeJson(start), end: timeJson(end), mean, threshold, basis, open };
}

function stepJson({ start, end, value, low, high }: ForecastStep): Record<string, unknown> {
  return { start: timeJson(start), end: timeJson(end), gramsPerKwh: value, low: low ?? null, high: high ?? null };
}

function averageJson(row: CloudRegion | null): Record<string, unknown> | null {
  const { averageIntensity = null, averageYear: year, source } = row ?? {};
  return averageIntensity === null ? null : { gramsPerKwh: averageIntensity, year, source };
}

function timeJson(at: Instant | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
