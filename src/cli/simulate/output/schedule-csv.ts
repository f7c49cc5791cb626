import { closeSync, openSync, writeSync } from 'node:fs';
import { at } from '../../../carbon/forecast/vectors.ts';
import type { Region } from '../../../carbon/units.ts';
import { runningTime } from '../../../simulation/schedule.ts';
import type { SimRun, Simulation } from '../../../simulation/schedule.ts';
import type { IntensityTable, JobTable } from '../../../simulation/types.ts';
import { csvCell, timeText } from './cells.ts';
import { unwritable } from './unwritable.ts';

const MINUTE_MS = 60_000;
/** Rows are written so many letters at a time: a million of them are never in memory together. */
const PIECE = 1 << 18;

/** What a schedule is written from. */
export interface Scheduled {
  readonly jobs: JobTable;
  readonly truth: IntensityTable;
  readonly simulation: Simulation;
}

/**
 * Writes `id,region,start,end,delay_min,grams`, and `segments` where some job was paused or moved; a row for every job that
 * is billed, in the order of jobs.csv.
 * @throws UsageError where the file cannot be written.
 */
export function writeSchedule(file: string, scheduled: Scheduled): void {
  try {
    const handle = openSync(file, 'w');
    try {
      for (const piece of pieces(scheduled)) writeSync(handle, piece);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw unwritable('--out', file, error);
  }
}

function* pieces({ jobs, truth, simulation }: Scheduled): Generator<string> {
  const segmented = simulation.runs.size > 0;
  let text = `id,region,start,end,delay_min,grams${segmented ? ',segments' : ''}\n`;
  for (let job = 0; job < jobs.count; job += 1) {
    const region = truth.regions[simulation.region[job] ?? -1];
    if (region === undefined) continue;
    text += rowOf(job, region, { jobs, simulation });
    const runs = simulation.runs.get(job);
    text += segmented ? `,${runs === undefined ? '' : segments(runs, truth.regions)}\n` : '\n';
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  yield text;
}

function rowOf(job: number, region: Region, { jobs, simulation }: Pick<Scheduled, 'jobs' | 'simulation'>): string {
  const [start, end] = [at(simulation.start, job), at(simulation.end, job)];
  const delay = Math.max(0, end - at(jobs.arrival, job) - runningTime(simulation, job));
  const id = csvCell(jobs.ids[job] ?? '');
  const times = `${timeText(start)},${timeText(end)},${rounded(delay / MINUTE_MS, 4)}`;
  return `${id},${csvCell(region)},${times},${Number(at(simulation.grams, job).toPrecision(10))}`;
}

function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

function segments(runs: readonly SimRun[], regions: readonly Region[]): string {
  const each = runs.map(({ region, start, end }) => `${regions[region] ?? ''}@${timeText(start)}/${timeText(end)}`);
  return csvCell(each.join('|'));
}
