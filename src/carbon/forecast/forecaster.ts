import type { ForecastStep } from '../types.ts';
import { instant, millis } from '../units.ts';
import type { GramsPerKwh, Instant, Millis } from '../units.ts';
import { Features } from './features.ts';
import { FITTED_DAYS, blockFits, foretell } from './lead-block.ts';
import type { BlockFit, BlockModel, Scaled } from './lead-block.ts';
import { pastOf, slotsOf, slotsOfDay, typicalAnomaly } from './past.ts';
import type { Past } from './past.ts';
import type { Series } from './series.ts';
import { Misses, hourOfSlot } from './spread.ts';
import type { Spread } from './spread.ts';
import type { Forecaster, Fitting } from './types.ts';

const DAY_MS = 86_400_000;
/** Days of known values without which there is no forecast. */
export const LEAST_DAYS = 2;
/** Days of history that an issue looks at: what lies before has lost its weight in the profile. */
const SEEN_DAYS = 60;
/** The past is foretold anew in so many stretches, each by what had ended before it, to learn the errors. */
const STRETCHES = 4;
const STRETCH_DAYS = 42;
/** Origins of that which are enough, and hours from one to the next: none that would leave hours of the day out. */
const RETOLD = 200;
const RETOLD_EVERY_H = [17, 13, 11, 7, 5, 1];

/** How long a model is good for: fitted daily the error is 0.15 % lower, which is not worth seven fittings. */
export const REFIT_EVERY: Millis = millis(7 * DAY_MS);
/** How far ahead a model is fitted unless told; farther ahead the last week that was fitted repeats. */
export const FITTED_AHEAD: Millis = millis(FITTED_DAYS * DAY_MS);

/**
 * Fits a model to all of a zone's past: for each lead a ridge regression on the last day's anomalies, the hour and the weekday,
 * over the profile of the day and its decaying anomaly, which stand alone where the past is short. `ahead`: how far it is to
 * reach; the farther, the longer it takes. Null: under two days are known, or days cannot be told by the step.
 */
export function fitForecaster(history: Series, ahead: Millis = FITTED_AHEAD): Forecaster | null {
  const fitting = fitInSteps(history, ahead);
  for (;;) {
    const { done, value } = fitting.next();
    if (done === true) return value;
  }
}

/** The same in steps of some ten milliseconds, for who has other things to do between two; the history must not change meanwhile. */
export function* fitInSteps(history: Series, ahead: Millis = FITTED_AHEAD): Fitting {
  const day = slotsOfDay(history.step);
  if (day === null || history.values.filter((value) => !Number.isNaN(value)).length < LEAST_DAYS * day) return null;
  const past = pastOf(history, 0, history.values.length);
  const size = typicalAnomaly(past, day);
  const features = new Features(past);
  const scaled = { features, size };
  const fits = blockFits(ahead / DAY_MS, features, past);
  const stretch = Math.min(STRETCH_DAYS * day, Math.floor(past.count / (STRETCHES + 1)));
  const misses = new Misses(past);
  for (let from = past.count % stretch; from < past.count; from += stretch) {
    const blocks = yield* fitTo(from, fits, past, scaled);
    if (from < past.count - STRETCHES * stretch) continue;
    collectMisses(misses, blocks, past, { ...scaled, from, to: from + stretch });
    yield;
  }
  const blocks = yield* fitTo(past.count, fits, past, scaled);
  const spread = misses.spread();
  return spread === null ? null : new FittedForecaster(history.step, { blocks, features, spread });
}

function* fitTo(now: number, fits: readonly BlockFit[], past: Past, scaled: Scaled) {
  const blocks: BlockModel[] = [];
  for (const fit of fits) {
    blocks.push(fit.fitTo(now, past, scaled));
    yield;
  }
  return blocks;
}

interface Stretch extends Scaled {
  readonly from: number;
  readonly to: number;
}

