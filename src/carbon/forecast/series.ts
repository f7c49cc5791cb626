import type { Instant, Millis } from '../units.ts';

/** A regular series: value i is the mean intensity, gCO2eq/kWh, over [start + i * step, start + (i + 1) * step); NaN where unknown. */
export interface Series {
  readonly start: Instant;
  readonly step: Millis;
  readonly values: Float64Array;
}
