import type { IntensityTable } from '../../simulation/types.ts';
import type { Report } from '../../simulation/report.ts';

/** What one price buys. */
export interface SweepPoint {
  /** gCO2eq per kWh and hour of delay. */
  readonly price: number;
  readonly report: Report;
}

/** Prices by the mean intensity of all regions, per hour of delay: from waiting that costs nothing to next to none. */
const SHARES = [0, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.065, 0.08, 0.12, 0.16, 0.25];

/** The prices that a sweep tries, rising, of two digits that count. */
export function sweepPrices({ columns, count }: IntensityTable): readonly number[] {
  const sum = columns.reduce((total, column) => total + column.reduce((part, value) => part + value, 0), 0);
  const mean = sum / (columns.length * count);
  return [...new Set(SHARES.map((share) => Number((share * mean).toPrecision(2))))];
}
