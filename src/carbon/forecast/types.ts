import type { ForecastStep } from '../types.ts';
import type { Instant, Millis } from '../units.ts';
import type { Series } from './series.ts';

/** A fitted model of one zone: foretells the steps after `at` from what the history says of the time up to it. */
export interface Forecaster {
  issue(history: Series, at: Instant, horizon: Millis): readonly ForecastStep[];
}

/** Fits a model to a zone's past; null: too little is known of it. */
export type Fit = (history: Series) => Forecaster | null;

/** A fitting that is done in steps, by whoever has other things to do between two. */
export type Fitting = Generator<undefined, Forecaster | null>;
