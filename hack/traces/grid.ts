import { uniformStream } from '../../src/simulation/random.ts';
import { remembering } from './random.ts';
import type { GridShape } from './zones.ts';

/** The weather over one grid in one hour: standard normal, 0 is an ordinary hour. */
export interface Weather {
  readonly wind: number;
  readonly cloud: number;
  /** Outages, imports, hydro: whatever else is not the same from day to day. */
  readonly rest: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ORDINARY: Weather = { wind: 0, cloud: 0, rest: 0 };
/** A wet day leaves 1 − 0.7 of the sun; an ordinary one 1 − 0.7 / 2. */
const CLOUD_DEPTH = 0.7;
const WEEKEND_DEMAND = 0.9;
const REST_SHARE = 0.02;
/** The last fossil plants stay on, for the grid's stability: the fossil share nears zero and never gets there. */
const SOFTNESS = 0.06;

/** Hourly gCO2eq/kWh of one grid from `start` on, to one decimal. The same seed gives the same weather to every length. */
export function hourlyIntensity(grid: GridShape, seed: number, start: number, hours: number): readonly number[] {
  const weather = weatherOver(grid, seed);
  const fossil = fossilIntensity(grid, start);
  return Array.from({ length: hours }, (_, hour) => {
    const share = fossilShare(grid, start + hour * HOUR_MS, weather());
    return Math.round((grid.floor + (fossil - grid.floor) * share) * 10) / 10;
  });
}

/** Fossil generation as a share of demand, in the hour from `at` on. */
export function fossilShare(grid: GridShape, at: number, weather: Weather): number {
  // The middle of the hour stands for the hour.
  const middle = at + HOUR_MS / 2;
  const demand = demandAt(grid, middle);
  const sun = sunAt(grid, middle) * (1 - CLOUD_DEPTH * logistic(weather.cloud));
  const clean = grid.steady + grid.solar * sun + grid.wind * logistic(1.3 * weather.wind);
  return Math.min(1, softPlus((demand - clean) / demand + REST_SHARE * weather.rest));
}

/** Sine of the sun's elevation at the grid's place, 0 at night: Cooper's declination, solar time by longitude. */
export function sunAt({ latitude, longitude }: GridShape, at: number): number {
  const declination = radians(23.45) * Math.sin((2 * Math.PI * (284 + dayOfYear(at))) / 365);
  const hourAngle = radians(15 * (localHour(at, longitude / 15) - 12));
  const phi = radians(latitude);
  const sine = Math.sin(phi) * Math.sin(declination) + Math.cos(phi) * Math.cos(declination) * Math.cos(hourAngle);
  return Math.max(0, sine);
}

/** Demand over its mean: low at four, a morning peak at eight, a higher one at seven in the evening; less at weekends. */
export function demandAt({ utcOffset, swing }: GridShape, at: number): number {
  const hour = localHour(at, utcOffset);
  const day =
    0.15 * Math.cos(radians(15 * (hour - 16))) + 0.5 * bump(hour, 8, 2) + bump(hour, 19, 2.5) - bump(hour, 4, 3);
  const weekday = Math.floor(at / DAY_MS + utcOffset / 24 + 3) % 7; // 1970-01-01 was a Thursday; 0 is Monday
  return (1 + swing * day) * (weekday >= 5 ? WEEKEND_DEMAND : 1);
}

/**
 * What the grid's fossil power must emit, so that the year around `start` in ordinary weather has the documented mean.
 * Every fifth day stands for the year: the shape changes slowly with the season, and 5 and 7 share no factor.
 */
export function fossilIntensity(grid: GridShape, start: number): number {
  const first = Date.UTC(new Date(start).getUTCFullYear(), 0, 1);
  let sum = 0;
  for (let day = 0; day < 365; day += 5) {
    for (let hour = 0; hour < 24; hour += 1) sum += fossilShare(grid, first + day * DAY_MS + hour * HOUR_MS, ORDINARY);
  }
  return grid.floor + (grid.annualMean - grid.floor) / (sum / (73 * 24));
}

function weatherOver(grid: GridShape, seed: number): () => Weather {
  const front = remembering(uniformStream(seed, `${grid.zone} front`), 40);
  const gust = remembering(uniformStream(seed, `${grid.zone} gust`), 7);
  const cloud = remembering(uniformStream(seed, `${grid.zone} cloud`), 18);
  const rest = remembering(uniformStream(seed, `${grid.zone} rest`), 8);
  return () => ({ wind: 0.95 * front() + 0.2 * gust(), cloud: cloud(), rest: rest() });
}

function localHour(at: number, hoursEast: number): number {
  return (((at / HOUR_MS + hoursEast) % 24) + 24) % 24;
}

function dayOfYear(at: number): number {
  return Math.floor((at - Date.UTC(new Date(at).getUTCFullYear(), 0, 1)) / DAY_MS) + 1;
}

function bump(hour: number, centre: number, width: number): number {
  const distance = Math.abs(hour - centre);
  return Math.exp(-((Math.min(distance, 24 - distance) / width) ** 2) / 2);
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function softPlus(x: number): number {
  return SOFTNESS * Math.log1p(Math.exp(x / SOFTNESS));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
