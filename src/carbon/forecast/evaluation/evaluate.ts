import { instant, millis } from '../../units.ts';
import type { Instant, Millis } from '../../units.ts';
import { fitForecaster, REFIT_EVERY } from '../forecaster.ts';
import { slotsOfDay } from '../past.ts';
import type { Series } from '../series.ts';
import type { Forecaster } from '../types.ts';
import { BASELINES, baseline } from './baselines.ts';
import type { Baseline, Task } from './baselines.ts';
import { Scoring, dailyRanks } from './score.ts';
import type { Score } from './score.ts';

const DAY_MS = 86_400_000;
/** History that is not scored, for the first model to learn from. */
export const BURN_IN: Millis = millis(30 * DAY_MS);
/** Days of lead up to which scores are given, where the horizon reaches so far. */
const MARKS_DAYS = [1, 2, 3, 7, 14];

/** How to measure. */
export interface EvaluationOptions {
  readonly horizon: Millis;
  /** Slots from one origin to the next; 1: as the service does. */
  readonly stride: number;
  readonly burnIn?: Millis;
  /** Told the share of the series that is done, 0 to 1, at each fitting. */
  readonly onProgress?: (done: number) => void;
}

/** A way to forecast. */
export type Method = 'lowtide' | Baseline;
/** All of them; the model first. */
export const METHODS: readonly Method[] = ['lowtide', ...BASELINES];

/** Scores over all leads up to `upTo`. */
export interface MarkScores {
  readonly upTo: Millis;
  readonly scores: ReadonlyMap<Method, Score>;
}

/** What was measured, and of what. */
export interface Evaluation {
  readonly forecasts: number;
  readonly firstOrigin: Instant;
  readonly lastOrigin: Instant;
  /** Ascending; the last is the horizon. */
  readonly marks: readonly MarkScores[];
}

/**
 * Walks forward through a series: at each origin the model sees the values before it and no other, refitted every
 * REFIT_EVERY; each method forecasts the same slots, and one whose value is missing for any of them counts for none. Null: the
 * series is too short for one forecast after the burn-in.
 */
export function evaluate(series: Series, options: EvaluationOptions): Evaluation | null {
  const { horizon, stride, burnIn = BURN_IN } = options;
  const { step, values } = series;
  const day = slotsOfDay(step);
  if (day === null) return null;
  const leads = Math.round(horizon / step);
  const scorings = new Map(METHODS.map((method) => [method, new Scoring(day)]));
  const models = new Models(series, options);
  const origins: number[] = [];
  for (let origin = Math.ceil(burnIn / step); origin + leads <= values.length; origin += stride) {
    const model = models.at(origin);
    if (model === null) continue;
    const scored = scoreOne(scorings, model, { series, task: { values, origin, leads, day } });
    if (scored) origins.push(origin);
  }
  const [first, last] = [origins[0], origins.at(-1)];
  if (first === undefined || last === undefined) return null;
  return {
    forecasts: origins.length,
    firstOrigin: instant(series.start + first * step),
    lastOrigin: instant(series.start + last * step),
    marks: marksOf(horizon).map((upTo) => ({ upTo, scores: scoresOf(scorings, upTo) })),
  };
}

/** The model in force at each origin, fitted to what lies before the origin of its fitting. */
class Models {
  readonly #series: Series;
  readonly #options: EvaluationOptions;
  #model: Forecaster | null = null;
  #next = 0;

  constructor(series: Series, options: EvaluationOptions) {
    this.#series = series;
    this.#options = options;
  }

  at(origin: number): Forecaster | null {
    if (origin < this.#next) return this.#model;
    this.#options.onProgress?.(origin / this.#series.values.length);
    this.#model = fitForecaster(before(this.#series, origin), this.#options.horizon);
    this.#next = origin + Math.round(REFIT_EVERY / this.#series.step);
    return this.#model;
  }
}

/** The series as it was known at an origin. */
function before(series: Series, origin: number): Series {
  return { ...series, values: series.values.subarray(0, origin) };
}

/** Whether anything could be scored. */
function scoreOne(
  scorings: ReadonlyMap<Method, Scoring>,
  model: Forecaster,
  { series, task }: { readonly series: Series; readonly task: Task },
): boolean {
  const { values, origin, leads, day } = task;
  const at = instant(series.start + origin * series.step);
  const steps = model.issue(before(series, origin), at, millis(leads * series.step));
  if (steps.length === 0) return false;
  const told = new Map<Method, Float64Array>([['lowtide', Float64Array.from(steps, ({ value }) => value)]]);
  for (const name of BASELINES) told.set(name, baseline(name, task));
  const truth = values.slice(origin, origin + leads);
  for (const lead of truth.keys()) {
    if (METHODS.some((method) => Number.isNaN(told.get(method)?.[lead] ?? NaN))) truth[lead] = NaN;
  }
  const shared = { truth, truthRanks: dailyRanks(truth, day) };
  const low = Float64Array.from(steps, (step) => step.low ?? NaN);
  const high = Float64Array.from(steps, (step) => step.high ?? NaN);
  for (const [method, values] of told) {
    scorings.get(method)?.add({ ...shared, told: values, ...(method === 'lowtide' ? { low, high } : {}) });
  }
  return truth.some((value) => !Number.isNaN(value));
}

function marksOf(horizon: Millis): readonly Millis[] {
  return [...MARKS_DAYS.map((days) => days * DAY_MS).filter((mark) => mark < horizon), horizon].map(millis);
}

function scoresOf(scorings: ReadonlyMap<Method, Scoring>, upTo: Millis): ReadonlyMap<Method, Score> {
  const scores = new Map<Method, Score>();
  for (const [method, scoring] of scorings) {
    const score = scoring.score(Math.ceil(upTo / DAY_MS));
    if (score !== null) scores.set(method, score);
  }
  return scores;
}
