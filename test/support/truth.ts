import { instant, millis, region } from '../../src/carbon/units.ts';
import type { IntensityTable } from '../../src/simulation/types.ts';

const HOUR = 3_600_000;

/** An hourly table from 2026-01-05 (a Monday) on: a column of values a region. */
export function truthOf(columns: Readonly<Record<string, ArrayLike<number>>>, stepHours = 1): IntensityTable {
  const values = Object.values(columns).map((column) => Float64Array.from(column));
  return {
    start: instant(Date.parse('2026-01-05T00:00:00Z')),
    step: millis(stepHours * HOUR),
    count: values[0]?.length ?? 0,
    regions: Object.keys(columns).map(region),
    columns: values,
  };
}
