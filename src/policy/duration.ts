import { millis } from '../carbon/units.ts';
import type { Millis } from '../carbon/units.ts';

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const PARTS = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g;

/** What a duration looks like; for JSON Schema, which has no parser of its own. */
export const DURATION_PATTERN = /^(0|(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d))+)$/;
/** Longer than any use; keeps a hostile value from costing time. */
const MAX_LENGTH = 64;

/**
 * Reads a Go-style duration, `"90m"`, `"1h30m"`, `"60ms"`, `"0s"`, and beyond Go whole days, `"365d"` of 24 hours.
 * Never negative. Null: it is not one, or is longer than whole milliseconds can count.
 */
export function parseDuration(text: string): Millis | null {
  if (text.length > MAX_LENGTH || !DURATION_PATTERN.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PARTS)) total += inMillis(Number(amount), sizeOf(String(unit)));
  return total <= Number.MAX_SAFE_INTEGER ? millis(total) : null;
}

function sizeOf(unit: string): number {
  return Number(UNITS[unit]);
}

/** A fraction is rounded to the nanosecond, so that "1.005s" is 1005 ms and not 1004.9999999999999. */
function inMillis(amount: number, unit: number): number {
  const exact = amount * unit;
  return Number.isInteger(exact) ? exact : Math.round(exact * 1e6) / 1e6;
}

/** Writes whole milliseconds as `parseDuration` reads them, largest unit hours: `"1h30m"`, `"60ms"`, `"0s"`. */
export function formatDuration(duration: Millis): string {
  let rest: number = Math.round(duration);
  let text = '';
  for (const unit of ['h', 'm', 's', 'ms']) {
    const size = sizeOf(unit);
    const count = Math.floor(rest / size);
    if (count > 0) text += `${String(count)}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
