import { at } from '../../../carbon/forecast/vectors.ts';
import type { IntensityTable, JobTable } from '../../../simulation/types.ts';
import { csvCell, timeText } from './cells.ts';

const MINUTE_MS = 60_000;

/** Jobs as jobs.csv holds them: the columns that every list needs. */
export function jobsCsv({ count, ids, arrival, duration, energy, kind, kinds }: JobTable): string {
  const rows = Array.from({ length: count }, (_, row) => {
    const { workClass = '', residency = '' } = kinds[kind[row] ?? -1] ?? {};
    const minutes = at(duration, row) / MINUTE_MS;
    const cells = [csvCell(ids[row] ?? ''), timeText(at(arrival, row)), csvCell(workClass), minutes];
    return [...cells, at(energy, row), csvCell(residency)].join(',');
  });
  return ['id,arrival,class,duration_min,energy_kwh,residency', ...rows, ''].join('\n');
}

/** A table as intensity.csv holds it. */
export function intensityCsv({ start, step, count, regions, columns }: IntensityTable): string {
  const rows = Array.from({ length: count }, (_, row) => {
    const values = columns.map((column) => at(column, row));
    return [timeText(start + row * step), ...values].join(',');
  });
  return [['time', ...regions.map(csvCell)].join(','), ...rows, ''].join('\n');
}
