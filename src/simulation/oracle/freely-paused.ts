import { at } from '../../carbon/forecast/vectors.ts';
import { CheapestParts } from '../../timing/plan/cheapest-parts.ts';
import type { IntensityTable } from '../types.ts';

/** Values that differ by less than this share are equal, so that rounding buys no delay. */
const EQUAL = 1e-12;

/**
 * The cheapest parts of the time that work has, each in the cheapest region, the future known: exact where pausing costs
 * nothing, a bound from below where it does. Positions count steps from the table's first row.
 */
export class FreelyPaused {
  /** Position of the end of the last part used. */
  end = 0;
  /** Number of runs: stretches in one region without a pause. */
  runs = 0;
  /** The shortest of them but the last, steps; Infinity: there is but one. */
  shortest = Infinity;
  readonly #columns: readonly Float64Array[];
  readonly #parts = new CheapestParts(EQUAL);
  #values = new Float64Array(64);
  #regions = new Int32Array(64);
  #edges = new Float64Array(65);

  constructor(table: IntensityTable) {
    this.#columns = table.columns;
  }

  /** Least integral over `length` (above 0) within [from, until], gCO2eq/kWh times steps. */
  find(regions: readonly number[], from: number, until: number, length: number): number {
    const count = this.#layOut(from, until);
    this.#cheapest(regions, Math.floor(from), count);
    this.#parts.choose(this.#values, this.#edges, count, length);
    return this.#follow(count);
  }

  #layOut(from: number, until: number): number {
    const first = Math.floor(from);
    const count = Math.max(1, Math.ceil(until) - first);
    if (this.#values.length < count) {
      this.#values = new Float64Array(count * 2);
      this.#regions = new Int32Array(count * 2);
      this.#edges = new Float64Array(count * 2 + 1);
    }
    for (let i = 0; i < count; i += 1) this.#edges[i] = first + i;
    this.#edges[0] = from;
    this.#edges[count] = until;
    return count;
  }

  #cheapest(regions: readonly number[], first: number, count: number): void {
    this.#values.fill(Infinity, 0, count);
    for (const region of regions) {
      const column = this.#columns[region];
      for (let i = 0; column !== undefined && i < count; i += 1) {
        if (at(column, first + i) >= at(this.#values, i)) continue;
        this.#values[i] = at(column, first + i);
        this.#regions[i] = region;
      }
    }
  }

  /** Sums up what is used, and notes its runs. */
  #follow(count: number): number {
    const { taken } = this.#parts;
    let sum = 0;
    let run = 0;
    this.runs = 0;
    this.shortest = Infinity;
    for (let i = 0; i < count; i += 1) {
      const used = at(taken, i);
      if (used <= 0) continue;
      sum += used * at(this.#values, i);
      if (!this.#joined(i)) {
        if (this.runs > 0) this.shortest = Math.min(this.shortest, run);
        this.runs += 1;
        run = 0;
      }
      run += used;
      // What is used of the last part is its beginning.
      this.end = at(this.#edges, i) + used;
    }
    return sum;
  }

  /** Part i goes on where the one before ended: a part used in part touches what follows it, else what is before it. */
  #joined(i: number): boolean {
    const { taken } = this.#parts;
    if (i === 0 || at(taken, i - 1) <= 0 || this.#regions[i] !== this.#regions[i - 1]) return false;
    const whole = at(taken, i) >= at(this.#edges, i + 1) - at(this.#edges, i);
    return whole || at(taken, i + 1) <= 0 || this.#regions[i + 1] !== this.#regions[i];
  }
}
