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

/** Running time that goes into resumes, and not into the work. */
export interface ResumeCost {
  /** Into those so far: it has counted as running time. */
  readonly spent: Millis;
  /** Into the next: at the end of this hold, or of a pause that would begin now. */
  readonly next: Millis;
}

/** What was and will be lost to resumes, each of which takes `switchCost`; the next one has its pods end first. */
export function resumeCost({ pauses, ran, run }: Progress, switchCost: Millis, grace: Millis): ResumeCost {
  const resumes = run === null ? Math.max(0, pauses - 1) : pauses;
  const spent = millis(Math.min(ran, resumes * switchCost));
  return { spent, next: millis(run !== null || ran > 0 ? switchCost + grace : 0) };
}

/** Work that has not run yet. */
export function untouched(created: Instant): Progress {
  return { since: created, waited: millis(0), ran: millis(0), pauses: 0, region: null, run: null };
}
