import { ProviderFailure } from '../failure.ts';

/** What a unit is in gCO2eq/kWh, by the names that exporters give it in their `units` label. */
const GRAMS_PER_KWH = {
  'gCO2e per kWh': 1,
  'gCO2 per kWh': 1,
  'kgCO2e per MWh': 1,
  'kgCO2e per kWh': 1000,
  'tCO2e per MWh': 1000,
  'lbCO2e per MWh': 0.453_592_37,
} as const;

/** A unit of carbon intensity, spelt as in the `units` label of the grid-intensity exporter. */
export type IntensityUnit = keyof typeof GRAMS_PER_KWH;
/** Every unit that is understood. */
export const INTENSITY_UNITS = Object.keys(GRAMS_PER_KWH) as readonly IntensityUnit[];
/** What the exporter calls a rank among recent values, which is not an intensity. */
export const PERCENT = 'percent';

/**
 * gCO2eq/kWh in one unit of a series, by its `units` label or by what the configuration says of series without one.
 * @throws ProviderFailure `malformed`: there is no unit, an unknown one, or the two contradict each other.
 */
export function gramsPerUnit(label: string | undefined, configured: IntensityUnit | 'auto'): number {
  if (label === undefined) {
    if (configured !== 'auto') return GRAMS_PER_KWH[configured];
    throw new ProviderFailure('malformed', 'the series has no label units: set unit, which is never guessed');
  }
  if (!isUnit(label)) {
    throw new ProviderFailure('malformed', `units ${label}: expected one of ${INTENSITY_UNITS.join(', ')}`);
  }
  if (configured === 'auto' || GRAMS_PER_KWH[label] === GRAMS_PER_KWH[configured]) return GRAMS_PER_KWH[label];
  throw new ProviderFailure('malformed', `the series says units ${label}, the configuration ${configured}`);
}

function isUnit(text: string): text is IntensityUnit {
  return Object.hasOwn(GRAMS_PER_KWH, text);
}
