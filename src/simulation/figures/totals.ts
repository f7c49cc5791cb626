import { meanOf, percentile } from './percentile.ts';
import type { JobFigures } from './job-figures.ts';

const MINUTE_MS = 60_000;

/** What jobs came to together: masses in gCO2eq. */
export class Totals {
  jobs = 0;
  energyKwh = 0;
  grams = 0;
  random = 0;
  /** Null: a job names no home. */
  home: number | null = 0;
  space = 0;
  oracle = 0;
  oracleDelay = 0;
  misses = 0;
  violations = 0;
  overrides = 0;
  penalty = 0;
  #delays = new Float64Array(1024);

  /** `oracle`: the least that the job could emit, gCO2eq, and the delay of that, ms. */
  add(job: JobFigures, oracle: { readonly grams: number; readonly delay: number }): void {
    this.#note(job.delay);
    this.jobs += 1;
    this.energyKwh += job.energyKwh;
    this.grams += job.grams;
    this.random += job.random;
    this.home = this.home === null || job.home === null ? null : this.home + job.home;
    this.space += job.space;
    this.oracle += oracle.grams;
    this.oracleDelay += oracle.delay;
    this.misses += job.missed ? 1 : 0;
    this.violations += job.violations;
    this.overrides += job.override > 0 ? 1 : 0;
    this.penalty += job.override;
  }

  /** Delays in minutes: their mean, nearest-rank percentiles and maximum; null: there are no jobs. */
  delays(): DelayFigures {
    const sorted = this.#delays.slice(0, this.jobs).sort();
    return {
      meanDelayMin: minutes(meanOf(sorted)),
      p50DelayMin: minutes(percentile(sorted, 0.5)),
      p95DelayMin: minutes(percentile(sorted, 0.95)),
      maxDelayMin: minutes(percentile(sorted, 1)),
    };
  }

  #note(delay: number): void {
    if (this.jobs === this.#delays.length) {
      const larger = new Float64Array(2 * this.jobs);
      larger.set(this.#delays);
      this.#delays = larger;
    }
    this.#delays[this.jobs] = delay;
  }
}

/** Delays in minutes; null: there are no jobs. Percentiles are nearest ranks. */
export interface DelayFigures {
  readonly meanDelayMin: number | null;
  readonly p50DelayMin: number | null;
  readonly p95DelayMin: number | null;
  readonly maxDelayMin: number | null;
}

function minutes(length: number | null): number | null {
  return length === null ? null : length / MINUTE_MS;
}
