import { at } from '../../carbon/forecast/vectors.ts';

/** Work that pays for pauses, in whole quanta of time. */
export interface QuantumTask {
  /** By region: emissions up to each quantum, `length + slack + 1` sums in any unit. */
  readonly sums: readonly Float64Array[];
  /** Running time needed, above 0. */
  readonly length: number;
  /** Time beside it: for waiting, and for what resumes add. */
  readonly slack: number;
  readonly switchCost: number;
  /** Least length of a run but the last; at least 1. */
  readonly minRun: number;
}

/**
 * The exact best schedule of work whose pauses cost running time, backwards over time and slack used: at a given moment and
 * slack the work that is left is known. Runs and pauses begin at whole quanta; at an optimum of piecewise linear emissions
 * they do anyway, where steps, limits, length, minimum run and switch cost are multiples of the quantum.
 */
export class ExactSwitching {
  /** Quanta that the best schedule waits before and between its runs. */
  waited = 0;
  /** Rows of running states, one a region and moment of the last `minRun + 1`; a column a slack. */
  #running = new Float64Array(0);
  #runningWait = new Float64Array(0);
  /** The row of being paused, at the moment after and at this one. */
  #paused = new Float64Array(0);
  #pausedWait = new Float64Array(0);
  #least = 0;
  #leastWait = 0;
  #width = 0;
  #ring = 0;

  /** Number of values that have to be worked out. */
  static cellsOf({
    sums,
    length,
    slack,
  }: Pick<QuantumTask, 'length' | 'slack'> & { sums: readonly unknown[] }): number {
    return (length + slack + 1) * (slack + 1) * (sums.length + 1);
  }

  /** Least emissions from the first moment on, started and ended within length + slack. */
  find(task: QuantumTask): number {
    this.#reserve(task);
    for (let moment = task.length + task.slack; moment >= 0; moment -= 1) {
      this.#pausedRow(task, moment);
      for (let r = 0; r < task.sums.length; r += 1) this.#runningRow(task, moment, r);
    }
    this.waited = at(this.#pausedWait, 0);
    return at(this.#paused, 0);
  }

  #reserve({ sums, slack, minRun }: QuantumTask): void {
    this.#width = slack + 1;
    this.#ring = minRun + 1;
    const cells = this.#width * this.#ring * sums.length;
    if (this.#running.length < cells) {
      this.#running = new Float64Array(cells);
      this.#runningWait = new Float64Array(cells);
    }
    if (this.#paused.length < this.#width) {
      this.#paused = new Float64Array(this.#width);
      this.#pausedWait = new Float64Array(this.#width);
    }
    this.#running.fill(Infinity);
    this.#paused.fill(Infinity);
  }

  #row(r: number, moment: number): number {
    return (r * this.#ring + (moment % this.#ring)) * this.#width;
  }

  /** In place over slack from below: what waits comes from one more slack at the moment after, not yet overwritten. */
  #pausedRow(task: QuantumTask, moment: number): void {
    for (let used = 0; used <= task.slack; used += 1) {
      const waits = used < task.slack;
      this.#least = waits ? at(this.#paused, used + 1) : Infinity;
      this.#leastWait = waits ? at(this.#pausedWait, used + 1) + 1 : 0;
      const left = task.length - moment + used;
      if (left > 0) this.#start(task, moment, used, left);
      else this.#least = Infinity;
      this.#paused[used] = this.#least;
      this.#pausedWait[used] = this.#leastWait;
    }
  }

  /** Starts in any region for the least length of a run, or to the end. */
  #start({ sums, minRun }: QuantumTask, moment: number, used: number, left: number): void {
    const run = Math.min(minRun, left);
    for (let r = 0; r < sums.length; r += 1) {
      const column = sums[r] ?? this.#paused;
      const place = this.#row(r, moment + run) + used;
      const cost = at(column, moment + run) - at(column, moment) + (run === left ? 0 : at(this.#running, place));
      if (cost > this.#least) continue;
      this.#least = cost;
      this.#leastWait = run === left ? 0 : at(this.#runningWait, place);
    }
  }

  #runningRow({ sums, length, slack, switchCost }: QuantumTask, moment: number, r: number): void {
    const column = sums[r] ?? this.#paused;
    const row = this.#row(r, moment);
    const next = this.#row(r, moment + 1);
    const cost = at(column, moment + 1) - at(column, moment);
    for (let used = 0; used <= slack; used += 1) {
      const left = length - moment + used;
      const on = left === 1 ? cost : cost + at(this.#running, next + used);
      const paused = used + switchCost <= slack ? at(this.#paused, used + switchCost) : Infinity;
      const isPaused = paused < on;
      this.#running[row + used] = left <= 0 ? Infinity : isPaused ? paused : on;
      const wait = isPaused ? at(this.#pausedWait, used + switchCost) : at(this.#runningWait, next + used);
      this.#runningWait[row + used] = left === 1 && !isPaused ? 0 : wait;
    }
  }
}
