import { at } from '../../carbon/forecast/vectors.ts';
import { indexAt } from '../columns.ts';
import type { SimulationInput } from '../input.ts';
import { placesOf } from '../places.ts';
import { runningTime, runsOf } from '../schedule.ts';
import type { Simulation } from '../schedule.ts';
import { termsAt, termsOf } from '../terms.ts';
import type { KindTerms } from '../terms.ts';
import { SAME_MOMENT } from '../time-left.ts';
import { Truth } from '../truth.ts';

/** What one billed job came to beside others that it might have come to; masses in gCO2eq. */
export interface JobFigures {
  readonly workClass: string;
  readonly energyKwh: number;
  readonly grams: number;
  /** Expectation over its permitted regions, run through from its arrival. */
  readonly random: number;
  /** The same at its home; null: it names none. */
  readonly home: number | null;
  /** The same in the permitted region where that emits least. */
  readonly space: number;
  /** End less arrival and running time, ms. */
  readonly delay: number;
  readonly missed: boolean;
  /** Runs in a region that residency forbids. */
  readonly violations: number;
  /** What residency cost: its runs, less the same in the cleanest region that is forbidden; 0: none is cleaner. */
  readonly override: number;
}

/** Tells the figures of job after job, on the true intensity. */
export class JobAccounts {
  readonly #terms: readonly KindTerms[];
  readonly #input: SimulationInput;
  readonly #simulation: Simulation;
  readonly #truth: Truth;

  constructor(input: SimulationInput, simulation: Simulation) {
    this.#terms = termsOf(input);
    this.#input = input;
    this.#simulation = simulation;
    this.#truth = new Truth(input.truth);
  }

  /** Null: the job is not billed. */
  of(job: number): JobFigures | null {
    if (indexAt(this.#simulation.region, job) < 0) return null;
    const { jobs, policy } = this.#input;
    const terms = termsAt(this.#terms, jobs, job);
    const places = placesOf(terms, at(jobs.dataGb, job), policy.scheduler.shift);
    const { random, space } = this.#atArrival(job, places);
    const end = at(this.#simulation.end, job);
    return {
      workClass: terms.kind.workClass,
      energyKwh: at(jobs.energy, job),
      grams: at(this.#simulation.grams, job),
      random,
      home: terms.baselineHome < 0 ? null : this.#through(job, terms.baselineHome),
      space,
      delay: Math.max(0, Math.round(end - at(jobs.arrival, job) - runningTime(this.#simulation, job))),
      missed: end > at(jobs.deadline, job) + SAME_MOMENT,
      violations: runsOf(this.#simulation, job).filter(({ region }) => terms.forbidden.includes(region)).length,
      override: this.#override(job, terms.forbidden),
    };
  }

  #power(job: number): number {
    return at(this.#input.jobs.energy, job) / at(this.#input.jobs.duration, job);
  }

  /** Run through from arrival in one region. */
  #through(job: number, region: number): number {
    const arrival = at(this.#input.jobs.arrival, job);
    return this.#power(job) * this.#truth.integral(region, arrival, arrival + at(this.#input.jobs.duration, job));
  }

  #atArrival(job: number, places: readonly number[]): Pick<JobFigures, 'random' | 'space'> {
    let [sum, least] = [0, Infinity];
    for (const region of places) {
      const grams = this.#through(job, region);
      sum += grams;
      if (grams < least) least = grams;
    }
    return { random: sum / places.length, space: least };
  }

  #override(job: number, forbidden: readonly number[]): number {
    if (forbidden.length === 0) return 0;
    const runs = runsOf(this.#simulation, job);
    let least = Infinity;
    for (const region of forbidden) {
      let sum = 0;
      for (const { start, end } of runs) sum += this.#truth.integral(region, start, end);
      least = Math.min(least, sum);
    }
    const own = at(this.#simulation.grams, job) - at(this.#simulation.transferGrams, job);
    const saved = own - this.#power(job) * least;
    return saved > ROUNDING * own ? saved : 0;
  }
}

/** Share of a job's emissions below which two sums of them are the same. */
const ROUNDING = 1e-9;
