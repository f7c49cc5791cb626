import { millis } from '../../carbon/units.ts';
import { formatDuration } from '../../policy/duration.ts';

const MINUTE_MS = 60_000;

/** An intensity with its unit. */
export function intensity(value: number): string {
  return `${Math.round(value)} gCO2eq/kWh`;
}

/** A mass of CO2 equivalent in the unit that suits it. */
export function grams(value: number): string {
  return Math.abs(value) < 1000
    ? `${Number(value.toPrecision(3))} gCO2eq`
    : `${Number((value / 1000).toPrecision(3))} kgCO2eq`;
}

/** A moment in UTC; the day, too, where it is another than that of `beside`. */
export function clock(time: string, beside: string): string {
  const day = time.slice(0, 10) === beside.slice(0, 10) ? '' : `${time.slice(0, 10)} `;
  return `${day}${time.slice(11, 16)} UTC`;
}

/** A moment, and how long until then. */
export function clockAfter(time: string, now: string): string {
  const wait = Math.round((Date.parse(time) - Date.parse(now)) / MINUTE_MS) * MINUTE_MS;
  return wait < MINUTE_MS ? `${clock(time, now)} (now)` : `${clock(time, now)} (in ${formatDuration(millis(wait))})`;
}
