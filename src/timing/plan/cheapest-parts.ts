import { at } from '../../carbon/forecast/vectors.ts';

/** Share of the running time that is no part of it: moments of our time have no more digits. */
const ROUNDING = 1e-9;

/**
 * The cheapest parts of a stretch of time that suffice for a running time: a continuous knapsack, solved by selection
 * rather than by sorting. Keeps its columns between calls.
 */
export class CheapestParts {
  /** How much of each part is used, in the unit of the edges; at most one is used in part. */
  taken = new Float64Array(64);
  readonly #near: number;
  #keys = new Float64Array(64);
  #lengths = new Float64Array(64);
  #from = 0;
  #to = 0;

  /** `near`: values within this share of the dearest that is needed count as equal, and the earliest of them is taken. */
  constructor(near: number) {
    this.#near = near;
  }

  /** Takes `need` of the parts [edges[i], edges[i + 1]) with the least sum of value times time; the earliest of near-equals. */
  choose(values: Float64Array, edges: Float64Array, count: number, need: number): void {
    const dearest = this.threshold(values, edges, count, need);
    const [low, high] = [dearest * (1 - this.#near), dearest * (1 + this.#near)];
    const least = need * ROUNDING;
    let rest = need;
    for (let i = 0; i < count; i += 1) {
      if (at(values, i) < low) rest -= at(edges, i + 1) - at(edges, i);
    }
    for (let i = 0; i < count; i += 1) {
      const length = at(edges, i + 1) - at(edges, i);
      const value = at(values, i);
      if (value < low) {
        this.taken[i] = length;
        continue;
      }
      this.taken[i] = value > high || rest <= least ? 0 : rest > length - least ? length : rest;
      rest -= at(this.taken, i);
    }
  }

  /** The value of the dearest part that is needed; Infinity where all of them do not suffice. */
  threshold(values: Float64Array, edges: Float64Array, count: number, need: number): number {
    this.#copy(values, edges, count);
    let low = 0;
    let high = count - 1;
    let rest = need;
    while (low <= high) {
      const pivot = this.#pivot(low, high);
      this.#partition(low, high, pivot);
      const less = this.#length(low, this.#from);
      if (rest <= less) {
        high = this.#from - 1;
        continue;
      }
      rest -= less + this.#length(this.#from, this.#to);
      if (rest <= 0) return pivot;
      low = this.#to;
    }
    return Infinity;
  }

  #copy(values: Float64Array, edges: Float64Array, count: number): void {
    if (this.#keys.length < count) {
      this.taken = new Float64Array(count * 2);
      this.#keys = new Float64Array(count * 2);
      this.#lengths = new Float64Array(count * 2);
    }
    for (let i = 0; i < count; i += 1) {
      this.#keys[i] = at(values, i);
      this.#lengths[i] = at(edges, i + 1) - at(edges, i);
    }
  }

  /** The median of three, so that what is sorted already, as days nearly are, is halved. */
  #pivot(low: number, high: number): number {
    const a = at(this.#keys, low);
    const b = at(this.#keys, (low + high) >> 1);
    const c = at(this.#keys, high);
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  /** Brings what is below the pivot before #from, what equals it before #to. */
  #partition(low: number, high: number, pivot: number): void {
    let from = low;
    let place = low;
    let to = high + 1;
    while (place < to) {
      const key = at(this.#keys, place);
      if (key < pivot) {
        this.#swap(from, place);
        from += 1;
        place += 1;
      } else if (key > pivot) {
        to -= 1;
        this.#swap(place, to);
      } else place += 1;
    }
    this.#from = from;
    this.#to = to;
  }

  #swap(a: number, b: number): void {
    const key = at(this.#keys, a);
    const length = at(this.#lengths, a);
    this.#keys[a] = at(this.#keys, b);
    this.#lengths[a] = at(this.#lengths, b);
    this.#keys[b] = key;
    this.#lengths[b] = length;
  }

  #length(from: number, to: number): number {
    let sum = 0;
    for (let i = from; i < to; i += 1) sum += at(this.#lengths, i);
    return sum;
  }
}
