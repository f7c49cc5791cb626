import { at } from '../../carbon/forecast/vectors.ts';
import { transferGrams } from '../../carbon/transfer.ts';
import type { SimRun, Simulation } from '../schedule.ts';
import { termsAt } from '../terms.ts';
import type { KindTerms } from '../terms.ts';
import type { Truth } from '../truth.ts';
import type { JobTable } from '../types.ts';

/** Writes down what ran and bills it: constant power on the true intensity, and the data that a run needs elsewhere. */
export class RunLog {
  readonly #jobs: JobTable;
  readonly #terms: readonly KindTerms[];
  readonly #truth: Truth;
  readonly #start: Float64Array;
  readonly #end: Float64Array;
  readonly #grams: Float64Array;
  readonly #transferGrams: Float64Array;
  readonly #region: Int32Array;
  readonly #runs = new Map<number, SimRun[]>();
  readonly #transfer = { moves: 0, gb: 0, grams: 0 };

  constructor(jobs: JobTable, terms: readonly KindTerms[], truth: Truth) {
    this.#jobs = jobs;
    this.#terms = terms;
    this.#truth = truth;
    this.#start = new Float64Array(jobs.count).fill(NaN);
    this.#end = new Float64Array(jobs.count).fill(NaN);
    this.#grams = new Float64Array(jobs.count);
    this.#transferGrams = new Float64Array(jobs.count);
    this.#region = new Int32Array(jobs.count).fill(-1);
  }

  /** Bills one run; `last`: the job is done with it. Its earlier runs were added before. */
  add(job: number, run: SimRun, last: boolean): void {
    const first = this.#region[job] === -1;
    this.#move(job, run);
    const power = at(this.#jobs.energy, job) / at(this.#jobs.duration, job);
    this.#grams[job] = at(this.#grams, job) + power * this.#truth.integral(run.region, run.start, run.end);
    if (first) {
      this.#region[job] = run.region;
      this.#start[job] = run.start;
    }
    this.#end[job] = run.end;
    if (!first || !last) this.#keep(job, run);
  }

  /** What was written down. */
  result(): Simulation {
    return {
      start: this.#start,
      end: this.#end,
      grams: this.#grams,
      transferGrams: this.#transferGrams,
      region: this.#region,
      runs: this.#runs,
      transfer: this.#transfer,
    };
  }

  #keep(job: number, run: SimRun): void {
    const runs = this.#runs.get(job);
    if (runs === undefined) this.#runs.set(job, [run]);
    else runs.push(run);
  }

  /** Data stays where it lies; what has no place of its own goes along from where the job ran last. */
  #move(job: number, { region, start }: SimRun): void {
    const gb = at(this.#jobs.dataGb, job);
    if (gb === 0) return;
    const last = this.#runs.get(job)?.at(-1)?.region ?? -1;
    const home = this.#homeOf(job);
    const from = home === -1 ? last : home;
    if (from === -1 || region === from || region === last) return;
    this.#bill(job, gb, transferGrams(gb, this.#truth.valueAt(from, start), this.#truth.valueAt(region, start)));
  }

  #homeOf(job: number): number {
    return termsAt(this.#terms, this.#jobs, job).home;
  }

  #bill(job: number, gb: number, grams: number): void {
    this.#transferGrams[job] = at(this.#transferGrams, job) + grams;
    this.#grams[job] = at(this.#grams, job) + grams;
    this.#transfer.moves += 1;
    this.#transfer.gb += gb;
    this.#transfer.grams += grams;
  }
}
