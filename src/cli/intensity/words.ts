import type { CleanWindow } from '../../carbon/clean-window.ts';
import type { Instant, Millis } from '../../carbon/units.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A length of time in one unit, rounded down: `45s`, `12m`, `3h`, `2d`. */
export function ageWords(age: Millis): string {
  if (age < MINUTE_MS) return `${Math.floor(age / 1000)}s`;
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)}m`;
  return age < 2 * DAY_MS ? `${Math.floor(age / HOUR_MS)}h` : `${Math.floor(age / DAY_MS)}d`;
}

/** A window in UTC, with its mean: `now-15:00 120`, `Sun 02:00-05:00 98`; `+` where it may last longer, `*` where it is not below the bound. */
export function windowWords(window: CleanWindow, now: Instant): string {
  const { start, end, mean, basis, open } = window;
  const from = start <= now ? 'now' : `${dayWords(start, now)}${timeWords(start)}`;
  const to = `${dayWords(end, start <= now ? now : start)}${timeWords(end)}${open ? '+' : ''}`;
  return `${from}–${to} ${Math.round(mean)}${basis === 'quartile' ? '*' : ''}`;
}

/** Hours and minutes in UTC. */
export function timeWords(at: Instant): string {
  return new Date(at).toISOString().slice(11, 16);
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** The weekday in UTC, where it is another day than that of `beside`. */
function dayWords(at: Instant, beside: Instant): string {
  const sameDay = Math.floor(at / DAY_MS) === Math.floor(beside / DAY_MS);
  return sameDay ? '' : `${DAYS[new Date(at).getUTCDay()] ?? ''} `;
}

const BLOCKS = '▁▂▃▄▅▆▇█';

/** One block a value, scaled from the least to the greatest; a space where there is none. A level row is drawn low. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return values
    .map((value) => {
      if (value === null) return ' ';
      const share = most === least ? 0 : (value - least) / (most - least);
      return BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(share * BLOCKS.length))] ?? '';
    })
    .join('')
    .trimEnd();
}
