import { meanAnomaly, slotsOf } from './past.ts';
import type { Past } from './past.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * DAY_MS;
const TURN = 2 * Math.PI;
/** Bounds of the windows whose mean anomalies are features, hours back from the origin. */
const WINDOWS_H = [0, 0.5, 1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24];
/** Waves of the hour of day. */
const DAY_WAVES = [1, 2, 3];
/** Waves a week: the week itself, and the day's waves as they differ within it (7 a week is the day). */
const WEEK_WAVES = [1, 2, 3, 5, 6, 8, 9];
/** Windows (hours) whose anomaly fades or returns at a pace that depends on the hour of day, and with how many waves. */
const PACED = [
  { hours: 0, waves: 3 },
  { hours: 6, waves: 2 },
  { hours: 24, waves: 3 },
];
/** The prior: what the last anomaly adds to the day's fades within 12 h, half of the day's within 24 h. */
const LAST_FADE_H = 12;
const DAY_FADE_H = 24;
const DAY_SHARE = 0.5;

/** Leads [from, to), in slots: lead 0 is the slot that begins at the origin. */
export interface Leads {
  readonly from: number;
  readonly to: number;
}

/** What the forecast from an origin is made of, computed for any past with the same step. */
export class Features {
  readonly count: number;
  readonly #windows: readonly number[];
  readonly #size: number;
  readonly #day: number;

  /** `size`: the typical anomaly, gCO2eq/kWh; features are in units of it. */
  constructor(past: Past, size: number) {
    this.#windows = [...new Set(WINDOWS_H.map((hours) => (hours === 0 ? 0 : slotsOf(hours, past))))];
    this.#size = size;
    this.#day = past.day;
    this.count = this.of(past, past.day).length;
  }

  /** One, anomalies of the last day, waves of day and week, anomalies times waves of the day. */
  of(past: Past, origin: number): Float64Array {
    const features = [1];
    for (const [i, far] of this.#windows.entries()) {
      if (i > 0) features.push(meanAnomaly(past, origin, this.#windows[i - 1] ?? 0, far) / this.#size);
    }
    const at = past.start + origin * past.step;
    const [day, week] = [(TURN * (at % DAY_MS)) / DAY_MS, (TURN * (at % WEEK_MS)) / WEEK_MS];
    for (const wave of DAY_WAVES) features.push(Math.cos(wave * day), Math.sin(wave * day));
    for (const wave of WEEK_WAVES) features.push(Math.cos(wave * week), Math.sin(wave * week));
    for (const { hours, waves } of PACED) {
      const anomaly = meanAnomaly(past, origin, 0, slotsOf(hours, past)) / this.#size;
      for (let wave = 1; wave <= waves; wave += 1) {
        features.push(anomaly * Math.cos(wave * day), anomaly * Math.sin(wave * day));
      }
    }
    return Float64Array.from(features);
  }

  /** The forecast that needs no fitting, gCO2eq/kWh: the profile of the day, and an anomaly that decays. */
  prior(past: Past, origin: number, leads: Leads): Float64Array {
    const ofDay = meanAnomaly(past, origin, 0, this.#day);
    const beyond = meanAnomaly(past, origin, 0, 1) - ofDay;
    const slotHours = past.step / HOUR_MS;
    const [lastFade, dayFade] = [Math.exp(-slotHours / LAST_FADE_H), Math.exp(-slotHours / DAY_FADE_H)];
    let ofLast = beyond * lastFade ** leads.from;
    let ofDayLeft = DAY_SHARE * ofDay * dayFade ** leads.from;
    const prior = new Float64Array(leads.to - leads.from);
    for (let i = 0; i < prior.length; i += 1) {
      const sameSlot = origin - this.#day + ((leads.from + i) % this.#day);
      prior[i] = (past.profile[sameSlot] ?? 0) + ofLast + ofDayLeft;
      ofLast *= lastFade;
      ofDayLeft *= dayFade;
    }
    return prior;
  }
}
