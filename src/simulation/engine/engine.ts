import { at } from '../../carbon/forecast/vectors.ts';
import type { Region } from '../../carbon/units.ts';
import type { Plan, PlannedRun, Situation } from '../../timing/plan/types.ts';
import { indexAt } from '../columns.ts';
import type { SimulationInput } from '../input.ts';
import type { Simulation } from '../schedule.ts';
import { termsAt } from '../terms.ts';
import type { KindTerms } from '../terms.ts';
import { Truth } from '../truth.ts';
import { arrivalOrder } from './arrivals.ts';
import type { ArrivalOrder } from './arrivals.ts';
import { Bookings } from './bookings.ts';
import { decideBy } from './decider.ts';
import { Moments } from './moments.ts';
import { PlanBook } from './plan-book.ts';
import { Progress } from './progress.ts';
import { RunLog } from './run-log.ts';
import { Situations } from './situations.ts';
import { SlotViews } from './slot-views.ts';

/** What a run of the simulator is made from, beside its input. */
export interface EngineInput {
  readonly input: SimulationInput;
  readonly terms: readonly KindTerms[];
  /** 1: the job is left out. */
  readonly unbillable: Uint8Array;
  /** How far ahead outlooks have to reach, ms. */
  readonly reach: number;
}

/**
 * Slot by slot: at its start every job that waits, or runs and may be paused, decides again, in order of arrival; then, in
 * the order of their moments, those that arrive in it and those whose planned start, pause or latest start falls in it.
 */
export class Engine {
  readonly #input: SimulationInput;
  readonly #terms: readonly KindTerms[];
  readonly #unbillable: Uint8Array;
  readonly #order: ArrivalOrder;
  readonly #progress: Progress;
  readonly #views: SlotViews;
  readonly #situations: Situations;
  readonly #log: RunLog;
  readonly #moments: Moments;
  readonly #plans: PlanBook;
  readonly #indices: ReadonlyMap<Region, number>;
  readonly #switchCost: number;
  /** Jobs that wait, or run and may be paused, in order of arrival. */
  #active: number[] = [];
  readonly #isDone: Uint8Array;
  #slotEnd = 0;
  #slot = 0;

  constructor({ input, terms, unbillable, reach }: EngineInput) {
    const { jobs, truth, policy, forecast } = input;
    const bookings = new Bookings(truth, policy, input.capacity);
    this.#input = input;
    this.#terms = terms;
    this.#unbillable = unbillable;
    this.#order = arrivalOrder(jobs.arrival);
    this.#progress = new Progress(jobs);
    this.#views = new SlotViews({ truth, forecast, policy, bookings, terms, reach });
    this.#situations = new Situations(input, terms, this.#progress, this.#views);
    this.#log = new RunLog(jobs, terms, new Truth(truth));
    this.#moments = new Moments(this.#order.rank);
    this.#plans = new PlanBook(bookings, this.#progress, truth);
    this.#indices = new Map(truth.regions.map((region, index) => [region, index]));
    this.#switchCost = policy.scheduler.switchCost;
    this.#isDone = new Uint8Array(jobs.count);
  }

  /** Runs through the table. */
  run(): Simulation {
    const { truth, onProgress } = this.#input;
    const every = Math.max(1, Math.floor(truth.count / 100));
    let next = 0;
    for (let slot = 0; slot < truth.count; slot += 1) {
      if (slot % every === 0) onProgress?.(slot / truth.count);
      next = this.#runSlot(slot, next);
    }
    onProgress?.(1);
    return this.#log.result();
  }

