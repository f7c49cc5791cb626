import { instant } from '../units.ts';
import type { Instant, Millis } from '../units.ts';
import type { Series } from './series.ts';
import { at } from './vectors.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Each day counts 6/7 of the day after it: two thirds of the weight lie on the last week. */
const DAY_WEIGHT = 6 / 7;
/** An anomaly that nobody observes is taken to fade: to 1/e in so many hours. */
const GAP_FADE_H = 12;

/** A stretch of history as the model sees it. Slot i is [start + i * step, …); nothing in slot i knows of a later one. */
export interface Past {
  readonly start: Instant;
  readonly step: Millis;
  /** Slots of a day. */
  readonly day: number;
  /** Slots; an origin is 0 to `count`, and knows the slots before it. */
  readonly count: number;
  readonly values: Float64Array;
  /** Usual value of this slot of the day, this day's value included, gCO2eq/kWh. */
  readonly profile: Float64Array;
  /** Sum of the anomalies of all slots before slot i; an anomaly is the value less the profile of the day before. */
  readonly sums: Float64Array;
}

/** Slots of a day, where days can be told apart by them: a whole number, 6 at least; else null. */
export function slotsOfDay(step: Millis): number | null {
  const day = DAY_MS / step;
  return Number.isInteger(day) && day >= 6 ? day : null;
}

/** Slots of `hours`, one at least. */
export function slotsOf(hours: number, { step }: { readonly step: Millis }): number {
  return Math.max(1, Math.round((hours * HOUR_MS) / step));
}

/** What the model sees of the slots from `from` (may be negative: nothing is known there) to before `to`. */
export function pastOf({ start, step, values }: Series, from: number, to: number): Past {
  const count = to - from;
  const day = slotsOfDay(step) ?? 1;
  const seen = new Float64Array(count).fill(NaN);
  seen.set(values.subarray(Math.max(0, from), to), Math.max(0, -from));
  const profile = new Float64Array(count);
  const sums = new Float64Array(count + 1);
  const usual = new Profile(day);
  const fade = 1 / Math.exp(step / (GAP_FADE_H * HOUR_MS));
  let anomaly = 0;
  for (let i = 0; i < count; i += 1) {
    const value = at(seen, i);
    const slot = i % day;
    if (Number.isNaN(value)) anomaly *= fade;
    else {
      anomaly = value - (usual.at(slot) ?? value);
      usual.add(slot, value);
    }
    // A slot of the day that was never seen is taken to be like the one before it.
    profile[i] = usual.at(slot) ?? profile[i - 1] ?? 0;
    sums[i + 1] = at(sums, i) + anomaly;
  }
  return { start: instant(start + from * step), step, day, count, values: seen, profile, sums };
}

/** Weighted means by slot of the day. */
class Profile {
  readonly #totals: Float64Array;
  readonly #weights: Float64Array;

  constructor(day: number) {
    this.#totals = new Float64Array(day);
    this.#weights = new Float64Array(day);
  }

  add(slot: number, value: number): void {
    this.#totals[slot] = at(this.#totals, slot) * DAY_WEIGHT + value;
    this.#weights[slot] = at(this.#weights, slot) * DAY_WEIGHT + 1;
  }

  /** Null: never seen. */
  at(slot: number): number | null {
    const weight = at(this.#weights, slot);
    return weight === 0 ? null : at(this.#totals, slot) / weight;
  }
}

/** Mean anomaly of the slots that lie `near` to before `far` slots back from an origin. */
export function meanAnomaly({ sums }: Past, origin: number, near: number, far: number): number {
  return (at(sums, Math.max(0, origin - near)) - at(sums, Math.max(0, origin - far))) / (far - near);
}

/** Root of the mean square of the anomalies of the slots [from, to); 1 where there is none. */
export function typicalAnomaly({ sums, count }: Past, from: number, to: number = count): number {
  let squares = 0;
  for (let i = from; i < to; i += 1) squares += (at(sums, i + 1) - at(sums, i)) ** 2;
  const size = Math.sqrt(squares / Math.max(1, to - from));
  return size > 0 ? size : 1;
}
