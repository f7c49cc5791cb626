import type { FailureRule } from './pod-failure.ts';
import { stopCouldFail } from './pod-failure.ts';
import type { NotPausedReason } from './reasons.ts';
import type { Controller, WorkKind } from './types.ts';

/** All that decides whether work may be paused while it runs, apart from time and grid. */
export interface PauseCandidate {
  readonly kind: WorkKind;
  /** `lowtide.dev/interruptible: "true"`, its own or its template's. */
  readonly interruptible: boolean;
  /** `lowtide.dev/hold: "false"`. */
  readonly optedOut: boolean;
  readonly controller: Controller;
  /** Carries `kueue.x-k8s.io/queue-name`. */
  readonly kueue: boolean;
  /** A Job whose `spec.managedBy` names another controller. */
  readonly managedByOther: boolean;
  /** The rules of its `podFailurePolicy` on exit codes, in their order. */
  readonly failureRules: readonly FailureRule[];
  /** Names of its containers, those that run first included. */
  readonly containers: readonly string[];
}

/** A check names why the work is not paused, or finds nothing. */
type PauseCheck = (candidate: PauseCandidate) => NotPausedReason | null;

const singlePod: PauseCheck = ({ kind }) => (kind === 'pod' ? 'not-a-job' : null);

const notInterruptible: PauseCheck = ({ interruptible }) => (interruptible ? null : 'not-interruptible');

const optedOut: PauseCheck = (candidate) => (candidate.optedOut ? 'hold-opted-out' : null);

const jobOfController: PauseCheck = ({ controller }) =>
  controller === 'none' || controller === 'cron-job' ? null : 'has-controller';

const ofKueue: PauseCheck = ({ kueue }) => (kueue ? 'kueue' : null);

const managedByOther: PauseCheck = (candidate) => (candidate.managedByOther ? 'managed-by-other' : null);

const failsWhenStopped: PauseCheck = ({ failureRules, containers }) =>
  stopCouldFail(failureRules, containers) ? 'pod-failure-policy' : null;

/** In the order in which they are asked; the first finding stands. */
const PAUSE_CHECKS: readonly PauseCheck[] = [
  singlePod, // a pod that is stopped is gone
  notInterruptible, // nobody said that it can be stopped
  optedOut, // the work says no
  jobOfController, // JobSet and others react to suspension
  ofKueue, // Kueue owns suspension
  managedByOther, // another controller runs the Job
  failsWhenStopped, // a paused pod ends as if it had failed
];

/** Why the work is never paused; null: it may be. */
export function notPausable(candidate: PauseCandidate): NotPausedReason | null {
  for (const check of PAUSE_CHECKS) {
    const reason = check(candidate);
    if (reason !== null) return reason;
  }
  return null;
}
