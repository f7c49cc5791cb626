import { instant, millis } from '../carbon/units.ts';
import type { Millis } from '../carbon/units.ts';
import { GATE, INTERRUPTIBLE_LABEL, PINNED_LABEL, PREFIX, WRITTEN_ANNOTATIONS } from '../policy/annotations.ts';
import type { HeldWork } from '../timing/held-work.ts';
import { notPausable } from '../timing/pausable.ts';
import { pausesOf } from '../timing/progress-marks.ts';
import type { NotPausedReason } from '../timing/reasons.ts';
import type { WorkKind } from '../timing/types.ts';
import { hasNoPods, isAtRest, jobStatus } from './job-status.ts';
import { pauseCandidate } from './pause-candidate.ts';
import { podScheduling } from './pod-scheduling.ts';
import { listMember, member, metadataText, text, textMembers } from './untyped.ts';

/**
 * What is kept of a Job or pod while it waits, a copy that keeps nothing of the object alive. Null where the object
 * lacks what an API server gives every object: name, namespace, uid, resourceVersion, time of creation.
 */
export function heldWork(object: unknown, kind: WorkKind): HeldWork | null {
  const [name, namespace] = [metadataText(object, 'name'), metadataText(object, 'namespace')];
  const [uid, resourceVersion] = [metadataText(object, 'uid'), metadataText(object, 'resourceVersion')];
  const created = Date.parse(metadataText(object, 'creationTimestamp') ?? '');
  if (name === null || namespace === null || uid === null || resourceVersion === null || Number.isNaN(created)) {
    return null;
  }
  return {
    kind,
    namespace,
    name,
    uid,
    resourceVersion,
    created: instant(created),
    pinned: member(member(member(object, 'metadata'), 'labels'), PINNED_LABEL) === 'true',
    ...(kind === 'job' ? ofJob(object) : ofPod(object)),
  };
}

type OfKind = Pick<HeldWork, 'annotations' | 'held' | 'stopped' | 'notPausable' | 'grace' | 'scheduling' | 'cronJob'>;

function ofJob(job: unknown): OfKind {
  const spec = member(job, 'spec');
  const template = member(spec, 'template');
  const own = ownAnnotations(job);
  const status = jobStatus(job);
  const annotations = { ...templateAnnotations(template), ...own };
  return {
    annotations,
    held: member(spec, 'suspend') === true && status.finished === null,
    // What was paused must have been noticed; who takes the count off does not make its pods go.
    stopped: pausesOf(own) === 0 ? hasNoPods(status) : isAtRest(status),
    notPausable: notPausable(pauseCandidate(job, annotations)) ?? unlabelled(job),
    grace: graceOf(member(template, 'spec')),
    scheduling: podScheduling(member(template, 'spec')),
    cronJob: cronJobOf(job),
  };
}

function ofPod(pod: unknown): OfKind {
  const spec = member(pod, 'spec');
  return {
    annotations: ownAnnotations(pod),
    held: listMember(spec, 'schedulingGates').some((gate) => member(gate, 'name') === GATE),
    stopped: true,
    notPausable: 'not-a-job',
    grace: graceOf(spec),
    scheduling: podScheduling(spec),
    cronJob: null,
  };
}

/** Admission labels what may be paused; whoever lets such a Job go by hand takes the label off. */
function unlabelled(job: unknown): NotPausedReason | null {
  const labels = member(member(job, 'metadata'), 'labels');
  return member(labels, INTERRUPTIBLE_LABEL) === 'true' ? null : 'not-labelled';
}

/** What a kubelet waits between SIGTERM and SIGKILL where the template does not say. */
const DEFAULT_GRACE = millis(30_000);

function graceOf(podSpec: unknown): Millis {
  const seconds = member(podSpec, 'terminationGracePeriodSeconds');
  return typeof seconds === 'number' ? millis(seconds * 1_000) : DEFAULT_GRACE;
}

function ownAnnotations(object: unknown): Readonly<Record<string, string>> {
  const all = textMembers(member(member(object, 'metadata'), 'annotations'));
  return Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith(PREFIX)));
}

const WRITTEN: ReadonlySet<string> = new Set(WRITTEN_ANNOTATIONS);

/** What Lowtide wrote on a template speaks to the template's pods: its hold-limit "0s" must not end the Job's hold. */
function templateAnnotations(template: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(ownAnnotations(template)).filter(([key]) => !WRITTEN.has(key)));
}

function cronJobOf(job: unknown): string | null {
  const owner = listMember(member(job, 'metadata'), 'ownerReferences').find(
    (reference) => member(reference, 'controller') === true && member(reference, 'kind') === 'CronJob',
  );
  return text(member(owner, 'uid'));
}
