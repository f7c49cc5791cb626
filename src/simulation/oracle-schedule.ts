import { at } from '../carbon/forecast/vectors.ts';
import type { SimulationInput } from './input.ts';
import { Oracle } from './oracle/oracle.ts';
import { placesOf } from './places.ts';
import { termsAt, termsOf } from './terms.ts';
import type { KindTerms } from './terms.ts';
import { timeBounds, unbillableOf } from './time-left.ts';

/** All that the oracle needs: no forecast, so that another thread can be asked. The ids of the jobs may be left empty. */
export type OracleInput = Pick<SimulationInput, 'jobs' | 'truth' | 'policy' | 'strategy' | 'durations'>;

/** The least that every job alone can emit, moving data not counted, and its delay: a row a job. */
export interface OracleSchedule {
  /** gCO2eq; 0: not billed. */
  readonly grams: Float64Array;
  /** ms. */
  readonly delay: Float64Array;
}

/**
 * Perfect foresight, each job alone, any start instant, under the same deadlines, residency, minimum run and switch cost;
 * in one run where the strategy runs the job in one.
 */
export function oracleSchedule(input: OracleInput): OracleSchedule {
  const { jobs, truth, policy } = input;
  const terms = termsOf(input);
  const bounds = timeBounds({ ...input, durations: 'known' }, terms);
  const unbillable = unbillableOf(input, terms, timeBounds(input, terms));
  const oracle = new Oracle(truth, policy.scheduler);
  const grams = new Float64Array(jobs.count);
  const delay = new Float64Array(jobs.count);
  for (let job = 0; job < jobs.count; job += 1) {
    if (unbillable[job] === 1) continue;
    const kind = termsAt(terms, jobs, job);
    const places = placesOf(kind, at(jobs.dataGb, job), policy.scheduler.shift);
    const question = { kind, places, start: at(bounds.latestStart, job), end: at(bounds.latestEnd, job) };
    grams[job] = at(jobs.energy, job) * least(oracle, input, job, question);
    delay[job] = oracle.delay;
  }
  return { grams, delay };
}

interface Question {
  readonly kind: KindTerms;
  readonly places: readonly number[];
  /** Latest start of a run without a pause, and latest end. */
  readonly start: number;
  readonly end: number;
}

/** gCO2eq per kWh. */
function least(oracle: Oracle, { jobs }: OracleInput, job: number, { kind, places, start, end }: Question): number {
  const arrival = at(jobs.arrival, job);
  const duration = at(jobs.duration, job);
  if (!kind.mayPause) return oracle.contiguous(places, arrival, start, duration);
  return oracle.interruptible(places, arrival, end, duration);
}
