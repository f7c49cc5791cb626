declare const unit: unique symbol;

/** A share of one, e.g. 0.02 for "2%". */
export type Share = number & { readonly [unit]: 'share of one' };
/** A mass of CO2 equivalent in grams. */
export type Grams = number & { readonly [unit]: 'gCO2eq' };

/** Hours of the day in UTC, minutes after midnight, [start, end); `end` before `start`: over midnight. */
export interface HoursOfDay {
  readonly startMinute: number;
  readonly endMinute: number;
}

/** What the texts look like; for JSON Schema, which has no parser of its own. */
export const PERCENTAGE_PATTERN = /^\d{1,3}(\.\d+)?%$/;
export const MASS_PATTERN = /^\d+(\.\d+)?(g|kg|t)$/;
export const HOURS_PATTERN = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** Reads `"2%"` as 0.02, from 0 % to 100 %; null: it is not a percentage. */
export function parsePercentage(text: string): Share | null {
  if (!PERCENTAGE_PATTERN.test(text)) return null;
  const percent = Number(text.slice(0, -1));
  return percent <= 100 ? ((percent / 100) as Share) : null;
}

const GRAMS: readonly (readonly [suffix: string, grams: number])[] = [
  ['kg', 1e3],
  ['g', 1],
  ['t', 1e6],
];

/** Reads `"500kg"`, `"1.5t"` or `"800g"` as grams; null: it is not a mass. */
export function parseMass(text: string): Grams | null {
  if (!MASS_PATTERN.test(text)) return null;
  const [suffix, grams] = GRAMS.find(([name]) => text.endsWith(name)) ?? ['', NaN];
  const mass = Number(text.slice(0, -suffix.length)) * grams;
  return Number.isFinite(mass) ? (mass as Grams) : null;
}

/** Reads `"11:00-15:00"`; null: it is not a range of hours, or an empty one. */
export function parseHours(text: string): HoursOfDay | null {
  if (!HOURS_PATTERN.test(text)) return null;
  const startMinute = minuteOfDay(text.slice(0, 5));
  const endMinute = minuteOfDay(text.slice(6));
  return startMinute === endMinute ? null : { startMinute, endMinute };
}

function minuteOfDay(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}
