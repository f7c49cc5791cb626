import { at } from '../../carbon/forecast/vectors.ts';
import type { Region } from '../../carbon/units.ts';
import { gaussian } from '../random.ts';
import type { Uniform } from '../random.ts';

/** A made-up grid: its mean and range in gCO2eq/kWh, and the hours of the day (UTC) in which it is clean. */
export interface GridShape {
  readonly region: Region;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly clean: { readonly from: number; readonly to: number };
}

/** Each hour's weather keeps this share of the hour before (AR(1))... */
const MEMORY = 0.9;
/** ...and adds a draw of this standard deviation, share of the grid's range. */
const INNOVATION = 0.052;
/** How far the clean hours lie below the others, share of the grid's range. */
const DIP = 0.55;
/** Hours that the sun or the hydro plants take to come and to go. */
const SHOULDER = 2;
const HOURS = 24;

/**
 * Hourly gCO2eq/kWh from midnight on, to one decimal: a daily dip in the clean hours, which keeps the mean, and weather
 * over it. What would leave the range is reflected into it.
 */
export function hourlyIntensity(grid: GridShape, count: number, uniform: Uniform): Float64Array {
  const range = grid.high - grid.low;
  const day = dayOf(grid);
  const values = new Float64Array(count);
  let weather = (INNOVATION / Math.sqrt(1 - MEMORY ** 2)) * gaussian(uniform);
  for (let hour = 0; hour < count; hour += 1) {
    const value = grid.mean + range * (at(day, hour % HOURS) + weather);
    values[hour] = Math.round(10 * reflected(value, grid)) / 10;
    weather = MEMORY * weather + INNOVATION * gaussian(uniform);
  }
  return values;
}

/** Deviation from the mean in each hour of the day, share of the range; they add up to nothing. */
function dayOf({ clean }: GridShape): Float64Array {
  const depth = Float64Array.from({ length: HOURS }, (_, hour) => depthAt(hour + 0.5, clean));
  const mean = depth.reduce((sum, part) => sum + part, 0) / HOURS;
  return depth.map((part) => DIP * (mean - part));
}

/** 1 within the clean hours, falling to 0 on both sides of them. */
function depthAt(hour: number, { from, to }: GridShape['clean']): number {
  const outside = Math.max(from - hour, hour - to, 0);
  return Math.max(0, 1 - outside / SHOULDER);
}

function reflected(value: number, { low, high }: GridShape): number {
  const inside = value < low ? 2 * low - value : value > high ? 2 * high - value : value;
  return Math.min(high, Math.max(low, inside));
}
