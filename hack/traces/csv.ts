import { hourlyIntensity } from './grid.ts';
import { GRIDS } from './zones.ts';

/** What a trace is made from; the same request gives the same bytes. */
export interface TraceRequest {
  readonly seed: number;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly days: number;
}

/** The trace as config/traces/grid-28d.csv holds it: one row an hour, one column a zone. */
export function traceCsv({ seed, start, days }: TraceRequest): string {
  const hours = days * 24;
  const columns = GRIDS.map((grid) => hourlyIntensity(grid, seed, start, hours));
  const rows = Array.from({ length: hours }, (_, hour) =>
    [timeOf(start + hour * 3_600_000), ...columns.map((values) => values[hour])].join(','),
  );
  return [['time', ...GRIDS.map((grid) => grid.zone)].join(','), ...rows, ''].join('\n');
}

function timeOf(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
