import type { Millis } from '../../carbon/units.ts';
import type { IntensityTable } from '../types.ts';
import { BestStart } from './contiguous.ts';
import { FreelyPaused } from './freely-paused.ts';

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
  /** When the schedule found last ends, ms since the epoch. */
  end = 0;
  /** Its delay: the end less arrival and running time, ms. */
  delay = 0;
  readonly #truth: IntensityTable;
  readonly #bestStart: BestStart;
  readonly #freely: FreelyPaused;

  constructor(truth: IntensityTable, _rules: OracleRules) {
    this.#truth = truth;
    this.#bestStart = new BestStart(truth);
    this.#freely = new FreelyPaused(truth);
  }

  /** One run of `duration` ms (above 0) in one of the regions (columns of the table), started in [from, latestStart]. */
  contiguous(regions: readonly number[], from: number, latestStart: number, duration: number): number {
    const { start, step } = this.#truth;
    const length = duration / step;
    const sum = this.#bestStart.find(regions, (from - start) / step, (latestStart - start) / step, length);
    this.delay = Math.max(0, start + this.#bestStart.start * step - from);
    this.end = from + this.delay + duration;
    return sum / length;
  }

  /** Runs of `duration` ms in all (above 0) in any of the regions, within [from, latestEnd]. */
  interruptible(regions: readonly number[], from: number, latestEnd: number, duration: number): number {
    const { start, step } = this.#truth;
    const length = duration / step;
    const sum = this.#freely.find(regions, (from - start) / step, (latestEnd - start) / step, length);
    this.end = start + this.#freely.end * step;
    this.delay = Math.max(0, this.end - from - duration);
    return sum / length;
  }
}
