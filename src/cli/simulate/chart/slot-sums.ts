import { at } from '../../../carbon/forecast/vectors.ts';

/** Regular slots from a moment on, ms. */
export interface Slots {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** Adds up what lasts over time, by slot; an addition takes the same time however long it lasts. */
export class SlotSums {
  readonly #slots: Slots;
  readonly #parts: Float64Array;
  /** By how much the sum of a whole slot changes from the one before. */
  readonly #changes: Float64Array;

  constructor(slots: Slots) {
    this.#slots = slots;
    this.#parts = new Float64Array(slots.count + 1);
    this.#changes = new Float64Array(slots.count + 2);
  }

  /** Adds `rate` per millisecond over [from, to), which lies within the slots. */
  add(from: number, to: number, rate: number): void {
    const { start, step, count } = this.#slots;
    const first = Math.min(count, Math.floor((from - start) / step));
    const last = Math.min(count, Math.floor((to - start) / step));
    if (first === last) this.#part(first, rate * (to - from));
    else {
      this.#part(first, rate * (start + (first + 1) * step - from));
      this.#part(last, rate * (to - start - last * step));
      this.#changes[first + 1] = at(this.#changes, first + 1) + rate * step;
      this.#changes[last] = at(this.#changes, last) - rate * step;
    }
  }

  /** The sum in each slot. */
  sums(): Float64Array {
    let level = 0;
    return Float64Array.from({ length: this.#slots.count }, (_, slot) => {
      level += at(this.#changes, slot);
      return level + at(this.#parts, slot);
    });
  }

  #part(slot: number, amount: number): void {
    this.#parts[slot] = at(this.#parts, slot) + amount;
  }
}
