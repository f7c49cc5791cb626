import { millis } from '../units.ts';
import type { Millis } from '../units.ts';
import { Features } from './features.ts';
import { FITTED_AHEAD, LEAST_DAYS, REFIT_EVERY, withinFitted } from './forecaster.ts';
import { blockFits, foretell } from './lead-block.ts';
import type { BlockFit, BlockModel } from './lead-block.ts';
import { pastOf, slotsOfDay, typicalAnomaly } from './past.ts';
import type { Past } from './past.ts';
import type { Series } from './series.ts';
import { at } from './vectors.ts';

/**
 * The forecasts that would have been issued all along a series, each from what had ended by then. What it does is what
 * `fitForecaster` does, without intervals, with the profile and the sums of the regression carried on from one fitting
 * to the next: a year of hourly forecasts takes a fraction of a second. Nothing may be missing in the series.
 */
export class RollingForecaster {
  /** Slots whose values must be known for a forecast; Infinity: days cannot be told apart by the step. */
  readonly least: number;
  readonly #past: Past;
  readonly #features: Features;
  readonly #every: number;
  readonly #fits: readonly BlockFit[];
  /** Model i was fitted to the slots before i * every. */
  readonly #models: (readonly BlockModel[])[] = [];

  /** `ahead`: how far forecasts are to reach; farther than two weeks the last of them repeats. */
  constructor(series: Series, ahead: Millis) {
    const day = slotsOfDay(series.step);
    this.least = day === null ? Infinity : LEAST_DAYS * day;
    this.#past = pastOf(series, 0, series.values.length);
    this.#features = new Features(this.#past);
    this.#every = Math.round(REFIT_EVERY / series.step);
    const fitted = millis(Math.min(ahead, FITTED_AHEAD));
    this.#fits = blockFits(fitted / (this.#past.day * series.step), this.#features, this.#past);
  }

  /**
   * Foretells into `into` (all of it) the slots from `origin` on by the slots before it, gCO2eq/kWh, none below 0.
   * `origin`: `least` to the length of the series.
   */
  foretell(origin: number, into: Float64Array): void {
    const { day } = this.#past;
    const told = foretell(this.#modelAt(origin), this.#past, this.#features, { origin, to: into.length });
    for (let lead = 0; lead < into.length; lead += 1) {
      into[lead] = Math.max(0, at(told, withinFitted(lead, told.length, day)));
    }
  }

  /** Fitted in order, since each goes on from the one before. */
  #modelAt(origin: number): readonly BlockModel[] {
    const wanted = Math.floor(origin / this.#every);
    for (let next = this.#models.length; next <= wanted; next += 1) {
      const now = next * this.#every;
      const scaled = { features: this.#features, size: typicalAnomaly(this.#past, this.#past.day, now) };
      this.#models.push(this.#fits.map((fit) => fit.fitTo(now, this.#past, scaled)));
    }
    return this.#models[wanted] ?? [];
  }
}
