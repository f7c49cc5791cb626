import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const GAIA_FILES = ['pai-1k-jobs.csv', 'grids-2023-hourly.csv'] as const;

const HOUR_MS = 3_600_000;
const WEEKS = 12;
/** From one week to the next, hours. */
const STRIDE = 672;

/** One grid alone, and the jobs of each of the twelve weeks. */
export interface GaiaFiles {
  readonly grids: readonly { readonly region: string; readonly file: string }[];
  readonly weeks: readonly string[];
}

/** Shifts the jobs by 0, 672, … hours and takes the grids apart. */
export async function writeGaiaFiles(traces: string, scratch: string): Promise<GaiaFiles> {
  const folder = join(scratch, 'gaia');
  await mkdir(folder, { recursive: true });
  const [jobs, grids] = await Promise.all(GAIA_FILES.map((name) => rowsOf(join(traces, name))));
  const weeks = Array.from({ length: WEEKS }, (_, week) => join(folder, `jobs-${week}.csv`));
  await Promise.all(weeks.map((file, week) => writeFile(file, csvOf(shifted(jobs ?? [], week * STRIDE * HOUR_MS)))));
  const regions = (grids?.[0] ?? []).slice(1).map((region) => ({ region, file: join(folder, `${region}.csv`) }));
  await Promise.all(
    regions.map(({ file }, column) =>
      writeFile(file, csvOf((grids ?? []).map((row) => [row[0] ?? '', row[column + 1] ?? '']))),
    ),
  );
  return { grids: regions, weeks };
}

type Rows = readonly (readonly string[])[];

/** These files quote nothing. */
async function rowsOf(file: string): Promise<Rows> {
  return (await readFile(file, 'utf8'))
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.split(','));
}

function csvOf(rows: Rows): string {
  return `${rows.map((row) => row.join(',')).join('\n')}\n`;
}

function shifted([head = [], ...rows]: Rows, by: number): Rows {
  const column = head.indexOf('arrival');
  const moved = (time: string): string => new Date(Date.parse(time) + by).toISOString();
  return [head, ...rows.map((row) => row.map((cell, index) => (index === column ? moved(cell) : cell)))];
}
