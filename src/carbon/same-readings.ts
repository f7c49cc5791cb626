import type { ForecastStep, KnownReading, Reading } from './types.ts';
import type { Zone } from './units.ts';

/** Whether two snapshots say exactly the same of the same zones. */
export function sameReadings(one: ReadonlyMap<Zone, Reading>, other: ReadonlyMap<Zone, Reading>): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(([zone, reading]) => {
    const counterpart = other.get(zone);
    return counterpart !== undefined && sameReading(reading, counterpart);
  });
}

function sameReading(one: Reading, other: Reading): boolean {
  if (one === other) return true;
  if (one.state === 'unknown') return other.state === 'unknown' && one.reason === other.reason;
  if (other.state === 'unknown') return false;
  return sameBut(one, other, 'forecast') && sameForecast(one, other);
}

function sameForecast({ forecast: one }: KnownReading, { forecast: other }: KnownReading): boolean {
  if (one === other) return true;
  return one.length === other.length && one.every((step, index) => sameStep(step, other[index]));
}

function sameStep(one: ForecastStep, other: ForecastStep | undefined): boolean {
  if (one === other) return true;
  if (one.start !== other?.start || one.end !== other.end) return false;
  return one.value === other.value && one.low === other.low && one.high === other.high;
}

/** Whether all members but one are the same. */
function sameBut<Value extends object>(one: Value, other: Value, but: keyof Value): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Value>;
  keys.delete(but);
  return [...keys].every((key) => one[key] === other[key]);
}
