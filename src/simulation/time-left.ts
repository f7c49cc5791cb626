import { at } from '../carbon/forecast/vectors.ts';
import { millis } from '../carbon/units.ts';
import type { Millis } from '../carbon/units.ts';
import type { SchedulerSettings } from '../policy/types.ts';
import type { DurationsShown, SimulationInput } from './input.ts';
import { shownTo, termsAt, termsOf } from './terms.ts';
import type { KindTerms } from './terms.ts';
import type { JobTable } from './types.ts';

/** Moments closer than this, ms, are one: sums of fractions of milliseconds are not exact. */
export const SAME_MOMENT = 0.5;

/** The latest that a job can end: at its deadline, or what its class's maximum delay and its switches come to. */
export interface TimeBounds {
  /** ms since the epoch, a row a job; past the deadline only where no start meets it or its length is not known. */
  readonly latestEnd: Float64Array;
  /** ms since the epoch: the latest start of a run without a pause. */
  readonly latestStart: Float64Array;
}

/** What bounds are told from: all of the input but its forecast, which has to reach as far as they do. */
export type BoundsInput = Pick<SimulationInput, 'jobs' | 'truth' | 'policy' | 'durations'>;

/** Both bounds of every job; NaN for jobs of a class that the policy lacks, without a deadline. */
export function timeBounds(input: BoundsInput, terms: readonly KindTerms[]): TimeBounds {
  const { jobs, policy, truth } = input;
  const rules = { ...policy.scheduler, step: truth.step };
  const latestEnd = new Float64Array(jobs.count);
  const latestStart = new Float64Array(jobs.count);
  for (let job = 0; job < jobs.count; job += 1) {
    const kind = termsAt(terms, jobs, job);
    const arrival = at(jobs.arrival, job);
    const duration = at(jobs.duration, job);
    const deadline = at(jobs.deadline, job);
    if (Number.isNaN(deadline)) {
      const wait = kind.workClass?.maxDelay ?? NaN;
      latestStart[job] = arrival + wait;
      latestEnd[job] = arrival + wait + duration + switching(kind, wait + duration, rules);
    } else {
      latestStart[job] = Math.max(arrival, deadline - believed(kind, duration, input.durations));
      latestEnd[job] = Math.max(deadline, at(latestStart, job) + duration);
    }
  }
  return { latestEnd, latestStart };
}

/** What is taken for a job's duration where a deadline has to be met: its own, else its class's mean. */
function believed(kind: KindTerms, duration: number, shown: DurationsShown): number {
  return shownTo(kind.decider, shown) === 'known' ? duration : kind.usual;
}

/** Running time that all switches can add, ms: as many as there may be pauses, runs of least length, or slots. */
function switching(
  kind: KindTerms,
  span: number,
  { switchCost, minRun, maxPauses, step }: SchedulerSettings & { readonly step: number },
): number {
  if (!kind.mayPause || switchCost === 0) return 0;
  return switchCost * Math.min(maxPauses ?? Infinity, Math.ceil(span / Math.max(minRun, step)));
}

/** Jobs that cannot be billed, 1 a job: they arrive before the table, could run past its end, or are of no known class. */
export function unbillableOf(
  { jobs, truth }: BoundsInput,
  terms: readonly KindTerms[],
  bounds: TimeBounds,
): Uint8Array {
  const end = truth.start + truth.count * truth.step;
  const marks = new Uint8Array(jobs.count);
  for (let job = 0; job < jobs.count; job += 1) {
    const inside = at(jobs.arrival, job) >= truth.start && at(bounds.latestEnd, job) <= end + SAME_MOMENT;
    const placed = termsAt(terms, jobs, job).permitted.length > 0;
    marks[job] = inside && placed ? 0 : 1;
  }
  return marks;
}

/** A day ahead is what methods look at that know no lengths. */
const DAY_MS = 24 * 3_600_000;

/** How far ahead forecasts have to reach for these jobs, ms: from any arrival to the latest end that is thought of. */
export function reachOf(input: BoundsInput & Pick<SimulationInput, 'strategy'>): Millis {
  const terms = termsOf(input);
  const bounds = timeBounds(input, terms);
  const unbillable = unbillableOf(input, terms, bounds);
  return reachWithin(input.jobs, terms, { ...bounds, unbillable });
}

/** The same, of bounds that are known already. */
export function reachWithin(
  jobs: JobTable,
  terms: readonly KindTerms[],
  { latestEnd, latestStart, unbillable }: TimeBounds & { readonly unbillable: Uint8Array },
): Millis {
  let reach = DAY_MS;
  for (let job = 0; job < jobs.count; job += 1) {
    if (unbillable[job] === 1) continue;
    const { usual } = termsAt(terms, jobs, job);
    const end = Math.max(at(latestEnd, job), at(latestStart, job) + usual);
    reach = Math.max(reach, end - at(jobs.arrival, job));
  }
  return millis(reach);
}
