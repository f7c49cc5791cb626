import type { Series } from '../../src/carbon/forecast/series.ts';
import { instant, millis } from '../../src/carbon/units.ts';

const HOUR = 3_600_000;
const MONDAY = Date.parse('2026-01-05T00:00:00Z');

interface GridShape {
  readonly days: number;
  readonly stepHours?: number;
  /** In which weather fades to 1/e. */
  readonly weatherHours?: number;
  readonly seed?: number;
}

/** A made-up grid: sun by day, work by week, weather that lasts a while. */
export function syntheticGrid({ days, stepHours = 1, weatherHours = 12, seed = 1 }: GridShape): Series {
  const random = chance(seed);
  const values = new Float64Array(Math.round((days * 24) / stepHours));
  const keep = Math.exp(-stepHours / weatherHours);
  let weather = 0;
  for (const i of values.keys()) {
    const hour = i * stepHours;
    weather = keep * weather + Math.sqrt(1 - keep * keep) * 40 * normal(random);
    const sun = -80 * Math.max(0, Math.sin(((hour % 24) / 24 - 0.25) * 2 * Math.PI));
    const week = Math.floor(hour / 24) % 7 < 5 ? 30 : -30;
    values[i] = Math.max(0, 300 + sun + week + weather);
  }
  return { start: instant(MONDAY), step: millis(stepHours * HOUR), values };
}

/** The first `days` of a series. */
export function firstDays(series: Series, days: number): Series {
  return { ...series, values: series.values.slice(0, (days * 24 * HOUR) / series.step) };
}

function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function normal(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i += 1) sum += random();
  return sum;
}
