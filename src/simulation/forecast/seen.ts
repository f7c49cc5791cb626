import type { ForecastModel, IntensityTable } from '../types.ts';

/** What is seen of the present: the true value of the slot with the nowcast, else of the last that ended; NaN: none did. */
export function seenOf({ columns }: Pick<IntensityTable, 'columns'>, nowcast: boolean): ForecastModel['seenAt'] {
  const back = nowcast ? 0 : 1;
  return (slot) => Float64Array.from(columns, (column) => column[slot - back] ?? NaN);
}
