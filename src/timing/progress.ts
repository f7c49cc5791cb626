import { millis } from '../carbon/units.ts';
import type { Instant, Millis, Region } from '../carbon/units.ts';
import type { CurrentRun } from './plan/types.ts';

/** How far one piece of work has come, as it says itself. */
export interface Progress {
  /** What the present hold is counted from: creation, or its latest pause. */
  readonly since: Instant;
  /** All holds and pauses before it. */
  readonly waited: Millis;
  /** Running time so far. */
  readonly ran: Millis;
  readonly pauses: number;
  /** Where it ran last; null: it has not run, or nobody knows. */
  readonly region: Region | null;
  /** Null: it is held. */
  readonly run: CurrentRun | null;
}

/** Work that has not run yet. */
export function untouched(created: Instant): Progress {
  return { since: created, waited: millis(0), ran: millis(0), pauses: 0, region: null, run: null };
}
