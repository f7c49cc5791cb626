import { instant } from '../carbon/units.ts';
import type { Instant, Region } from '../carbon/units.ts';
import type { HoursOfDay } from '../policy/quantities.ts';
import type { KnownWindow } from '../policy/types.ts';
import type { CleanHours } from './plan/types.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const DAY_MS = DAY_MINUTES * MINUTE_MS;

/** The hours that the policy knows to be clean in a region: those that last now, or the next; null: it names none. */
export function cleanHoursOf(windows: readonly KnownWindow[], region: Region, now: Instant): CleanHours | null {
  let next: CleanHours | null = null;
  for (const { hours, regions } of windows) {
    if (!regions.includes(region)) continue;
    const found = nextOf(hours, now);
    if (next === null || found.start < next.start) next = found;
  }
  return next;
}

/** A window over midnight may have begun yesterday. */
function nextOf({ startMinute, endMinute }: HoursOfDay, now: Instant): CleanHours {
  const length = ((endMinute - startMinute + DAY_MINUTES - 1) % DAY_MINUTES) + 1;
  let start = Math.floor(now / DAY_MS) * DAY_MS - DAY_MS + startMinute * MINUTE_MS;
  while (start + length * MINUTE_MS <= now) start += DAY_MS;
  return { start: instant(start), end: instant(start + length * MINUTE_MS) };
}