  /** `next`: place in the order of arrival of the first job that has not come yet. */
  #runSlot(slot: number, next: number): number {
    const { start, step } = this.#input.truth;
    const from = start + slot * step;
    this.#slot = slot;
    this.#slotEnd = from + step;
    if (this.#plans.isUsed) this.#plans.renew(slot);
    if (this.#active.length > 0) this.#decideAgain(from);
    return this.#runMoments(next);
  }

  #decideAgain(now: number): void {
    this.#views.open(this.#slot, now);
    let kept = 0;
    for (const job of this.#active) {
      if (this.#isDone[job] === 0) this.#decide(job, now);
      if (this.#isDone[job] === 1) continue;
      this.#active[kept] = job;
      kept += 1;
    }
    this.#active.length = kept;
  }

  #runMoments(first: number): number {
    const { jobs } = this.#order;
    let next = first;
    for (;;) {
      const job = indexAt(jobs, next);
      const arrival = job === -1 ? Infinity : at(this.#input.jobs.arrival, job);
      const moment = this.#moments.next;
      if (Math.min(arrival, moment) >= this.#slotEnd) return next;
      if (moment <= arrival) {
        this.#decideAt(this.#moments.take(), moment);
        continue;
      }
      next += 1;
      if (this.#unbillable[job] === 1) continue;
      this.#decideAt(job, arrival);
      if (this.#isDone[job] === 0) this.#active.push(job);
    }
  }

  #decideAt(job: number, now: number): void {
    this.#views.open(this.#slot, now);
    this.#decide(job, now);
  }

  #decide(job: number, now: number): void {
    const terms = termsAt(this.#terms, this.#input.jobs, job);
    if (this.#plans.isUsed) this.#plans.release(job, now, this.#slot);
    const situation = this.#situations.at(job, now);
    const plan = decideBy(terms.decider, situation);
    if (this.#plans.isUsed) this.#plans.book(job, plan.runs);
    if (plan.act === 'run') this.#run(job, terms, plan, situation);
    else this.#wait(job, plan, situation);
  }

  #run(job: number, terms: KindTerms, plan: Plan, { now, run, waitLeft }: Situation): void {
    const planned = plan.runs[0];
    if (planned === undefined) return;
    this.#goOn(job, this.#indices.get(planned.region) ?? -1, now);
    // Without time left nothing can stop it any more.
    const mayPause = terms.mayPause && (run === null || waitLeft > 0);
    const finish = this.#progress.finish(job);
    const pause = mayPause ? pauseOf(planned) : Infinity;
    if (pause > now && pause < Math.min(finish, this.#slotEnd)) this.#moments.add(pause, job);
    else if (!mayPause || finish <= this.#slotEnd) this.#finish(job, finish, plan);
  }

  /** Runs there from now on; a move is a pause and a resume. */
  #goOn(job: number, place: number, now: number): void {
    const isRunning = this.#progress.isRunning(job);
    if (isRunning && place === this.#progress.place[job]) return;
    if (isRunning) this.#pause(job, now);
    this.#progress.begin(job, place, now, this.#switchCost);
  }

  #wait(job: number, plan: Plan, { now, waitLeft }: Situation): void {
    if (this.#progress.isRunning(job)) this.#pause(job, now);
    const planned = plan.runs[0]?.start ?? Infinity;
    const moment = Math.min(planned > now ? planned : Infinity, waitLeft > 0 ? now + waitLeft : Infinity);
    if (moment < this.#slotEnd) this.#moments.add(moment, job);
  }

  #pause(job: number, now: number): void {
    this.#logRun(job, now, false);
    this.#progress.stop(job, now);
    this.#progress.pauses[job] = indexAt(this.#progress.pauses, job) + 1;
  }

  #finish(job: number, end: number, plan: Plan): void {
    if (this.#plans.isUsed) this.#plans.finishes(job, end, plan.runs.at(-1));
    this.#logRun(job, end, true);
    this.#isDone[job] = 1;
  }

  #logRun(job: number, end: number, last: boolean): void {
    const region = indexAt(this.#progress.place, job);
    this.#log.add(job, { region, start: at(this.#progress.since, job), end }, last);
  }
}

function pauseOf({ end }: PlannedRun): number {
  return end ?? Infinity;
}
