import { observedSeries } from '../../carbon/forecast/observed-series.ts';
import { LONGEST_PAST } from '../../carbon/forecast/own.ts';
import type { Series } from '../../carbon/forecast/series.ts';
import type { ObservedStep } from '../../carbon/report.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Made longer by so much at a time. */
const ROOM = 10 * DAY;
/** What any observation outweighs. */
const LEAST = 1e-9;

/** How finely a zone's past is kept: half-hourly where it was observed so or finer, else hourly. */
export function historyStep(steps: readonly ObservedStep[]): Millis {
  return millis(steps.some(({ start, end }) => end - start <= HOUR / 2) ? HOUR / 2 : HOUR);
}

/**
 * The past of one zone as one source tells it: means over regular slots, to a tenth of a gram so that they can be handed
 * on whole. Grows to LONGEST_PAST and forgets the oldest, ten days at a time.
 */
export class ZoneHistory {
  readonly step: Millis;
  /** Slots are counted from 1970. */
  #first = 0;
  #count = 0;
  #values = new Float64Array(0);
  /** How much of each slot its value stands for, 0 to 1. */
  #weights = new Float32Array(0);
  /** What was observed of the slots that may not be over: the means of these are made of several reports. */
  #recent = new Map<Instant, ObservedStep>();

  constructor(step: Millis) {
    this.step = step;
  }

  /** Takes in what was observed; a revised value replaces the earlier one, and what begins after `now` is not believed. */
  append(steps: readonly ObservedStep[], now: Instant): void {
    const believed = steps
      .filter(({ start, end }) => start <= now && end > now - LONGEST_PAST)
      .map((step) => ({ ...step, end: instant(Math.min(step.end, now + DAY)) }));
    const series = observedSeries([...this.#recent.values(), ...believed], this.step);
    const first = series.start / this.step;
    for (const [i, value] of series.values.entries()) this.#write(first + i, value, series.known[i] ?? 0);
    this.#remember(believed);
  }

  /** Takes in what another replica knew, where nothing is known here. */
  fill({ start, step, values }: Series): void {
    if (step !== this.step) return;
    const first = Math.floor(start / step);
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i] ?? NaN;
      const slot = first + i - this.#first;
      const known = slot >= 0 && slot < this.#count && !Number.isNaN(this.#values[slot] ?? NaN);
      // The last may have been under way: whatever is observed of it replaces it.
      if (!known) this.#write(first + i, value, i === values.length - 1 ? LEAST : 1);
    }
  }

  /** Slots that begin at `from` or later and before `to`; a view, valid until the next change. */
  between(from: Instant, to: Instant): Series {
    const low = Math.min(Math.max(0, Math.ceil(from / this.step) - this.#first), this.#count);
    const high = Math.min(Math.max(low, Math.ceil(to / this.step) - this.#first), this.#count);
    return {
      start: instant((this.#first + low) * this.step),
      step: this.step,
      values: this.#values.subarray(low, high),
    };
  }

  /** How much is known of the slots that begin in [from, to). */
  knownWithin(from: Instant, to: Instant): Millis {
    let known = 0;
    for (const value of this.between(from, to).values) if (!Number.isNaN(value)) known += 1;
    return millis(known * this.step);
  }

  #remember(steps: readonly ObservedStep[]): void {
    for (const { start } of steps) this.#recent.delete(start);
    const newest = [...this.#recent.values(), ...steps].reduce((end, step) => Math.max(end, step.end), 0);
    const over = newest - 2 * this.step;
    for (const { start, end } of this.#recent.values()) if (end <= over) this.#recent.delete(start);
    for (const step of steps) {
      this.#recent.delete(step.start);
      if (step.end > over) this.#recent.set(step.start, step);
    }
  }

  #write(slot: number, value: number, weight: number): void {
    if (Number.isNaN(value) || weight === 0) return;
    this.#reach(slot);
    const i = slot - this.#first;
    if (i < 0 || Math.fround(weight) < (this.#weights[i] ?? 0)) return;
    this.#values[i] = Math.round(value * 10) / 10;
    this.#weights[i] = weight;
    this.#count = Math.max(this.#count, i + 1);
  }

  /** Makes room for a slot, and drops what is older than is kept. */
  #reach(slot: number): void {
    const last = this.#first + this.#values.length;
    if (this.#values.length > 0 && slot >= this.#first && slot < last) return;
    const [most, room] = [LONGEST_PAST / this.step, ROOM / this.step];
    const newest = Math.max(slot, this.#count > 0 ? this.#first + this.#count - 1 : slot);
    const oldest = Math.max(Math.min(slot, this.#count > 0 ? this.#first : slot), newest + 1 - most);
    if (slot < oldest) return;
    const values = new Float64Array(newest + 1 - oldest + room).fill(NaN);
    const weights = new Float32Array(values.length);
    const dropped = Math.max(0, oldest - this.#first);
    if (this.#count > dropped) {
      values.set(this.#values.subarray(dropped, this.#count), this.#first + dropped - oldest);
      weights.set(this.#weights.subarray(dropped, this.#count), this.#first + dropped - oldest);
    }
    this.#count = Math.max(0, this.#first + this.#count - oldest);
    [this.#first, this.#values, this.#weights] = [oldest, values, weights];
  }
}
