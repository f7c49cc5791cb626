import { millis } from '../units.ts';

const DAY_MS = 86_400_000;

/** How far ahead our own forecasts reach. */
export const OWN_HORIZON = millis(7 * DAY_MS);
/** Known past without which none is made: two of every weekday. */
export const ENOUGH_PAST = millis(14 * DAY_MS);
/** The most of a zone's past that is kept, and that a model is fitted to. */
export const LONGEST_PAST = millis(400 * DAY_MS);
