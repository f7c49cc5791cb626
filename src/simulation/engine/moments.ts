import { entryAt, indexAt } from '../columns.ts';

/** Jobs that are to be looked at within a slot, the earliest first; of one moment the first to arrive. */
export class Moments {
  readonly #at: number[] = [];
  readonly #job: number[] = [];
  /** The place of each job in the order of arrival. */
  readonly #rank: Uint32Array;

  constructor(rank: Uint32Array) {
    this.#rank = rank;
  }

  /** ms since the epoch; Infinity: there is none. */
  get next(): number {
    return this.#at.length === 0 ? Infinity : entryAt(this.#at, 0);
  }

  add(moment: number, job: number): void {
    let place = this.#at.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isBefore(moment, job, parent)) break;
      this.#put(place, entryAt(this.#at, parent), entryAt(this.#job, parent));
      place = parent;
    }
    this.#put(place, moment, job);
  }

  /** Takes the earliest job away; -1: there is none. */
  take(): number {
    const first = this.#job.length === 0 ? -1 : entryAt(this.#job, 0);
    const moment = this.#at.pop();
    const job = this.#job.pop();
    if (moment !== undefined && job !== undefined && this.#at.length > 0) this.#sink(moment, job);
    return first;
  }

  #sink(moment: number, job: number): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#at.length) break;
      const right = child + 1;
      if (right < this.#at.length && this.#isBefore(entryAt(this.#at, right), entryAt(this.#job, right), child))
        child = right;
      if (this.#isBefore(moment, job, child)) break;
      this.#put(place, entryAt(this.#at, child), entryAt(this.#job, child));
      place = child;
    }
    this.#put(place, moment, job);
  }

  #isBefore(moment: number, job: number, place: number): boolean {
    const other = entryAt(this.#at, place);
    if (moment !== other) return moment < other;
    return indexAt(this.#rank, job) < indexAt(this.#rank, entryAt(this.#job, place));
  }

  #put(place: number, moment: number, job: number): void {
    this.#at[place] = moment;
    this.#job[place] = job;
  }
}
