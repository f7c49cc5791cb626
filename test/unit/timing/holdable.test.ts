import assert from 'node:assert/strict';
import { millis } from '../../../src/carbon/units.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import type { HoldIntent } from '../../../src/policy/hold-intent.ts';
import { holdable } from '../../../src/timing/holdable.ts';
import type { Controller, CronJobFacts, HoldCandidate, Holdable, RolloutFacts } from '../../../src/timing/types.ts';
import { at, candidate, hours, intent, minutes } from '../../support/hold.ts';

const NOW = at('2026-03-02T12:00:00Z');

interface Case {
  of?: Partial<HoldCandidate>;
  hold?: Partial<HoldIntent>;
  optedIn?: boolean;
  now?: Instant;
  want: string;
  limit?: number;
}

/** `holdable`, `holdable, CAUSE` or the reason why not. */
function told(outcome: Holdable): string {
  if (!outcome.holdable) return outcome.reason;
  return outcome.clamp === null ? 'holdable' : `holdable, ${outcome.clamp.cause}`;
}

function ask({ of = {}, hold = {}, optedIn = true, now = NOW }: Omit<Case, 'want'>): Holdable {
  const moment = { now, created: NOW, startupAllowance: minutes(2) };
  return holdable(candidate(of), intent({ hold, optedIn }), moment);
}

function check(cases: Record<string, Case>): void {
  for (const [sentence, { want, limit, ...asked }] of Object.entries(cases)) {
    it(sentence, () => {
      const found = ask(asked);

      assert.equal(told(found), want);
      if (limit !== undefined) assert.equal(found.holdable && found.clamp?.limit, limit);
    });
  }
}

const optedIn = { choice: 'opted-in' } as const;
const oneHour = { expectedDuration: hours(1) };

function cron(concurrency: CronJobFacts['concurrency'], part: Partial<CronJobFacts> = {}): Partial<HoldCandidate> {
  const next = at('2026-03-02T15:00:00Z');
  return { controller: 'cron-job', cronJob: { concurrency, next, held: 0, ...part } };
}

function replica(rollout: Partial<RolloutFacts> | null): Partial<HoldCandidate> {
  const facts = rollout === null ? null : { first: true, progressDeadline: minutes(10), ...rollout };
  return { kind: 'pod', controller: 'replica-set', rollout: facts };
}

function pod(controller: Controller, part: Partial<HoldCandidate> = {}): Partial<HoldCandidate> {
  return { kind: 'pod', controller, ...part };
}

describe('holdable: whose work is held', () => {
  check({
    'holds a Job without a controller': { want: 'holdable' },
    'holds a pod without a controller': { of: pod('none'), want: 'holdable' },
    'holds nothing that is not opted in': { optedIn: false, want: 'not-opted-in' },
    'holds nothing that says no': { hold: { choice: 'opted-out' }, want: 'hold-opted-out' },
    'never holds in a system namespace': { of: { systemNamespace: true }, want: 'system-namespace' },
    'never holds a static pod': { of: pod('other', { mirror: true, assigned: true }), want: 'static-pod' },
    'never holds a pod that has a node': { of: pod('none', { assigned: true }), want: 'already-assigned' },
    'never holds a pod that a person waits for': { of: pod('none', { interactive: true }), want: 'interactive' },
    'never holds a hook, Job or pod': { of: { hook: true }, hold: optedIn, want: 'hook' },
    'never holds a hook pod': { of: pod('none', { hook: true }), hold: optedIn, want: 'hook' },
    'never holds a Job of Kueue': { of: { kueue: true }, want: 'kueue' },
    'never holds a pod of Kueue, whatever it says': {
      of: pod('none', { kueue: true }),
      hold: optedIn,
      want: 'kueue',
    },
    'never holds a Job that another controller runs': { of: { managedByOther: true }, want: 'managed-by-other' },
    "leaves a suspended Job its owner's": {
      of: { suspendedByOwner: true },
      hold: optedIn,
      want: 'suspended-by-owner',
    },
    'never holds a pod of a DaemonSet': { of: pod('daemon-set'), hold: optedIn, want: 'daemon-set' },
    'never holds a pod of a StatefulSet': { of: pod('stateful-set'), hold: optedIn, want: 'stateful-set' },
    'never suspends a Job of another controller, whatever it says': {
      of: { controller: 'other' },
      hold: optedIn,
      want: 'has-controller',
    },
    'leaves the pods of a Job to their Job': { of: pod('job'), want: 'job-decides' },
    'holds a pod of a Job that says so itself': { of: pod('job'), hold: optedIn, want: 'holdable' },
    'leaves the pods of a Job that was decided as a Job to it, whatever they say': {
      of: pod('job', { holdLimit: millis(0) }),
      hold: optedIn,
      want: 'job-decides',
    },
    'bounds a pod of a Job by the limit from its template': {
      of: pod('job', { holdLimit: millis(1) }),
      hold: optedIn,
      want: 'holdable, job-template',
      limit: 1,
    },
    'holds a pod of another controller only by its own word': { of: pod('other'), want: 'has-controller' },
    'holds a pod of another controller by its own word': { of: pod('other'), hold: optedIn, want: 'holdable' },
    'holds a pod of a Deployment only by its own word': { of: replica({}), want: 'has-controller' },
    'holds a pod of a Deployment at its first rollout': {
      of: replica({}),
      hold: optedIn,
      want: 'holdable, progress-deadline',
      limit: minutes(8),
    },
    'does not hold a pod whose Deployment is not known': {
      of: replica(null),
      hold: optedIn,
      want: 'deployment-unknown',
    },
    'does not hold a pod of a Deployment that had ready replicas': {
      of: replica({ first: false }),
      hold: optedIn,
      want: 'not-first-rollout',
    },
  });
});

