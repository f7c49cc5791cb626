import { at } from '../../carbon/forecast/vectors.ts';
import type { IntensityTable } from '../types.ts';

/** Sums that differ by less than this share are equal, so that rounding buys no delay. */
const EQUAL = 1e-12;

/** Sums of one column from the first row to each edge, gCO2eq/kWh times steps. */
export function sumsOf(column: Float64Array): Float64Array {
  const sums = new Float64Array(column.length + 1);
  for (let i = 0; i < column.length; i += 1) sums[i + 1] = at(sums, i) + at(column, i);
  return sums;
}

/** Integral of a column up to a position that counts steps from its first row, gCO2eq/kWh times steps. */
export function sumTo(column: Float64Array, sums: Float64Array, position: number): number {
  const row = Math.min(Math.floor(position), column.length);
  const part = position - row;
  return part > 0 ? at(sums, row) + part * at(column, row) : at(sums, row);
}

/**
 * The best start of one run, the future known. Positions count steps from the table's first row. What a run emits is
 * piecewise linear in its start, with corners where start or end meet an edge, so those and the limits suffice.
 */
export class BestStart {
  /** The earliest best start, position. */
  start = 0;
  #least = Infinity;
  readonly #columns: readonly Float64Array[];
  readonly #sums: readonly Float64Array[];

  constructor(table: IntensityTable) {
    this.#columns = table.columns;
    this.#sums = table.columns.map(sumsOf);
  }

  /** Least integral over `length` (above 0) with a start in [from, latest], gCO2eq/kWh times steps. */
  find(regions: readonly number[], from: number, latest: number, length: number): number {
    this.#least = Infinity;
    for (const region of regions) {
      const column = this.#columns[region];
      const sums = this.#sums[region];
      if (column === undefined || sums === undefined) continue;
      this.#keep(sumTo(column, sums, from + length) - sumTo(column, sums, from), from);
      if (latest <= from) continue;
      this.#startAtEdges(column, sums, [from, latest, length]);
      // Of whole steps: start and end meet edges at once.
      if (!Number.isInteger(length)) this.#endAtEdges(column, sums, [from, latest, length]);
      this.#keep(sumTo(column, sums, latest + length) - sumTo(column, sums, latest), latest);
    }
    return this.#least;
  }

  #startAtEdges(column: Float64Array, sums: Float64Array, search: Search): void {
    const [from, latest, length] = search;
    const whole = Math.floor(length);
    const part = length - whole;
    let least = this.#least;
    for (let edge = Math.floor(from) + 1; edge < latest; edge += 1) {
      const end = edge + whole;
      const sum = at(sums, end) - at(sums, edge) + part * at(column, end);
      if (sum >= least) continue;
      this.#keep(sum, edge);
      least = this.#least;
    }
  }

  #endAtEdges(column: Float64Array, sums: Float64Array, search: Search): void {
    const [from, latest, length] = search;
    const whole = Math.floor(length);
    const part = length - whole;
    let least = this.#least;
    for (let edge = Math.floor(from + length) + 1; edge < latest + length; edge += 1) {
      const start = edge - whole;
      const sum = at(sums, edge) - at(sums, start) + part * at(column, start - 1);
      if (sum >= least) continue;
      this.#keep(sum, edge - length);
      least = this.#least;
    }
  }

  #keep(sum: number, start: number): void {
    const margin = EQUAL * this.#least;
    if (sum < this.#least - margin || this.#least === Infinity) {
      this.#least = sum;
      this.start = start;
    } else if (sum <= this.#least + margin && start < this.start) this.start = start;
  }
}

type Search = readonly [from: number, latest: number, length: number];
