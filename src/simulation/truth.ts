import { at } from '../carbon/forecast/vectors.ts';
import { entryAt } from './columns.ts';
import type { IntensityTable } from './types.ts';

/** True intensity of every region, integrated in constant time. Moments are ms since the epoch, within the table. */
export class Truth {
  readonly start: number;
  readonly step: number;
  readonly end: number;
  readonly #count: number;
  readonly #columns: readonly Float64Array[];
  /** Sums of the values before each slot, by region. */
  readonly #sums: readonly Float64Array[];

  constructor({ start, step, count, columns }: IntensityTable) {
    this.start = start;
    this.step = step;
    this.end = start + count * step;
    this.#count = count;
    this.#columns = columns;
    this.#sums = columns.map((column) => runningSums(column, count));
  }

  /** Slot that a moment falls in; -1: before the table; its count: at or past its end. */
  slotAt(moment: number): number {
    if (moment < this.start) return -1;
    return Math.min(Math.floor((moment - this.start) / this.step), this.#count);
  }

  /** gCO2eq/kWh at a moment. */
  valueAt(region: number, moment: number): number {
    const slot = Math.min(Math.max(this.slotAt(moment), 0), this.#count - 1);
    return at(entryAt(this.#columns, region), slot);
  }

  /** Intensity integrated over [from, to): gCO2eq/kWh times ms. */
  integral(region: number, from: number, to: number): number {
    const column = entryAt(this.#columns, region);
    const sums = entryAt(this.#sums, region);
    return (this.#until(column, sums, to) - this.#until(column, sums, from)) * this.step;
  }

  #until(column: Float64Array, sums: Float64Array, moment: number): number {
    const place = (moment - this.start) / this.step;
    const slot = Math.min(Math.floor(place), this.#count - 1);
    return at(sums, slot) + (place - slot) * at(column, slot);
  }
}

function runningSums(column: Float64Array, count: number): Float64Array {
  const sums = new Float64Array(count + 1);
  for (let i = 0; i < count; i += 1) sums[i + 1] = at(sums, i) + at(column, i);
  return sums;
}
