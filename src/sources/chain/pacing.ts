import { millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';

const DAY = 24 * 60 * 60_000;

/** What a source costs, and what it may. */
export interface Expenses {
  /** As configured: never asked more often. */
  readonly refresh: Millis;
  /** Requests that refresh every zone once. */
  readonly perRefresh: number;
  /** Requests that the day still allows; null: as many as one likes. */
  readonly left: number | null;
}

/**
 * How often each zone is asked for, so that what is left of the day lasts until midnight UTC: many zones on a small
 * allowance are asked less often all day long, rather than often in the morning and not at all at night.
 */
export function pacedRefresh({ refresh, perRefresh, left }: Expenses, now: Instant): Millis {
  if (left === null) return refresh;
  const untilMidnight = DAY - (now % DAY);
  return millis(Math.max(refresh, Math.min(DAY, (untilMidnight * perRefresh) / Math.max(left, 1))));
}