function collectMisses(misses: Misses, blocks: readonly BlockModel[], past: Past, stretch: Stretch): void {
  const hours = RETOLD_EVERY_H.find(
    (every) => slotsOf(every, past) * RETOLD <= STRETCHES * (stretch.to - stretch.from),
  );
  const every = slotsOf(hours ?? 0, past);
  for (let origin = Math.max(stretch.from, past.day); origin < stretch.to; origin += every) {
    const told = foretell(blocks, past, stretch.features, { origin, to: Infinity });
    const leads = Math.min(told.length, past.count - origin);
    for (let lead = 0; lead < leads; lead += 1) {
      const error = (past.values[origin + lead] ?? NaN) - Math.max(0, told[lead] ?? 0);
      if (!Number.isNaN(error)) misses.add(lead, hourOfSlot(past, origin + lead), error);
    }
  }
}

interface Fitted {
  readonly blocks: readonly BlockModel[];
  readonly features: Features;
  readonly spread: Spread;
}

class FittedForecaster implements Forecaster {
  readonly #step: Millis;
  readonly #fitted: Fitted;

  constructor(step: Millis, fitted: Fitted) {
    this.#step = step;
    this.#fitted = fitted;
  }

  /**
   * The steps from the one that covers `at` to the last that begins before `at + horizon`; empty: nothing is known before.
   * The step that covers `at` is known where the history has it; what the history has of later steps is not looked at.
   */
  issue(history: Series, at: Instant, horizon: Millis): readonly ForecastStep[] {
    const { start, step, values } = history;
    if (step !== this.#step) throw new RangeError(`fitted to steps of ${this.#step} ms, asked of steps of ${step} ms`);
    const now = Math.floor((at - start) / step);
    let origin = Math.min(now + 1, values.length);
    while (origin > 0 && Number.isNaN(values[origin - 1] ?? NaN)) origin -= 1;
    if (origin === 0) return [];
    const from = origin - Math.round((SEEN_DAYS * DAY_MS) / step);
    const past = pastOf(history, from, origin);
    const end = Math.ceil((at + horizon - start) / step);
    const known = now < origin ? [stepOf(history, now, values[now] ?? 0)] : [];
    return [...known, ...this.#foretell(past, { from: Math.max(0, now - origin), to: end - origin })];
  }

  #foretell(past: Past, leads: { readonly from: number; readonly to: number }): readonly ForecastStep[] {
    const { blocks, features, spread } = this.#fitted;
    const near = blocks.filter(({ leads: { from } }) => from === 0 || from < leads.to);
    const told = foretell(near, past, features, { origin: past.count, to: Infinity });
    const steps: ForecastStep[] = [];
    for (let lead = leads.from; lead < leads.to; lead += 1) {
      const slot = past.count + lead;
      const value = Math.max(0, told[withinFitted(lead, told.length, past.day)] ?? 0);
      const { low, high } = spread.at(lead, hourOfSlot(past, slot));
      steps.push(stepOf(past, slot, value, { low: Math.min(low, 0), high: Math.max(high, 0) }));
    }
    return steps;
  }
}

/** A lead beyond those fitted is told as the same time a week earlier, or a day where no week was fitted. */
export function withinFitted(lead: number, fitted: number, day: number): number {
  const period = fitted >= 7 * day ? 7 * day : day;
  return lead < fitted ? lead : fitted - period + ((lead - fitted) % period);
}

function stepOf(
  { start, step }: Pick<Series, 'start' | 'step'>,
  slot: number,
  value: number,
  spread = { low: 0, high: 0 },
): ForecastStep {
  const bounded = (grams: number): GramsPerKwh => Math.max(0, grams) as GramsPerKwh;
  return {
    start: instant(start + slot * step),
    end: instant(start + (slot + 1) * step),
    value: bounded(value),
    low: bounded(value + spread.low),
    high: bounded(value + spread.high),
  };
}
