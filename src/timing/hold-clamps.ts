import { millis } from '../carbon/units.ts';
import type { Instant, Millis } from '../carbon/units.ts';
import type { Intent } from '../policy/workload-intent.ts';
import type { ClampCause, HoldCandidate, HoldClamp } from './types.ts';

/** All that decides whether an object may be held, and for how long at most. */
export interface HoldQuestion {
  readonly candidate: HoldCandidate;
  readonly intent: Intent;
  readonly moment: HoldMoment;
}

/** The times that a hold is counted with. */
export interface HoldMoment {
  readonly now: Instant;
  readonly created: Instant;
  readonly startupAllowance: Millis;
}

/** A bound on the hold, in time from creation and possibly none at all (0 or less), or null. */
type Clamp = (question: HoldQuestion) => Millis | null;

/** A run that must be over before the next one: CronJobs that forbid or replace. */
const nextSchedule: Clamp = ({ candidate: { cronJob }, intent, moment }) => {
  const { expectedDuration } = intent.hold;
  if (cronJob === null || cronJob.concurrency === 'Allow') return null;
  if (cronJob.next === null || expectedDuration === null) return null;
  return millis(cronJob.next - moment.created - expectedDuration - moment.startupAllowance);
};

const activeDeadline: Clamp = ({ candidate, intent }) => {
  if (candidate.kind !== 'pod' || candidate.activeDeadline === null) return null;
  return millis(candidate.activeDeadline - (intent.hold.expectedDuration ?? 0));
};

/** A Deployment whose pods are not ready by then has failed its rollout. */
const progressDeadline: Clamp = ({ candidate: { controller, rollout }, moment }) => {
  if (controller !== 'replica-set' || rollout === null) return null;
  return millis(rollout.progressDeadline - moment.startupAllowance);
};

/** What the Job's own clock leaves, worked out when the Job came. */
const jobTemplate: Clamp = ({ candidate: { kind, holdLimit } }) => (kind === 'pod' ? holdLimit : null);

const CLAMPS: Readonly<Record<ClampCause, Clamp>> = {
  'next-schedule': nextSchedule,
  'active-deadline': activeDeadline,
  'progress-deadline': progressDeadline,
  'job-template': jobTemplate,
};

/** The bound of one cause, in milliseconds from creation; 0 or less: no time at all; null: it bounds nothing. */
export function clampOf(cause: ClampCause, question: HoldQuestion): Millis | null {
  return CLAMPS[cause](question);
}

/** The smallest of all bounds; null: nothing beside policy and annotations bounds the hold. */
export function smallestClamp(question: HoldQuestion): HoldClamp | null {
  let smallest: HoldClamp | null = null;
  for (const cause of Object.keys(CLAMPS) as ClampCause[]) {
    const limit = clampOf(cause, question);
    if (limit !== null && (smallest === null || limit < smallest.limit)) smallest = { cause, limit };
  }
  return smallest;
}
