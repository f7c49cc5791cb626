import { instant } from '../carbon/units.ts';
import type { Instant, Millis } from '../carbon/units.ts';
import type { HoldIntent } from '../policy/hold-intent.ts';

/** What a hold's end is counted from. */
export interface HoldSpan {
  readonly hold: HoldIntent;
  readonly created: Instant;
  /** A bound from elsewhere, `lowtide.dev/hold-limit`, counted from creation like maxDelay; null: none. */
  readonly limit: Millis | null;
  readonly startupAllowance: Millis;
}

/** When a hold ends at the latest, and what ends it. */
export interface HoldEnd {
  readonly until: Instant;
  readonly reason: 'max-delay-reached' | 'deadline-near' | 'hold-limit-reached';
}

/** What RFC 3339 can write: an endless delay ends there, and what takes longer than mankind should have begun there. */
const END_OF_TIME = Date.parse('9999-12-31T23:59:59Z');
const BEGINNING_OF_TIME = Date.parse('0001-01-01T00:00:00Z');

/** The earliest of maximum delay, latest start for the deadline, and limit; of equal ones the first named. */
export function holdEnd({ hold, created, limit, startupAllowance }: HoldSpan): HoldEnd {
  const start = latestStart(hold, startupAllowance);
  const ends: HoldEnd[] = [{ until: instant(created + hold.maxDelay), reason: 'max-delay-reached' }];
  if (start !== null) ends.push({ until: start, reason: 'deadline-near' });
  if (limit !== null) ends.push({ until: instant(created + limit), reason: 'hold-limit-reached' });
  const end = ends.reduce((first, each) => (each.until < first.until ? each : first));
  return { ...end, until: instant(Math.max(BEGINNING_OF_TIME, Math.min(end.until, END_OF_TIME))) };
}

/** When work must start at the latest to end by its deadline; null: it has none. */
export function latestStart(hold: HoldIntent, startupAllowance: Millis): Instant | null {
  if (hold.deadline === null) return null;
  return instant(hold.deadline - (hold.expectedDuration ?? 0) - startupAllowance);
}
