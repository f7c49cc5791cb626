import { region } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { regularOutlook } from '../../timing/plan/outlook.ts';
import { StepGrid } from '../../timing/plan/step-grid.ts';
import { FREE } from '../../timing/plan/switching-course.ts';
import { SwitchingSearch } from '../../timing/plan/switching-search.ts';
import type { PlanRegion } from '../../timing/plan/types.ts';
import type { IntensityTable } from '../types.ts';
import { sumsOf, sumTo } from './contiguous.ts';
import { ExactSwitching } from './exact-switching.ts';
import type { QuantumTask } from './exact-switching.ts';
import type { OracleRules } from './oracle.ts';
import { quantumOf } from './quantum.ts';

/** A search over more is not worth its time: some milliseconds a job. */
const MOST_CELLS = 2_000_000;

/** The least that work emits whose pauses cost running time, or whose runs have a least length; the future known. */
export class PausedAtCost {
  /** Delay of the schedule found: its end less arrival and running time, ms. */
  delay = 0;
  readonly #truth: IntensityTable;
  readonly #rules: OracleRules;
  readonly #sums: readonly Float64Array[];
  readonly #places: readonly PlanRegion[];
  readonly #exact = new ExactSwitching();
  readonly #search = new SwitchingSearch();
  readonly #grid = new StepGrid();

  constructor(truth: IntensityTable, rules: OracleRules) {
    this.#truth = truth;
    this.#rules = rules;
    this.#sums = truth.columns.map(sumsOf);
    this.#places = truth.columns.map((column, index) => ({
      region: truth.regions[index] ?? region(String(index)),
      intensity: null,
      outlook: regularOutlook(truth.start, truth.step, column),
      trail: null,
      clean: null,
      full: null,
    }));
  }

  /** gCO2eq/kWh of `duration`; null: too long to be worked out, and no better bound known than that of free pauses. */
  find(regions: readonly number[], from: Instant, latestEnd: Instant, duration: Millis): number | null {
    const { start, step } = this.#truth;
    const { minRun, switchCost } = this.#rules;
    const quantum = quantumOf([step, from - start, latestEnd - start, duration, minRun, switchCost]);
    const size = { sums: regions, length: duration / quantum, slack: (latestEnd - from - duration) / quantum };
    if (quantum > 0 && ExactSwitching.cellsOf(size) <= MOST_CELLS) return this.#byQuanta(regions, from, quantum, size);
    return switchCost > 0 ? this.#bounded(regions, from, latestEnd, duration) : null;
  }

  #byQuanta(
    regions: readonly number[],
    from: Instant,
    quantum: number,
    { length, slack }: Pick<QuantumTask, 'length' | 'slack'>,
  ): number {
    const { minRun, switchCost } = this.#rules;
    const sums = regions.map((region) => this.#quantumSums(region, from, [quantum, length + slack + 1]));
    const task = { sums, length, slack, switchCost: switchCost / quantum, minRun: Math.max(1, minRun / quantum) };
    const sum = this.#exact.find(task);
    this.delay = this.#exact.waited * quantum;
    return (sum * this.#truth.step) / (length * quantum);
  }

  /** Emissions of one region up to each quantum, gCO2eq/kWh times steps. */
  #quantumSums(region: number, from: Instant, [quantum, count]: readonly [number, number]): Float64Array {
    const { start, step, columns } = this.#truth;
    const column = columns[region] ?? new Float64Array();
    const sums = this.#sums[region] ?? new Float64Array(1);
    return Float64Array.from({ length: count }, (_, i) => sumTo(column, sums, (from + i * quantum - start) / step));
  }

  /** Lagrange's bound, where runs may be as short as they like. */
  #bounded(regions: readonly number[], from: Instant, latestEnd: Instant, duration: Millis): number {
    const places = regions.flatMap((region) => this.#places[region] ?? []);
    this.#grid.fill(places, from, latestEnd);
    const terms = { ...FREE, switchCost: this.#rules.switchCost };
    const sum = this.#search.bound({ grid: this.#grid, terms, need: duration, pauses: Infinity });
    const runs = this.#search.found;
    const ran = runs.reduce((total, { start, end }) => total + end - start, 0);
    this.delay = Math.max(0, (runs.at(-1)?.end ?? from) - from - ran);
    return sum / duration;
  }
}
