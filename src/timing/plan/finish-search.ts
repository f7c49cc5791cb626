import { at } from '../../carbon/forecast/vectors.ts';
import type { StepGrid } from './step-grid.ts';

const HOUR_MS = 3_600_000;

/**
 * Finds when work that may be paused freely should be done where an hour of delay has a price: the cheapest parts before
 * each moment are kept in order while time goes on, the dearest giving way to what is cheaper and later.
 */
export class FinishSearch {
  #values = new Float64Array(64);
  #lengths = new Float64Array(64);
  #size = 0;
  /** Sum of value times time of what is kept, gCO2eq/kWh times ms. */
  #sum = 0;

  /**
   * The end, ms since the epoch, that makes the mean over the running time plus `price` (gCO2eq/kWh per hour) times the
   * delay least; the earliest such.
   */
  bestEnd(grid: StepGrid, need: number, price: number): number {
    const start = at(grid.edges, 0);
    // What a millisecond of delay must save in the sum.
    const worth = (price / HOUR_MS) * need;
    this.#size = 0;
    this.#sum = 0;
    let missing = need;
    let best = start + need;
    let least = Infinity;
    for (let i = 0; i < grid.count; i += 1) {
      const value = at(grid.best, i);
      let from = at(grid.edges, i);
      const until = at(grid.edges, i + 1);
      if (missing > 0) {
        const first = Math.min(missing, until - from);
        this.#insert(value, first);
        missing -= first;
        from += first;
        if (missing > 0) continue;
        if (least === Infinity) least = this.#sum + worth * (from - start);
      }
      // Within a part it pays to go on as long as what is displaced is dearer than this and the delay together.
      const paying = this.#displace(value, value + worth, until - from);
      const score = this.#sum + worth * (from + paying - start);
      if (paying > 0 && score < least) {
        least = score;
        best = from + paying;
      }
      this.#displace(value, value, until - from - paying);
    }
    return best;
  }

  /** Lets up to `length` ms of `value` take the place of what is dearer than `above`; returns how much did. */
  #displace(value: number, above: number, length: number): number {
    let rest = length;
    while (rest > 0 && at(this.#values, this.#size - 1) > above) {
      const last = this.#size - 1;
      const gone = Math.min(rest, at(this.#lengths, last));
      this.#lengths[last] = at(this.#lengths, last) - gone;
      this.#sum -= gone * at(this.#values, last);
      if (at(this.#lengths, last) <= 0) this.#size -= 1;
      rest -= gone;
    }
    if (rest < length) this.#insert(value, length - rest);
    return length - rest;
  }

  #insert(value: number, length: number): void {
    if (this.#size === this.#values.length) this.#grow();
    let place = this.#size;
    while (place > 0 && at(this.#values, place - 1) > value) place -= 1;
    this.#values.copyWithin(place + 1, place, this.#size);
    this.#lengths.copyWithin(place + 1, place, this.#size);
    this.#values[place] = value;
    this.#lengths[place] = length;
    this.#size += 1;
    this.#sum += value * length;
  }

  #grow(): void {
    const [values, lengths] = [this.#values, this.#lengths];
    this.#values = new Float64Array(values.length * 2);
    this.#lengths = new Float64Array(values.length * 2);
    this.#values.set(values);
    this.#lengths.set(lengths);
  }
}
