import { meanAnomaly, slotsOf } from './past.ts';
import type { Past } from './past.ts';
import { at } from './vectors.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * DAY_MS;
const TURN = 2 * Math.PI;
/** Upper bounds of the windows whose mean anomalies are features, hours back from the origin. */
const WINDOWS_H = [0.5, 1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24];
/** Waves of the hour of day. */
const DAY_WAVES = [1, 2, 3];
/** Waves a week: the week itself, and the day's waves as they differ within it (7 a week is the day). */
const WEEK_WAVES = [1, 2, 3, 5, 6, 8, 9];
/** Windows (hours) whose anomaly fades or returns at a pace that depends on the hour of day, and with which waves; 0 h: the last slot. */
const PACED = [
  { hours: 0, waves: [1, 2, 3] },
  { hours: 6, waves: [1, 2] },
  { hours: 24, waves: [1, 2, 3] },
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
  readonly #day: number;

  constructor(past: Pick<Past, 'step' | 'day'>) {
    this.#windows = [...new Set(WINDOWS_H.map((hours) => slotsOf(hours, past)))];
    this.#day = past.day;
    const paced = PACED.reduce((count, { waves }) => count + waves.length, 0);
    this.count = 1 + this.#windows.length + 2 * (DAY_WAVES.length + WEEK_WAVES.length + paced);
  }

  /** One, anomalies of the last day (gCO2eq/kWh), waves of day and week, anomalies times waves of the day. */
  of(past: Past, origin: number): Float64Array {
    const features = new Float64Array(this.count);
    features[0] = 1;
    let next = 1;
    let near = 0;
    for (const far of this.#windows) {
      features[next] = meanAnomaly(past, origin, near, far);
      next += 1;
      near = far;
    }
    const now = past.start + origin * past.step;
    const [day, week] = [(TURN * (now % DAY_MS)) / DAY_MS, (TURN * (now % WEEK_MS)) / WEEK_MS];
    next = addWaves(features, next, DAY_WAVES, { angle: day, height: 1 });
    next = addWaves(features, next, WEEK_WAVES, { angle: week, height: 1 });
    for (const { hours, waves } of PACED) {
      const height = meanAnomaly(past, origin, 0, slotsOf(hours, past));
      next = addWaves(features, next, waves, { angle: day, height });
    }
    return features;
  }

  /**
   * What ridge regression is to add for the squares of the weights, so that it is as if anomalies and what is foretold
   * were in units of `size`, the typical anomaly (gCO2eq/kWh), whatever it was when the rows were added.
   */
  penalties(lambda: number, size: number): Float64Array {
    const penalties = new Float64Array(this.count).fill(lambda * size * size);
    const waves = 1 + this.#windows.length;
    penalties[0] = lambda;
    return penalties.fill(lambda, waves, waves + 2 * (DAY_WAVES.length + WEEK_WAVES.length));
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
    const yesterday = past.profile.subarray(origin - this.#day, origin);
    let slot = leads.from % this.#day;
    for (let i = 0; i < prior.length; i += 1) {
      prior[i] = at(yesterday, slot) + ofLast + ofDayLeft;
      ofLast *= lastFade;
      ofDayLeft *= dayFade;
      slot = slot + 1 === this.#day ? 0 : slot + 1;
    }
    return prior;
  }
}

interface Wave {
  /** At the origin, radians. */
  readonly angle: number;
  readonly height: number;
}

/** Writes cosine and sine of each multiple of the angle from `next` on; where to go on. */
function addWaves(features: Float64Array, next: number, multiples: readonly number[], { angle, height }: Wave): number {
  for (const [i, multiple] of multiples.entries()) {
    features[next + 2 * i] = height * Math.cos(multiple * angle);
    features[next + 2 * i + 1] = height * Math.sin(multiple * angle);
  }
  return next + 2 * multiples.length;
}
