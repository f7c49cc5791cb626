import { at } from '../../carbon/forecast/vectors.ts';
import type { PlannedRun } from '../../timing/plan/types.ts';
import { indexAt } from '../columns.ts';
import type { IntensityTable } from '../types.ts';
import type { Bookings } from './bookings.ts';
import type { Progress } from './progress.ts';

/** A run that nothing stops any more, whose length was planned otherwise than it is. */
interface Surprise {
  readonly job: number;
  readonly region: number;
  readonly end: number;
}

/** Keeps bookings as plans have them, and as runs turn out. Used only where a region has a limit. */
export class PlanBook {
  readonly isUsed: boolean;
  readonly #bookings: Bookings;
  readonly #progress: Progress;
  readonly #table: IntensityTable;
  #surprises: Surprise[] = [];

  constructor(bookings: Bookings, progress: Progress, table: IntensityTable) {
    this.isUsed = bookings.limited;
    this.#bookings = bookings;
    this.#progress = progress;
    this.#table = table;
  }

  /** Gives back what a job that decides again had planned; where it ran in this slot already stays booked. */
  release(job: number, now: number, slot: number): void {
    const from = this.#table.start + slot * this.#table.step;
    const ran = at(this.#progress.since, job) < now || at(this.#progress.stopped, job) > from;
    this.#bookings.release(job, ran ? slot + 1 : slot);
  }

  /** Books what is planned; a run of unknown length as far as the slot that it begins in. */
  book(job: number, runs: readonly PlannedRun[]): void {
    const stays = runs.map(({ region, start, end }) => ({
      region: this.#table.regions.indexOf(region),
      from: start,
      to: end ?? start + 1,
    }));
    this.#bookings.book(job, stays);
  }

  /** The job runs on to an end that plans may not have known; what it has beyond, or too much, shows when it comes. */
  finishes(job: number, end: number, planned: PlannedRun | undefined): void {
    const last = planned?.end ?? -Infinity;
    if (Math.abs(last - end) < 1) this.#bookings.forget(job);
    else this.#surprises.push({ job, region: indexAt(this.#progress.place, job), end });
  }

  /** At a slot's start: who runs still has this slot, who has ended gives back the rest. */
  renew(slot: number): void {
    const from = this.#table.start + slot * this.#table.step;
    for (const { job, region, end } of this.#surprises) {
      if (end > from) this.#bookings.book(job, [{ region, from, to: from + 1 }]);
      else this.#bookings.release(job, slot);
    }
    for (const { job, end } of this.#surprises) if (end <= from) this.#bookings.forget(job);
    this.#surprises = this.#surprises.filter(({ end }) => end > from);
  }
}
