import type { Intent } from '../policy/workload-intent.ts';
import { clampOf, smallestClamp } from './hold-clamps.ts';
import type { HoldMoment, HoldQuestion } from './hold-clamps.ts';
import { latestStart } from './hold-end.ts';
import type { NotHeldReason } from './reasons.ts';
import type { ClampCause, HoldCandidate, Holdable } from './types.ts';

/** A check names why the object is not held, or finds nothing. */
export type HoldCheck = (question: HoldQuestion) => NotHeldReason | null;

const optedOut: HoldCheck = ({ intent }) => (intent.hold.choice === 'opted-out' ? 'hold-opted-out' : null);

const notOptedIn: HoldCheck = ({ intent }) => (intent.optedIn ? null : 'not-opted-in');

const inSystemNamespace: HoldCheck = ({ candidate }) => (candidate.systemNamespace ? 'system-namespace' : null);

const staticPod: HoldCheck = ({ candidate }) => (candidate.mirror ? 'static-pod' : null);

const assigned: HoldCheck = ({ candidate }) => (candidate.assigned ? 'already-assigned' : null);

const interactive: HoldCheck = ({ candidate }) => (candidate.interactive ? 'interactive' : null);

const hook: HoldCheck = ({ candidate }) => (candidate.hook ? 'hook' : null);

const ofKueue: HoldCheck = ({ candidate }) => (candidate.kueue ? 'kueue' : null);

const managedByOther: HoldCheck = ({ candidate }) => (candidate.managedByOther ? 'managed-by-other' : null);

const suspendedByOwner: HoldCheck = ({ candidate }) => (candidate.suspendedByOwner ? 'suspended-by-owner' : null);

const ofDaemonSet: HoldCheck = ({ candidate }) => (candidate.controller === 'daemon-set' ? 'daemon-set' : null);

const ofStatefulSet: HoldCheck = ({ candidate }) => (candidate.controller === 'stateful-set' ? 'stateful-set' : null);

const jobOfController: HoldCheck = ({ candidate: { kind, controller } }) =>
  kind === 'job' && controller !== 'none' && controller !== 'cron-job' ? 'has-controller' : null;

const podOfJob: HoldCheck = ({ candidate, intent }) => {
  if (candidate.kind !== 'pod' || candidate.controller !== 'job') return null;
  return intent.hold.choice === 'opted-in' && candidate.holdLimit !== 0 ? null : 'job-decides';
};

const podOfController: HoldCheck = ({ candidate: { kind, controller }, intent }) => {
  if (kind !== 'pod' || controller === 'none' || controller === 'job') return null;
  return intent.hold.choice === 'opted-in' ? null : 'has-controller';
};

const rolloutUnknown: HoldCheck = ({ candidate: { controller, rollout } }) =>
  controller === 'replica-set' && rollout === null ? 'deployment-unknown' : null;

const laterRollout: HoldCheck = ({ candidate: { controller, rollout } }) =>
  controller === 'replica-set' && rollout?.first === false ? 'not-first-rollout' : null;

const cronJobUnknown: HoldCheck = ({ candidate: { controller, cronJob } }) => {
  if (controller !== 'cron-job') return null;
  if (cronJob === null) return 'cron-job-unknown';
  return cronJob.concurrency !== 'Allow' && cronJob.next === null ? 'cron-job-unknown' : null;
};

const cronJobWaits: HoldCheck = ({ candidate: { cronJob } }) =>
  cronJob?.concurrency === 'Allow' && cronJob.held >= 1 ? 'cron-job-waits-already' : null;

const durationUnknown: HoldCheck = ({ candidate: { cronJob }, intent }) =>
  cronJob !== null && cronJob.concurrency !== 'Allow' && intent.hold.expectedDuration === null
    ? 'duration-unknown'
    : null;

const noTimeBeforeNext: HoldCheck = (question) =>
  leavesNoTime(question, 'next-schedule') ? 'no-time-before-next-schedule' : null;

const noTimeBeforeDeadline: HoldCheck = (question) =>
  leavesNoTime(question, 'active-deadline') || leavesNoTime(question, 'progress-deadline')
    ? 'no-time-before-deadline'
    : null;

const noDelayAllowed: HoldCheck = ({ intent }) => (intent.hold.maxDelay <= 0 ? 'no-delay-allowed' : null);

const deadlineNear: HoldCheck = ({ intent, moment }) => {
  const start = latestStart(intent.hold, moment.startupAllowance);
  return start !== null && moment.now >= start ? 'deadline-near' : null;
};

/** In the order in which they are asked; the first finding stands. */
export const HOLD_CHECKS: readonly HoldCheck[] = [
  optedOut, // the work says no
  notOptedIn, // nobody said yes
  inSystemNamespace, // what the cluster itself, or Lowtide, stands on
  staticPod, // the kubelet runs it whatever the API server says
  assigned, // a gate beside a node name is refused
  interactive, // a person waits
  hook, // an installation waits
  ofKueue, // Kueue owns suspension
  managedByOther, // another controller runs the Job
  suspendedByOwner, // Lowtide would not know when to resume it
  ofDaemonSet, // a service of the node
  ofStatefulSet, // ordinals wait for one another
  jobOfController, // JobSet and others react to suspension: never
  podOfJob, // suspended as a whole, or released as a whole
  podOfController, // only by its own word
  rolloutUnknown, // a ReplicaSet's pod whose Deployment is not known
  laterRollout, // readers of a service wait
  cronJobUnknown, // no telling what the next schedule would do to a held Job
  cronJobWaits, // Allow: held Jobs would pile up
  durationUnknown, // Forbid, Replace: it must have ended by the next schedule
  noTimeBeforeNext, // and could not, were it held
  noTimeBeforeDeadline, // a clock that runs while it is held
  noDelayAllowed, // its class, its namespace or it itself allows no delay
  deadlineNear, // its own deadline
];

/** Whether an object may be held before the grid is asked: the first reason why not, or what bounds the hold. */
export function holdable(candidate: HoldCandidate, intent: Intent, moment: HoldMoment): Holdable {
  const question: HoldQuestion = { candidate, intent, moment };
  for (const check of HOLD_CHECKS) {
    const reason = check(question);
    if (reason !== null) return { holdable: false, reason };
  }
  return { holdable: true, clamp: smallestClamp(question) };
}

function leavesNoTime(question: HoldQuestion, cause: ClampCause): boolean {
  const limit = clampOf(cause, question);
  return limit !== null && limit <= 0;
}
