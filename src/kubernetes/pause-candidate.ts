import { HOLD, INTERRUPTIBLE } from '../policy/annotations.ts';
import type { PauseCandidate } from '../timing/pausable.ts';
import type { FailureRule } from '../timing/pod-failure.ts';
import type { Controller } from '../timing/types.ts';
import { listMember, member, text, textMembers } from './untyped.ts';

/** Label of work whose suspension is Kueue's. */
export const KUEUE_QUEUE = 'kueue.x-k8s.io/queue-name';
/** `spec.managedBy` of a Job that nobody else runs. */
export const JOB_CONTROLLER = 'kubernetes.io/job-controller';

/** What decides whether a Job may be paused; `annotations`: Lowtide's, as they are in force on it. */
export function pauseCandidate(job: unknown, annotations: Readonly<Record<string, string>>): PauseCandidate {
  const [metadata, spec] = [member(job, 'metadata'), member(job, 'spec')];
  const managedBy = text(member(spec, 'managedBy'));
  return {
    kind: 'job',
    interruptible: annotations[INTERRUPTIBLE] === 'true',
    optedOut: annotations[HOLD] === 'false',
    controller: controllerOf(metadata),
    kueue: textMembers(member(metadata, 'labels'))[KUEUE_QUEUE] !== undefined,
    managedByOther: managedBy !== null && managedBy !== JOB_CONTROLLER,
    failureRules: listMember(member(spec, 'podFailurePolicy'), 'rules').flatMap(failureRule),
    containers: containersOf(member(member(spec, 'template'), 'spec')),
  };
}

function controllerOf(metadata: unknown): Controller {
  const owner = listMember(metadata, 'ownerReferences').find((each) => member(each, 'controller') === true);
  if (owner === undefined) return 'none';
  return member(owner, 'kind') === 'CronJob' ? 'cron-job' : 'other';
}

function failureRule(rule: unknown): readonly FailureRule[] {
  const [action, exitCodes] = [text(member(rule, 'action')), member(rule, 'onExitCodes')];
  const operator = member(exitCodes, 'operator');
  if (action === null || (operator !== 'In' && operator !== 'NotIn')) return [];
  const values = listMember(exitCodes, 'values').filter((value): value is number => typeof value === 'number');
  return [{ action, exitCodes: { container: text(member(exitCodes, 'containerName')), operator, values } }];
}

function containersOf(podSpec: unknown): readonly string[] {
  const all = [...listMember(podSpec, 'containers'), ...listMember(podSpec, 'initContainers')];
  return all.flatMap((each) => text(member(each, 'name')) ?? []);
}
