import { instant } from '../carbon/units.ts';
import type { Instant, Millis } from '../carbon/units.ts';
import type { HoldIntent } from '../policy/hold-intent.ts';
import type { Progress, ResumeCost } from './progress.ts';

/** What a hold's end is counted from. */
export interface HoldSpan {
  readonly hold: HoldIntent;
  readonly progress: Pick<Progress, 'since' | 'waited' | 'ran'>;
  /** A bound from elsewhere, `lowtide.dev/hold-limit`, on the sum of all holds like maxDelay; null: none. */
  readonly limit: Millis | null;
  readonly startupAllowance: Millis;
  /** What must fit in beside the work's own duration. */
  readonly resumes: ResumeCost;
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
export function holdEnd(span: HoldSpan): HoldEnd {
  const { hold, limit, startupAllowance, resumes } = span;
  const { since, waited, ran } = span.progress;
  const { spent, next } = resumes;
  const worked = ran - spent;
  const start = outran(hold, worked) ? since : latestStart(hold, startupAllowance, { ran: worked, switchCost: next });
  const ends: HoldEnd[] = [{ until: instant(since + hold.maxDelay - waited), reason: 'max-delay-reached' }];
  if (start !== null) ends.push({ until: start, reason: 'deadline-near' });
  // Counted so that work which runs through has ended in time: what resumes take comes off.
  if (limit !== null)
    ends.push({ until: instant(since + limit - waited - spent - next), reason: 'hold-limit-reached' });
  const end = ends.reduce((first, each) => (each.until < first.until ? each : first));
  return { ...end, until: instant(Math.max(BEGINNING_OF_TIME, Math.min(end.until, END_OF_TIME))) };
}

/** With a deadline, work that has run longer than it was expected to has no time to lose: nobody knows how much is left. */
function outran({ deadline, expectedDuration }: HoldIntent, worked: number): boolean {
  return deadline !== null && expectedDuration !== null && worked > 0 && worked >= expectedDuration;
}

/** When work must start, or start again after having run, at the latest to end by its deadline; null: it has none. */
export function latestStart(
  { deadline, expectedDuration }: HoldIntent,
  startupAllowance: Millis,
  { ran, switchCost }: { readonly ran: number; readonly switchCost: number } = { ran: 0, switchCost: 0 },
): Instant | null {
  if (deadline === null) return null;
  const left = Math.max(0, (expectedDuration ?? 0) - ran) + switchCost;
  return instant(deadline - left - startupAllowance);
}
