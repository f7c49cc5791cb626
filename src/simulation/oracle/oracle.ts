import { instant, millis } from '../../carbon/units.ts';
import type { Millis } from '../../carbon/units.ts';
import type { IntensityTable } from '../types.ts';
import { BestStart } from './contiguous.ts';
import { FreelyPaused } from './freely-paused.ts';
import { PausedAtCost } from './paused-at-cost.ts';

/** What pausing costs. */
export interface OracleRules {
  readonly minRun: Millis;
  readonly switchCost: Millis;
}

/**
 * The least that a job alone can emit, the future known and any start instant allowed: a bound that no strategy beats.
 * Answers in gCO2eq per kWh of the job's energy without switches; of equally good schedules an early one.
 */
export class Oracle {
  /** Delay of the schedule found: its end less arrival and running time, ms. */
  delay = 0;
  readonly #truth: IntensityTable;
  readonly #rules: OracleRules;
  readonly #bestStart: BestStart;
  readonly #freely: FreelyPaused;
  readonly #atCost: PausedAtCost;

  constructor(truth: IntensityTable, rules: OracleRules) {
    this.#truth = truth;
    this.#rules = rules;
    this.#bestStart = new BestStart(truth);
    this.#freely = new FreelyPaused(truth);
    this.#atCost = new PausedAtCost(truth, rules);
  }

  /** One run of `duration` ms (above 0) in one of the regions (columns of the table), started in [from, latestStart]. */
  contiguous(regions: readonly number[], from: number, latestStart: number, duration: number): number {
    const { start, step } = this.#truth;
    const length = duration / step;
    const sum = this.#bestStart.find(regions, (from - start) / step, (latestStart - start) / step, length);
    this.delay = Math.max(0, start + this.#bestStart.start * step - from);
    return sum / length;
  }

  /**
   * Runs of `duration` ms in all (above 0) in any of the regions, within [from, latestEnd]. Exact where pausing costs nothing
   * or where the best would not pause; else by a search over quanta of time, or, where that is too long, a bound from below.
   */
  interruptible(regions: readonly number[], from: number, latestEnd: number, duration: number): number {
    const { start, step } = this.#truth;
    const length = duration / step;
    const sum = this.#freely.find(regions, (from - start) / step, (latestEnd - start) / step, length);
    this.delay = Math.max(0, start + this.#freely.end * step - from - duration);
    const isAllowed = this.#freely.shortest * step >= this.#rules.minRun && this.#rules.switchCost === 0;
    if (isAllowed || this.#freely.runs === 1) return sum / length;
    const [earliest, last] = [instant(from), instant(latestEnd)];
    const least = this.#atCost.find(regions, earliest, last, millis(duration));
    // Too long to be exact where only short runs are ruled out: the cheapest parts are the bound.
    if (least === null) return sum / length;
    this.delay = this.#atCost.delay;
    return Math.max(least, sum / length);
  }
}
