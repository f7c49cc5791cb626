import assert from 'node:assert/strict';
import { notPausable } from '../../../src/timing/pausable.ts';
import type { PauseCandidate } from '../../../src/timing/pausable.ts';
import type { FailureRule } from '../../../src/timing/pod-failure.ts';

const JOB: PauseCandidate = {
  kind: 'job',
  interruptible: true,
  optedOut: false,
  controller: 'none',
  kueue: false,
  managedByOther: false,
  failureRules: [],
  containers: ['main', 'log'],
};

function rule(
  action: string,
  operator: 'In' | 'NotIn',
  values: number[],
  container: string | null = null,
): FailureRule {
  return { action, exitCodes: { container, operator, values } };
}

describe('notPausable', () => {
  const kinds: Record<string, { part: Partial<PauseCandidate>; want: string | null }> = {
    'a Job that says it may be stopped': { part: {}, want: null },
    'a Job of a CronJob': { part: { controller: 'cron-job' }, want: null },
    'a single pod': { part: { kind: 'pod' }, want: 'not-a-job' },
    'a Job that says nothing of it': { part: { interruptible: false }, want: 'not-interruptible' },
    'a Job that wants no hold': { part: { optedOut: true }, want: 'hold-opted-out' },
    'a Job of a JobSet': { part: { controller: 'other' }, want: 'has-controller' },
    'a Job of a queue of Kueue': { part: { kueue: true }, want: 'kueue' },
    'a Job that another controller runs': { part: { managedByOther: true }, want: 'managed-by-other' },
  };
  for (const [what, { part, want }] of Object.entries(kinds)) {
    it(`${want === null ? 'lets pause' : 'never pauses'} ${what}`, () => {
      assert.equal(notPausable({ ...JOB, ...part }), want);
    });
  }

  const policies: Record<string, { rules: FailureRule[]; pauses: boolean }> = {
    'fails the Job for 143': { rules: [rule('FailJob', 'In', [143])], pauses: false },
    'fails the Job for 137': { rules: [rule('FailJob', 'In', [1, 137])], pauses: false },
    'fails an index for 143': { rules: [rule('FailIndex', 'In', [143])], pauses: false },
    'fails the Job for all but one other code': { rules: [rule('FailJob', 'NotIn', [42])], pauses: false },
    'fails the Job for other codes': { rules: [rule('FailJob', 'In', [42])], pauses: true },
    'fails the Job for all codes but these two': { rules: [rule('FailJob', 'NotIn', [137, 143])], pauses: true },
    'fails the Job for all codes but one of the two': { rules: [rule('FailJob', 'NotIn', [143])], pauses: false },
    'only counts and ignores': { rules: [rule('Count', 'In', [143]), rule('Ignore', 'In', [137])], pauses: true },
    'ignores both codes before it fails for all': {
      rules: [rule('Ignore', 'In', [137, 143]), rule('FailJob', 'NotIn', [0])],
      pauses: true,
    },
    'counts both codes before it fails for all': {
      rules: [rule('Count', 'In', [137, 143]), rule('FailJob', 'NotIn', [0])],
      pauses: true,
    },
    'ignores one code before it fails for both': {
      rules: [rule('Ignore', 'In', [143]), rule('FailJob', 'In', [137, 143])],
      pauses: false,
    },
    'ignores them too late': {
      rules: [rule('FailJob', 'In', [143]), rule('Ignore', 'In', [143])],
      pauses: false,
    },
    'fails for a container that the pod has': { rules: [rule('FailJob', 'In', [143], 'main')], pauses: false },
    'fails for a container that the pod lacks': { rules: [rule('FailJob', 'In', [143], 'other')], pauses: true },
    'ignores them of one container, and fails for any': {
      rules: [rule('Ignore', 'In', [137, 143], 'main'), rule('FailJob', 'In', [143])],
      pauses: false,
    },
    'ignores them of each container, and fails for any': {
      rules: [
        rule('Ignore', 'In', [137, 143], 'main'),
        rule('Ignore', 'In', [137, 143], 'log'),
        rule('FailJob', 'In', [143]),
      ],
      pauses: true,
    },
  };
  for (const [what, { rules, pauses }] of Object.entries(policies)) {
    it(`${pauses ? 'lets pause' : 'never pauses'} a Job whose podFailurePolicy ${what}`, () => {
      assert.equal(notPausable({ ...JOB, failureRules: rules }), pauses ? null : 'pod-failure-policy');
    });
  }
});
