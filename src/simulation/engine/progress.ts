import { at } from '../../carbon/forecast/vectors.ts';
import type { JobTable } from '../types.ts';

/** How far every job has come, as columns; all lengths in ms, moments in ms since the epoch. */
export class Progress {
  /** Running time that it needs in all: its duration and its switches so far. */
  readonly needed: Float64Array;
  /** Running time of the runs that are over. */
  readonly ran: Float64Array;
  /** Since when it runs; NaN: it does not. */
  readonly since: Float64Array;
  /** When its last run ended; NaN: none did. */
  readonly stopped: Float64Array;
  /** Where it runs, or ran last; -1: nowhere yet. */
  readonly place: Int32Array;
  readonly pauses: Uint32Array;

  constructor({ duration, count }: JobTable) {
    this.needed = duration.slice(0, count);
    this.ran = new Float64Array(count);
    this.since = new Float64Array(count).fill(NaN);
    this.stopped = new Float64Array(count).fill(NaN);
    this.place = new Int32Array(count).fill(-1);
    this.pauses = new Uint32Array(count);
  }

  isRunning(job: number): boolean {
    return !Number.isNaN(at(this.since, job));
  }

  /** Running time so far, the present run included. */
  elapsed(job: number, now: number): number {
    const since = at(this.since, job);
    return at(this.ran, job) + (Number.isNaN(since) ? 0 : now - since);
  }

  /** Starts or resumes; a resume needs `switchCost` more. */
  begin(job: number, place: number, now: number, switchCost: number): void {
    if (at(this.ran, job) > 0) this.needed[job] = at(this.needed, job) + switchCost;
    this.since[job] = now;
    this.place[job] = place;
  }

  /** Stops for good or for a while. */
  stop(job: number, now: number): void {
    this.ran[job] = this.elapsed(job, now);
    this.since[job] = NaN;
    this.stopped[job] = now;
  }

  /** When it ends if it runs on. */
  finish(job: number): number {
    return at(this.since, job) + at(this.needed, job) - at(this.ran, job);
  }
}
