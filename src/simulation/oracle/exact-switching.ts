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
  #from = 0;
  #to = 0;
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
      // Where less slack is used the work is over before; more cannot have been used.
      this.#from = Math.max(0, moment - task.length + 1);
      this.#to = Math.min(task.slack, moment + task.switchCost * Math.ceil(moment / task.minRun));
      this.#wait(task.slack);
      for (const column of task.sums.entries()) this.#start(task, moment, column);
      for (const column of task.sums.entries()) this.#goOn(task, moment, column);
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

  /** What waits until the moment after has used one slack more then. */
  #wait(slack: number): void {
    for (let used = this.#from; used <= this.#to; used += 1) {
      this.#paused[used] = used < slack ? at(this.#paused, used + 1) : Infinity;
      this.#pausedWait[used] = used < slack ? at(this.#pausedWait, used + 1) + 1 : 0;
    }
  }

  /** Or it starts in a region, for the least length of a run or to the end; as soon as that is as good. */
  #start({ length, minRun }: QuantumTask, moment: number, [r, sums]: readonly [number, Float64Array]): void {
    const row = this.#row(r, moment + minRun);
    const before = at(sums, moment);
    const toMinimum = at(sums, moment + minRun) - before;
    for (let used = this.#from; used <= this.#to; used += 1) {
      const left = length - moment + used;
      const isLast = left <= minRun;
      const cost = isLast ? at(sums, moment + left) - before : toMinimum + at(this.#running, row + used);
      if (cost > at(this.#paused, used)) continue;
      this.#paused[used] = cost;
      this.#pausedWait[used] = isLast ? 0 : at(this.#runningWait, row + used);
    }
  }

  /** What runs goes on, or ends, or is paused and has used what its resume will add. */
  #goOn({ length, slack, switchCost }: QuantumTask, moment: number, [r, sums]: readonly [number, Float64Array]): void {
    const row = this.#row(r, moment);
    const next = this.#row(r, moment + 1);
    const cost = at(sums, moment + 1) - at(sums, moment);
    for (let used = this.#from; used <= this.#to; used += 1) {
      const isLast = length - moment + used === 1;
      const on = isLast ? cost : cost + at(this.#running, next + used);
      const paused = used + switchCost <= slack ? at(this.#paused, used + switchCost) : Infinity;
      const wait = isLast ? 0 : at(this.#runningWait, next + used);
      this.#running[row + used] = Math.min(on, paused);
      this.#runningWait[row + used] = paused < on ? at(this.#pausedWait, used + switchCost) : wait;
    }
  }
}
