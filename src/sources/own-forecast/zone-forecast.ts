import { LONGEST_PAST } from '../../carbon/forecast/own.ts';
import type { Series } from '../../carbon/forecast/series.ts';
import type { Fitting, Forecaster } from '../../carbon/forecast/types.ts';
import { isConstant } from '../../carbon/forecast/variation.ts';
import type { ForecastStep } from '../../carbon/types.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import type { ZonePast } from './state.ts';
import { ZoneHistory } from './zone-history.ts';

const DAY = 86_400_000;
/** A zone's variation is looked for in so much of its past: what never varied once may do so later. */
const CONSTANT_WITHIN = 14 * DAY;

/** Which zone, by whom, counted how: pasts that differ in any of it are never mixed. */
export type PastKey = Pick<ZonePast, 'source' | 'zone' | 'kind' | 'factor'>;

/** How models are fitted, and when. */
export interface FitRules {
  readonly fit: (history: Series) => Fitting;
  /** Known past without which none is fitted. */
  readonly enough: Millis;
  readonly refitEvery: Millis;
}

/** One zone's past under one source, and the model that was fitted to it. */
export class ZoneForecast {
  readonly key: PastKey;
  readonly history: ZoneHistory;
  /** Whether its reports come without a provider's forecast. */
  wanted = false;
  lastSeen = instant(0);
  readonly #rules: FitRules;
  #model: Forecaster | null = null;
  #fittedTo: Instant | null = null;
  /** How much was known at the last fitting, whatever came of it. */
  #fittedWith = 0;
  /** Where the model of another replica is to be fitted again. */
  #agreed: Instant | null = null;

  constructor(key: PastKey, step: Millis, rules: FitRules) {
    this.key = key;
    this.history = new ZoneHistory(step);
    this.#rules = rules;
  }

  /** Whether a model is wanted that is not there, or not of today. */
  needsFit(now: Instant): boolean {
    if (!this.wanted) return false;
    if (this.#agreed !== null) return true;
    const known = this.#knownAt(now);
    if (known < this.#rules.enough) return false;
    const due = this.#fittedTo === null || now >= this.#fittedTo + this.#rules.refitEvery;
    // Back-filled past is worth a fitting at once; what comes by the hour waits.
    return due || known >= 1.25 * this.#fittedWith + DAY;
  }

  /** Fits the model to the slots that are over, in steps; until the last of them the earlier model is in use. */
  *fit(now: Instant): Generator<undefined, void> {
    const { step } = this.history;
    const to = this.#agreed ?? instant(Math.floor(now / step) * step);
    this.#agreed = null;
    const known = this.#knownAt(now);
    const past = this.history.between(instant(to - LONGEST_PAST), to);
    try {
      // The history goes on while the model is fitted.
      this.#model = yield* this.#rules.fit({ ...past, values: past.values.slice() });
    } finally {
      // What cannot be fitted now is not tried again at each report either.
      this.#fittedTo = to;
      this.#fittedWith = known;
    }
  }

  /** The steps from `now` on that the model foretells from what had begun by then; empty: there is no model. */
  issue(now: Instant, horizon: Millis): readonly ForecastStep[] {
    if (this.#model === null) return [];
    const known = this.history.between(instant(now - LONGEST_PAST), instant(now + 1));
    return this.#model.issue(known, now, horizon).filter(({ end }) => end > now);
  }

  isConstant(now: Instant): boolean | null {
    return isConstant(this.history.between(instant(now - CONSTANT_WITHIN), instant(now + 1)));
  }

  /** Its past from `from` on, to be handed on. */
  past(from: Instant, to: Instant): ZonePast {
    const { start, step, values } = this.history.between(from, to);
    const tenths = Array.from(values, (value) => (Number.isNaN(value) ? null : Math.round(value * 10)));
    return { ...this.key, start, step, tenths, fittedTo: this.#model === null ? null : this.#fittedTo };
  }

  /** Goes on from what another replica knew, with the model that it had. */
  adopt({ start, step, tenths, fittedTo }: ZonePast, takenAt: Instant): void {
    this.history.fill({ start, step, values: new Float64Array(tenths.map((tenth) => (tenth ?? NaN) / 10)) });
    this.lastSeen = instant(Math.max(this.lastSeen, takenAt));
    if (fittedTo === null || (this.#fittedTo ?? 0) >= fittedTo) return;
    this.wanted = true;
    this.#agreed = fittedTo;
  }

  #knownAt(now: Instant): Millis {
    return millis(this.history.knownWithin(instant(now - LONGEST_PAST), instant(now + 1)));
  }
}

/** By which it is found. */
export function keyOf({ source, zone, kind, factor }: PastKey): string {
  return JSON.stringify([source, zone, kind, factor]);
}
