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
    return this.#at[0] ?? Infinity;
  }

  add(moment: number, job: number): void {
    let place = this.#at.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isBefore(moment, job, parent)) break;
      this.#put(place, this.#at[parent] ?? NaN, this.#job[parent] ?? -1);
      place = parent;
    }
    this.#put(place, moment, job);
  }

  /** Takes the earliest job away; -1: there is none. */
  take(): number {
    const first = this.#job[0] ?? -1;
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
      if (right < this.#at.length && this.#isBefore(this.#at[right] ?? NaN, this.#job[right] ?? -1, child))
        child = right;
      if (this.#isBefore(moment, job, child)) break;
      this.#put(place, this.#at[child] ?? NaN, this.#job[child] ?? -1);
      place = child;
    }
    this.#put(place, moment, job);
  }

  #isBefore(moment: number, job: number, place: number): boolean {
    const other = this.#at[place] ?? NaN;
    if (moment !== other) return moment < other;
    return (this.#rank[job] ?? 0) < (this.#rank[this.#job[place] ?? -1] ?? 0);
  }

  #put(place: number, moment: number, job: number): void {
    this.#at[place] = moment;
    this.#job[place] = job;
  }
}
