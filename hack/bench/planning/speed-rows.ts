import { join } from 'node:path';
import { timed } from './lowtide.ts';
import type { Ran } from './lowtide.ts';
import { writeJobs, writeYear } from './speed-files.ts';
import type { Ground, Row } from './row.ts';

const MOST_SECONDS = 30;
const MOST_MEGABYTES = 1000;
const MILLION = 1_000_000;
const FLAGS = '--strategy window --forecast rolling';

/** Wall time and memory of whole runs, reading, forecasting and oracle included, one at a time. */
export async function speedRows({ scratch }: Ground, counts: readonly number[]): Promise<readonly Row[]> {
  const folder = join(scratch, 'speed');
  const intensity = await writeYear(folder);
  const rows: Row[] = [];
  for (const count of counts) {
    const jobs = await writeJobs(folder, count);
    const ran = await timed(['--jobs', jobs, '--intensity', intensity, ...FLAGS.split(' ')]);
    rows.push(rowOf(count, ran));
  }
  return rows;
}

function rowOf(count: number, { seconds, peak, report }: Ran): Row {
  const isGoal = count >= MILLION;
  const measured = `${seconds.toFixed(1)} s, at most ${peak} MB; ${((1e6 * seconds) / count).toFixed(0)} µs a job`;
  console.log(`  ${count} jobs: ${measured}`);
  return {
    benchmark: `${count.toLocaleString('en')} jobs over a year, 8 regions, hourly, window, own rolling forecast, oracle included`,
    known: '–',
    goal: isGoal ? `< ${MOST_SECONDS} s, < ${MOST_MEGABYTES} MB` : '–',
    measured: report.unbillable === 0 ? measured : `${measured}; ${report.unbillable} not billed`,
    reached: isGoal ? seconds < MOST_SECONDS && peak < MOST_MEGABYTES : null,
    command: `lowtide simulate --jobs DIR/jobs-${count}.csv --intensity DIR/intensity.csv ${FLAGS}`,
  };
}
