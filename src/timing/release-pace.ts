import { instant } from '../carbon/units.ts';
import type { Instant } from '../carbon/units.ts';

const MINUTE = 60_000;
/** Share of a slot that chance may add: installations that saw the same signal drift apart. */
const SPREAD = 0.2;

/** When one release into a region may go. */
export interface PaceQuestion {
  readonly now: Instant;
  /** The latest release into the region, done or planned; null: none yet. */
  readonly last: Instant | null;
  /** When the work is released at the latest. */
  readonly until: Instant;
  /** Most releases a minute into the region; null: no limit. */
  readonly perMinute: number | null;
  /** Chance, 0 to 1. */
  readonly jitter: number;
}

/**
 * The next free slot of a region: a minute's share after the latest release, at most `perMinute` in any minute; never
 * before now, and never past the work's end, which stands above the pace.
 */
export function nextSlot({ now, last, until, perMinute, jitter }: PaceQuestion): Instant {
  if (perMinute === null || perMinute <= 0 || last === null) return now;
  const slot = last + (MINUTE / perMinute) * (1 + SPREAD * jitter);
  return instant(Math.max(now, Math.min(slot, until)));
}
