import { at } from '../../carbon/forecast/vectors.ts';
import { transferShare } from '../../carbon/transfer.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Region } from '../../carbon/units.ts';
import type { PlanRegion, PlanRules, Remaining, Situation } from '../../timing/plan/types.ts';
import { entryAt, indexAt } from '../columns.ts';
import type { SimulationInput } from '../input.ts';
import { mayMove } from '../places.ts';
import { shownTo } from '../terms.ts';
import type { KindTerms } from '../terms.ts';
import { SAME_MOMENT } from '../time-left.ts';
import type { Progress } from './progress.ts';
import type { SlotViews } from './slot-views.ts';

/** More than this is never taken to be done while it runs: what it still draws is no nothing. */
const MOST_DONE = 0.99;
/** Of jobs that go by their deadlines alone. */
const CLASSLESS = { maxIntensity: null, price: 0, minGain: 0 };
const UNKNOWN: Remaining = { state: 'unknown' };

/** Puts together what a strategy may know of a job at a moment. */
export class Situations {
  readonly #input: SimulationInput;
  readonly #terms: readonly KindTerms[];
  readonly #progress: Progress;
  readonly #views: SlotViews;
  /** By kind, by pauses so far: the same for all jobs. */
  readonly #rules: PlanRules[][];

  constructor(input: SimulationInput, terms: readonly KindTerms[], progress: Progress, views: SlotViews) {
    this.#input = input;
    this.#terms = terms;
    this.#progress = progress;
    this.#views = views;
    this.#rules = terms.map(() => []);
  }

  at(job: number, now: number): Situation {
    const index = indexAt(this.#input.jobs.kind, job);
    const terms = entryAt(this.#terms, index);
    const elapsed = this.#progress.elapsed(job, now);
    const since = at(this.#progress.since, job);
    const place = indexAt(this.#progress.place, job);
    const remaining = this.#remaining(job, terms, elapsed);
    return {
      now: instant(now),
      waitLeft: millis(this.#waitLeft(job, terms, now, elapsed)),
      remaining,
      elapsed: millis(elapsed),
      regions: this.#regions(job, index, terms, place),
      home: this.#regionOf(terms.home === -1 ? place : terms.home),
      transfer: this.#transfer(job, terms, elapsed),
      rules: this.#rulesOf(job, index, terms),
      run: Number.isNaN(since) ? null : { region: this.#regionOf(place), since: instant(since) },
    };
  }

  /** What it may still wait, ms: of its class's maximum delay, or before its deadline; less than a moment is nothing. */
  #waitLeft(job: number, terms: KindTerms, now: number, elapsed: number): number {
    const { jobs } = this.#input;
    const deadline = at(jobs.deadline, job);
    const left = Number.isNaN(deadline)
      ? (terms.workClass?.maxDelay ?? 0) - (now - at(jobs.arrival, job) - elapsed)
      : deadline - now - this.#believedLeft(job, terms, elapsed);
    return Math.abs(left) < SAME_MOMENT ? 0 : left;
  }

  /** Running time to keep free before a deadline. Once it has run, a resume has to fit as well. */
  #believedLeft(job: number, terms: KindTerms, elapsed: number): number {
    const isKnown = shownTo(terms.decider, this.#input.durations) === 'known';
    const left = isKnown ? at(this.#progress.needed, job) - elapsed : Math.max(0, terms.usual - elapsed);
    return left + (elapsed > 0 ? this.#input.policy.scheduler.switchCost : 0);
  }

  #remaining(job: number, terms: KindTerms, elapsed: number): Remaining {
    const shown = shownTo(terms.decider, this.#input.durations);
    if (shown === 'known') return { state: 'known', value: millis(at(this.#progress.needed, job) - elapsed) };
    return shown === 'class' ? { state: 'usual', value: millis(terms.usual) } : UNKNOWN;
  }

  /** Where its data may not move it stays at home, or, without one, where it has begun. */
  #regions(job: number, index: number, terms: KindTerms, place: number): readonly PlanRegion[] {
    const { jobs, policy } = this.#input;
    if (mayMove(at(jobs.dataGb, job), policy.scheduler.shift)) return this.#views.permitted(index);
    return terms.home === -1 && place !== -1 ? this.#views.alone(place) : this.#views.stay(index);
  }

  #transfer(job: number, terms: KindTerms, elapsed: number): number {
    const { jobs, durations } = this.#input;
    const gb = at(jobs.dataGb, job);
    if (gb === 0) return 0;
    const isKnown = shownTo(terms.decider, durations) === 'known';
    const done = isKnown ? Math.min(MOST_DONE, elapsed / at(jobs.duration, job)) : 0;
    return transferShare(gb, at(jobs.energy, job) * (1 - done));
  }

  #rulesOf(job: number, index: number, terms: KindTerms): PlanRules {
    const pauses = indexAt(this.#progress.pauses, job);
    const ofKind = entryAt(this.#rules, index);
    return (ofKind[pauses] ??= this.#newRules(terms, pauses));
  }

  #newRules({ workClass, home, mayPause }: KindTerms, pauses: number): PlanRules {
    const { policy, price } = this.#input;
    const { switchCost, minRun, maxPauses, shift } = policy.scheduler;
    const own = workClass ?? CLASSLESS;
    return {
      threshold: own.maxIntensity,
      thresholdOf: 'class',
      price: price ?? own.price,
      minGain: own.minGain,
      switchCost,
      minRun,
      pausesLeft: mayPause ? Math.max(0, (maxPauses ?? Infinity) - pauses) : 0,
      moveBelow: home === -1 || shift === null ? null : shift.moveBelow,
    };
  }

  #regionOf(index: number): Region | null {
    // An array asked for what is before its beginning is slow.
    return index < 0 ? null : entryAt(this.#input.truth.regions, index);
  }
}
