import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { JOB_CONTROLLER, KUEUE_QUEUE } from '../../kubernetes/pause-candidate.ts';
import { member, text, textMembers } from '../../kubernetes/untyped.ts';
import { HOLD_LIMIT } from '../../policy/annotations.ts';
import { parseDuration } from '../../policy/duration.ts';
import type { Controller, HoldCandidate, WorkKind } from '../../timing/types.ts';
import type { ClusterState } from '../cluster-state.ts';
import { at, listAt } from './edit.ts';

/** Where the object is to stand, and what is known of the cluster around it. */
export interface Surroundings {
  readonly namespace: string;
  /** Lowtide's own; nothing there is held. */
  readonly ownNamespace: string;
  readonly state: ClusterState;
  readonly now: Instant;
}

const HOOKS = ['helm.sh/hook', 'argocd.argoproj.io/hook'];
const MIRROR = 'kubernetes.io/config.mirror';
/** Where a kubelet got the pod: `api`, or a file or URL of its own. */
const CONFIG_SOURCE = 'kubernetes.io/config.source';

/** What decides whether a stripped pod may be held at all. */
export function podCandidate(pod: unknown, surroundings: Surroundings): HoldCandidate {
  const { namespace, state } = surroundings;
  const owner = controllerOf(pod);
  return {
    ...ofEither('pod', pod, surroundings),
    controller: owner.controller,
    mirror: isMirror(pod) || isOfKubelet(pod),
    assigned: text(at(pod, ['spec', 'nodeName'])) !== null,
    interactive: isInteractive(pod),
    rollout: owner.controller === 'replica-set' ? state.rollout(namespace, owner.name) : null,
    activeDeadline: seconds(at(pod, ['spec', 'activeDeadlineSeconds'])),
    holdLimit: parseDuration(annotationsOf(pod)[HOLD_LIMIT] ?? ''),
  };
}

/** What decides whether a stripped Job may be held at all. */
export function jobCandidate(job: unknown, suspendedByOwner: boolean, surroundings: Surroundings): HoldCandidate {
  const { namespace, state, now } = surroundings;
  const owner = controllerOf(job);
  const managedBy = text(at(job, ['spec', 'managedBy']));
  return {
    ...ofEither('job', job, surroundings),
    controller: owner.controller,
    suspendedByOwner,
    managedByOther: managedBy !== null && managedBy !== JOB_CONTROLLER,
    cronJob: owner.controller === 'cron-job' ? state.cronJob(namespace, owner.name, scheduledAt(job, now)) : null,
  };
}

const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** The tick that made the Job: by a clock that is ahead of ours, it would else still be the next one. */
function scheduledAt(job: unknown, now: Instant): Instant {
  const tick = Date.parse(annotationsOf(job)[SCHEDULED] ?? '');
  return tick > now ? instant(tick) : now;
}

/** A mirror shows what a kubelet runs already, and no kubelet runs what says that it is one: it is not touched. */
export function isMirror(pod: unknown): boolean {
  return annotationsOf(pod)[MIRROR] !== undefined;
}

/** What claims to be a kubelet's own is not held. Anybody can claim it, so it frees nothing from residency. */
function isOfKubelet(pod: unknown): boolean {
  const source = annotationsOf(pod)[CONFIG_SOURCE] ?? 'api';
  const owners = listAt(pod, ['metadata', 'ownerReferences']);
  return source !== 'api' || owners.some((owner) => member(owner, 'kind') === 'Node');
}

/** The object's annotations, as far as they are texts. */
export function annotationsOf(object: unknown): Readonly<Record<string, string>> {
  return textMembers(at(object, ['metadata', 'annotations']));
}

/** How long a Job's `activeDeadlineSeconds`, or a pod's, lets it run; null: as long as it takes. */
export function seconds(value: unknown): Millis | null {
  return typeof value === 'number' ? millis(value * 1000) : null;
}

/** What is asked of pods and Jobs alike; whatever fits the one kind alone is as if it were not there. */
function ofEither(kind: WorkKind, object: unknown, { namespace, ownNamespace }: Surroundings): HoldCandidate {
  const annotations = annotationsOf(object);
  return {
    kind,
    controller: 'none',
    systemNamespace: namespace === 'kube-system' || namespace === ownNamespace,
    suspendedByOwner: false,
    kueue: textMembers(at(object, ['metadata', 'labels']))[KUEUE_QUEUE] !== undefined,
    hook: HOOKS.some((key) => annotations[key] !== undefined),
    managedByOther: false,
    mirror: false,
    assigned: false,
    interactive: false,
    cronJob: null,
    rollout: null,
    activeDeadline: null,
    holdLimit: null,
  };
}

const KNOWN_CONTROLLERS: Readonly<Record<string, Controller>> = {
  'batch CronJob': 'cron-job',
  'batch Job': 'job',
  'apps ReplicaSet': 'replica-set',
  'apps StatefulSet': 'stateful-set',
  'apps DaemonSet': 'daemon-set',
};

/** An owner that is no controller only decides when the object is deleted. */
export function controllerOf(object: unknown): { readonly controller: Controller; readonly name: string } {
  const owner = listAt(object, ['metadata', 'ownerReferences']).find((each) => member(each, 'controller') === true);
  if (owner === undefined) return { controller: 'none', name: '' };
  const group = text(member(owner, 'apiVersion'))?.split('/')[0] ?? '';
  const kind = text(member(owner, 'kind')) ?? '';
  return { controller: KNOWN_CONTROLLERS[`${group} ${kind}`] ?? 'other', name: text(member(owner, 'name')) ?? '' };
}

function isInteractive(pod: unknown): boolean {
  const containers = [...listAt(pod, ['spec', 'containers']), ...listAt(pod, ['spec', 'initContainers'])];
  return containers.some((each) => member(each, 'stdin') === true || member(each, 'tty') === true);
}
