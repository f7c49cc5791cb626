import { HOLD_REASONS, RUN_REASONS } from './plan/reasons.ts';

/** Why work is released, or not held in the first place since its time is now. Explained in docs/reasons.md. */
export const RELEASE_REASONS = {
  ...RUN_REASONS,
  'max-delay-reached': 'the maximum delay is over',
  'deadline-near': 'any later, and the work could not end by its deadline',
  'hold-limit-reached': 'a CronJob, a Deployment or an active deadline leaves no more time',
  'hold-opted-out': 'the work says lowtide.dev/hold: "false"',
  'no-signal': 'no intensity is known, and the policy releases then',
  'released-by-hand': 'somebody ran lowtide release',
  'released-elsewhere': 'somebody else resumed it or removed the gate',
} as const;

/** Why held work goes on waiting. */
export const WAIT_REASONS = {
  ...HOLD_REASONS,
  'no-signal-waiting': 'no intensity is known, and the policy waits then',
  'release-staggered': 'its time has come, and releases are spread out',
} as const;

/** Why an object is not held at all, whatever the grid. */
export const NOT_HELD_REASONS = {
  'not-opted-in': 'it names no class, and its namespace is not managed',
  'hold-opted-out': 'the work says lowtide.dev/hold: "false"',
  'no-delay-allowed': 'its maximum delay is zero',
  'deadline-near': 'any later, and the work could not end by its deadline',
  'system-namespace': 'it is in kube-system or in the namespace of Lowtide',
  'namespace-unknown': 'its namespace is not known yet',
  'has-controller': 'a controller owns it, and it does not say lowtide.dev/hold: "true"',
  'job-decides': 'its Job is held or released, not its pods',
  'stateful-set': 'pods of a StatefulSet are never held',
  'daemon-set': 'pods of a DaemonSet are never held',
  'static-pod': 'static pods and their mirrors are never held',
  'already-assigned': 'it has a node already',
  interactive: 'a person waits at its terminal',
  'suspended-by-owner': "its owner suspended it; it stays its owner's",
  kueue: 'Kueue decides when it runs',
  'managed-by-other': 'another controller runs this Job (spec.managedBy)',
  hook: 'a Helm or Argo CD hook: an installation waits for it',
  'cron-job-unknown': 'its CronJob is not known yet',
  'cron-job-waits-already': 'a Job of the same CronJob is held already',
  'duration-unknown': 'its CronJob replaces or forbids the next run, and its expected duration is not known',
  'no-time-before-next-schedule': 'its next schedule leaves no time to wait',
  'deployment-unknown': 'its Deployment is not known yet',
  'not-first-rollout': 'its Deployment had ready replicas before',
  'no-time-before-deadline': 'activeDeadlineSeconds or progressDeadlineSeconds leaves no time to wait',
} as const;

/** Why work that runs is never paused, whatever the grid. */
export const NOT_PAUSED_REASONS = {
  'not-a-job': 'only Jobs are paused: a pod that is stopped is gone',
  'not-interruptible': 'it does not say lowtide.dev/interruptible: "true"',
  'not-labelled': 'it was let go by hand, or admitted before Lowtide paused Jobs: it lacks the label',
  'hold-opted-out': 'the work says lowtide.dev/hold: "false"',
  'has-controller': 'a controller other than a CronJob owns it',
  kueue: 'Kueue decides when it runs',
  'managed-by-other': 'another controller runs this Job (spec.managedBy)',
  'pod-failure-policy':
    'its podFailurePolicy could fail it for exit code 143 or 137, with which the pods of a paused Job end',
} as const;

export type ReleaseReason = keyof typeof RELEASE_REASONS;
export type WaitReason = keyof typeof WAIT_REASONS;
export type NotHeldReason = keyof typeof NOT_HELD_REASONS;
export type NotPausedReason = keyof typeof NOT_PAUSED_REASONS;