describe('holdable: Jobs of CronJobs', () => {
  const short = { expectedDuration: minutes(10) };
  // Three hours to the next schedule, less two minutes to start.
  const tooLong = minutes(178);
  check({
    'does not hold where the CronJob is not known': {
      of: { controller: 'cron-job' },
      want: 'cron-job-unknown',
    },
    'holds the first of those that may run side by side': { of: cron('Allow'), want: 'holdable' },
    'holds it even where its schedule cannot be read': { of: cron('Allow', { next: null }), want: 'holdable' },
    'does not hold a second of those that may run side by side': {
      of: cron('Allow', { held: 1 }),
      hold: optedIn,
      want: 'cron-job-waits-already',
    },
    'holds one that forbids the next until that leaves just its duration': {
      of: cron('Forbid'),
      hold: oneHour,
      want: 'holdable, next-schedule',
      limit: minutes(118),
    },
    'holds one that is replaced by the next likewise, though others of it are held': {
      of: cron('Replace', { held: 3 }),
      hold: oneHour,
      want: 'holdable, next-schedule',
      limit: minutes(118),
    },
    'does not hold one that forbids and whose schedule cannot be read': {
      of: cron('Forbid', { next: null }),
      hold: oneHour,
      want: 'cron-job-unknown',
    },
    'does not hold one that forbids and whose duration is not known': {
      of: cron('Forbid'),
      want: 'duration-unknown',
    },
    'does not hold one that is replaced and whose duration is not known': {
      of: cron('Replace'),
      hold: optedIn,
      want: 'duration-unknown',
    },
    'does not hold where the next schedule leaves no time': {
      of: cron('Replace'),
      hold: { expectedDuration: tooLong },
      want: 'no-time-before-next-schedule',
    },
    'holds where the next schedule leaves a millisecond': {
      of: cron('Replace'),
      hold: { expectedDuration: millis(tooLong - 1) },
      want: 'holdable, next-schedule',
      limit: 1,
    },
    'does not hold where the run is longer than its period': {
      of: cron('Forbid'),
      hold: { expectedDuration: hours(5) },
      want: 'no-time-before-next-schedule',
    },
    'counts a Job that says yes like one that does not': {
      of: cron('Forbid'),
      hold: { ...optedIn, ...short },
      want: 'holdable, next-schedule',
      limit: minutes(168),
    },
  });
});

describe('holdable: clocks that run while it is held', () => {
  check({
    'bounds a pod by what its active deadline leaves beside its duration': {
      of: pod('none', { activeDeadline: hours(3) }),
      hold: oneHour,
      want: 'holdable, active-deadline',
      limit: hours(2),
    },
    'bounds a pod of unknown duration by its active deadline': {
      of: pod('none', { activeDeadline: hours(3) }),
      want: 'holdable, active-deadline',
      limit: hours(3),
    },
    'does not hold a pod whose active deadline leaves no time': {
      of: pod('none', { activeDeadline: hours(1) }),
      hold: oneHour,
      want: 'no-time-before-deadline',
    },
    'holds a pod whose active deadline leaves a millisecond': {
      of: pod('none', { activeDeadline: millis(hours(1) + 1) }),
      hold: oneHour,
      want: 'holdable, active-deadline',
      limit: 1,
    },
    "does not count a Job's active deadline, which stands still while it is suspended": {
      of: { activeDeadline: minutes(1) },
      hold: oneHour,
      want: 'holdable',
    },
    'does not hold a rollout whose deadline leaves no time to start': {
      of: replica({ progressDeadline: minutes(2) }),
      hold: optedIn,
      want: 'no-time-before-deadline',
    },
    'holds a rollout whose deadline leaves a millisecond': {
      of: replica({ progressDeadline: millis(minutes(2) + 1) }),
      hold: optedIn,
      want: 'holdable, progress-deadline',
      limit: 1,
    },
    'takes the smallest of several bounds': {
      of: { ...replica({}), activeDeadline: minutes(7) },
      hold: optedIn,
      want: 'holdable, active-deadline',
      limit: minutes(7),
    },
    'takes the smallest of several bounds, whichever it is': {
      of: pod('job', { activeDeadline: minutes(7), holdLimit: minutes(6) }),
      hold: optedIn,
      want: 'holdable, job-template',
      limit: minutes(6),
    },
  });
});

describe('holdable: the time that the work itself allows', () => {
  const deadline = at('2026-03-02T13:02:00Z');
  check({
    'does not hold where no delay is allowed': { hold: { maxDelay: millis(0) }, want: 'no-delay-allowed' },
    'holds where a millisecond is allowed': { hold: { maxDelay: millis(1) }, want: 'holdable' },
    'does not hold at the latest start for the deadline': {
      hold: { deadline, ...oneHour },
      want: 'deadline-near',
    },
    'does not hold after the latest start for the deadline': {
      hold: { deadline, ...oneHour },
      now: at('2026-03-02T12:00:00.001Z'),
      want: 'deadline-near',
    },
    'holds a millisecond before the latest start for the deadline': {
      hold: { deadline, ...oneHour },
      now: at('2026-03-02T11:59:59.999Z'),
      want: 'holdable',
    },
  });
});
