import type { PastJob } from './past-job.ts';
import { shownTime } from './past-job.ts';

const MINUTE_MS = 60_000;

const COLUMNS: readonly (readonly [name: string, cell: (job: PastJob) => string | number | boolean | null])[] = [
  ['id', ({ id }) => id],
  ['arrival', ({ arrival }) => shownTime(arrival)],
  ['class', ({ workClass }) => workClass],
  ['duration_min', ({ duration }) => rounded(duration / MINUTE_MS)],
  ['energy_kwh', ({ energy }) => rounded(energy.kwh)],
  ['residency', ({ residency }) => residency],
  ['home_region', ({ home }) => home],
  ['interruptible', ({ interruptible }) => interruptible],
  ['deadline', ({ deadline }) => (deadline === null ? null : shownTime(deadline))],
  ['data_gb', ({ dataGb }) => (dataGb === null ? null : rounded(dataGb))],
  ['data_region', ({ dataRegion }) => dataRegion],
];

/** The first line of jobs.csv. */
export const HEADER = COLUMNS.map(([name]) => name).join(',');

/** A job's line of jobs.csv. */
export function csvLine(job: PastJob): string {
  return COLUMNS.map(([, cell]) => quoted(String(cell(job) ?? ''))).join(',');
}

/** As RFC 4180 has it. */
function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Six digits: more than any clock or meter here knows. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
