import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { World } from '../../placement/facts.ts';
import type { WaitReason } from '../../timing/reasons.ts';
import type { RunningJob } from '../../timing/running-job.ts';
import type { HoldDecision } from '../../timing/types.ts';

/** The grid gives them. What runs is not stopped because nothing is known of it, or because there is no room elsewhere. */
const PAUSING: ReadonlySet<WaitReason> = new Set<WaitReason>([
  'cleaner-later',
  'cleaner-hours',
  'intensity-above-threshold',
  'clean-hours-ahead',
  'online-declines',
]);

/** Whether what was decided of a running Job is to pause it: never where its time is over before its pods have ended. */
export function isPause(decision: HoldDecision, { grace }: Pick<RunningJob, 'grace'>, { now, policy }: World): boolean {
  if (decision.action !== 'wait' || !PAUSING.has(decision.reason)) return false;
  return decision.until - now > grace + policy.scheduler.startupAllowance;
}

/** When a Job that runs on has to be looked at again, whatever the grid does; null: no moment is known. */
export function nextLookAtRun(decision: HoldDecision, started: Instant, { now, policy }: World): Instant | null {
  if (decision.reason === 'min-run') return instant(Math.max(now + 1, started + policy.scheduler.minRun));
  // A plan that has another run after the present one means to pause in between.
  const [present, later] = decision.plan?.runs ?? [];
  if (present === undefined || later === undefined || present.end === null) return null;
  return present.end > now ? present.end : null;
}
