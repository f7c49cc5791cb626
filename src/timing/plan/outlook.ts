import type { Instant } from '../../carbon/units.ts';

/**
 * What is expected of a region's carbon intensity: means of steps without gaps. Columns, since a simulation asks them
 * millions of times.
 */
export interface Outlook {
  /** n + 1 rising moments, ms since the epoch; step i is [edges[i], edges[i + 1]). */
  readonly edges: Float64Array;
  /** n means, gCO2eq/kWh. */
  readonly values: Float64Array;
  /** n + 1: the integral from the first edge to each, gCO2eq/kWh times ms. */
  readonly sums: Float64Array;
  /** Length of every step, ms, where all are alike, so that one is found without a search; 0: they differ. */
  readonly step: number;
  /** What lies beyond is not foretold but repeats the last day of what is. */
  readonly toldUntil: Instant;
}
