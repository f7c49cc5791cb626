import { at } from '../carbon/forecast/vectors.ts';
import { indexAt } from './columns.ts';

/** One run without a pause, [start, end) in ms since the epoch; `region` is an index into the intensity table's. */
export interface SimRun {
  readonly region: number;
  readonly start: number;
  readonly end: number;
}

/** What moving data came to, all jobs together. */
export interface TransferTotals {
  readonly moves: number;
  readonly gb: number;
  readonly grams: number;
}

/** When and where every job ran and what that emitted; row i is job i of the table. */
export interface Simulation {
  /** Of the first run, ms since the epoch; NaN: the job is not billed. */
  readonly start: Float64Array;
  /** Of the last run, ms since the epoch. */
  readonly end: Float64Array;
  /** gCO2eq on the true intensity, moving data included; 0: not billed. */
  readonly grams: Float64Array;
  /** The part of `grams` that moving data emitted. */
  readonly transferGrams: Float64Array;
  /** Of the first run, an index into the intensity table's regions; -1: not billed, the job could run past the table. */
  readonly region: Int32Array;
  /** All runs of the jobs that were paused or moved, by job. */
  readonly runs: ReadonlyMap<number, readonly SimRun[]>;
  readonly transfer: TransferTotals;
}

/** A job's runs in order; none where it is not billed. */
export function runsOf(simulation: Simulation, job: number): readonly SimRun[] {
  const region = indexAt(simulation.region, job);
  if (region < 0) return [];
  const { start, end } = simulation;
  return simulation.runs.get(job) ?? [{ region, start: at(start, job), end: at(end, job) }];
}

/** How long a job ran, pauses left out, ms. */
export function runningTime(simulation: Simulation, job: number): number {
  const runs = simulation.runs.get(job);
  if (runs === undefined) return at(simulation.end, job) - at(simulation.start, job);
  return runs.reduce((sum, { start, end }) => sum + end - start, 0);
}
