import assert from 'node:assert/strict';
import { instant } from '../../../src/carbon/units.ts';
import { admitJob, admitPod, cleanWorld, gatesOf, jobObject, podObject } from '../../support/admission.ts';
import type { AdmissionSketch } from '../../support/admission.ts';
import { hours } from '../../support/hold.ts';
import { NOW } from '../../support/world.ts';

const DEFERRABLE = { 'lowtide.dev/class': 'deferrable' };
const OWN_WORD = { ...DEFERRABLE, 'lowtide.dev/hold': 'true' };
const FOREIGN = 'jobset.x-k8s.io/v1alpha2 JobSet';
const inHours = (count: number) => instant(NOW + hours(count));

interface Case {
  object: ReturnType<typeof podObject>;
  sketch?: AdmissionSketch;
  namespace?: string;
  /** Undefined: held. */
  wantReason?: string;
}

const PODS: Record<string, Case> = {
  'a bare pod of a deferrable class is held': { object: podObject({ annotations: DEFERRABLE }) },
  'a bare pod without annotations is not': { object: podObject(), wantReason: 'not-opted-in' },
  'one of its managed namespace with a class as its default is held': {
    object: podObject(),
    sketch: { namespaces: { default: { managed: true, annotations: DEFERRABLE } } },
  },
  'one of its namespace with a class as its default that is not managed is not': {
    object: podObject(),
    sketch: { namespaces: { default: { annotations: DEFERRABLE } } },
    wantReason: 'not-opted-in',
  },
  'one that says hold "false" is not': {
    object: podObject({ annotations: { ...DEFERRABLE, 'lowtide.dev/hold': 'false' } }),
    wantReason: 'hold-opted-out',
  },
  'one of a class without delay is not': {
    object: podObject({ annotations: { 'lowtide.dev/class': 'urgent' } }),
    wantReason: 'no-delay-allowed',
  },
  'one in a clean hour is not': {
    object: podObject({ annotations: DEFERRABLE }),
    sketch: { world: cleanWorld() },
    wantReason: 'intensity-below-threshold',
  },
  'one of a namespace that is not known yet is not': {
    object: podObject({ annotations: DEFERRABLE }),
    sketch: { namespaces: { default: null } },
    wantReason: 'namespace-unknown',
  },
  'one of kube-system is not': {
    object: podObject({ annotations: DEFERRABLE }),
    namespace: 'kube-system',
    wantReason: 'system-namespace',
  },
  'one of Lowtide’s own namespace is not': {
    object: podObject({ annotations: DEFERRABLE }),
    namespace: 'lowtide',
    wantReason: 'system-namespace',
  },
  'one with a node is not': {
    object: podObject({ annotations: DEFERRABLE, spec: { nodeName: 'west' } }),
    wantReason: 'already-assigned',
  },
  'one with stdin is not': {
    object: podObject({ annotations: DEFERRABLE, spec: { containers: [{ name: 'a', stdin: true }] } }),
    wantReason: 'interactive',
  },
  'one with a terminal in a second container is not': {
    object: podObject({ annotations: DEFERRABLE, spec: { containers: [{ name: 'a' }, { name: 'b', tty: true }] } }),
    wantReason: 'interactive',
  },
  'one that a kubelet claims is not': {
    object: podObject({ annotations: { ...DEFERRABLE, 'kubernetes.io/config.source': 'file' } }),
    wantReason: 'static-pod',
  },
  'one that owns up to the API server is held': {
    object: podObject({ annotations: { ...DEFERRABLE, 'kubernetes.io/config.source': 'api' } }),
  },
  'one of Kueue is not': {
    object: podObject({ annotations: DEFERRABLE, labels: { 'kueue.x-k8s.io/queue-name': 'q' } }),
    wantReason: 'kueue',
  },
  'one of a Helm hook is not': {
    object: podObject({ annotations: { ...DEFERRABLE, 'helm.sh/hook': 'pre-install' } }),
    wantReason: 'hook',
  },
  'one of an Argo CD hook is not': {
    object: podObject({ annotations: { ...DEFERRABLE, 'argocd.argoproj.io/hook': 'PreSync' } }),
    wantReason: 'hook',
  },
  'one of a DaemonSet is not, not even by its own word': {
    object: podObject({ annotations: OWN_WORD, owner: 'apps/v1 DaemonSet' }),
    wantReason: 'daemon-set',
  },
  'one of a StatefulSet is not, not even by its own word': {
    object: podObject({ annotations: OWN_WORD, owner: 'apps/v1 StatefulSet' }),
    wantReason: 'stateful-set',
  },
  'one of a Job is not: the Job decides': {
    object: podObject({ annotations: DEFERRABLE, owner: 'batch/v1 Job' }),
    wantReason: 'job-decides',
  },
  'one of a Job that has decided is not, not even by its own word': {
    object: podObject({ annotations: { ...OWN_WORD, 'lowtide.dev/hold-limit': '0s' }, owner: 'batch/v1 Job' }),
    wantReason: 'job-decides',
  },
  'one of a Job that decides nothing is held by its own word': {
    object: podObject({ annotations: OWN_WORD, owner: 'batch/v1 Job' }),
  },
  'one of a workflow is not': {
    object: podObject({ annotations: DEFERRABLE, owner: 'argoproj.io/v1alpha1 Workflow' }),
    wantReason: 'has-controller',
  },
  'one of a workflow is held by its own word': {
    object: podObject({ annotations: OWN_WORD, owner: 'argoproj.io/v1alpha1 Workflow' }),
  },
  'one of a ReplicaSet is not': {
    object: podObject({ annotations: DEFERRABLE, owner: 'apps/v1 ReplicaSet' }),
    sketch: { rollout: { first: true, progressDeadline: hours(1) } },
    wantReason: 'has-controller',
  },
  'one of a ReplicaSet is held by its own word at the first rollout': {
    object: podObject({ annotations: OWN_WORD, owner: 'apps/v1 ReplicaSet' }),
    sketch: { rollout: { first: true, progressDeadline: hours(1) } },
  },
  'one of a ReplicaSet is not held at a later rollout': {
    object: podObject({ annotations: OWN_WORD, owner: 'apps/v1 ReplicaSet' }),
    sketch: { rollout: { first: false, progressDeadline: hours(1) } },
    wantReason: 'not-first-rollout',
  },
  'one of a ReplicaSet whose Deployment is not known is not held': {
    object: podObject({ annotations: OWN_WORD, owner: 'apps/v1 ReplicaSet' }),
    wantReason: 'deployment-unknown',
  },
};

describe('a pod at admission', () => {
  for (const [title, { object, sketch = {}, namespace = 'default', wantReason }] of Object.entries(PODS)) {
    it(title, async () => {
      const { after, audit, refusal } = await admitPod(object, sketch, { namespace });

      assert.equal(refusal, null);
      const held = wantReason === undefined;
      assert.deepEqual(gatesOf(after), held ? ['lowtide.dev/carbon'] : []);
      assert.equal(after.metadata.labels?.['lowtide.dev/held'], held ? 'true' : undefined);
      assert.equal(after.metadata.annotations?.['lowtide.dev/held-since'], held ? '2026-03-02T12:00:00Z' : undefined);
      if (wantReason !== 'not-opted-in') assert.equal(audit['reason'], wantReason ?? 'intensity-above-threshold');
    });
  }
});

const CRON = 'batch/v1 CronJob';
const TIMED = { ...DEFERRABLE, 'lowtide.dev/expected-duration': '30m' };
const JOBS: Record<string, Case> = {
  'a Job of a deferrable class is held': { object: jobObject({ annotations: DEFERRABLE }) },
  'one whose template names the class is held': { object: jobObject({ template: DEFERRABLE }) },
  'one whose own class is urgent is not held, whatever its template says': {
    object: jobObject({ annotations: { 'lowtide.dev/class': 'urgent' }, template: DEFERRABLE }),
    wantReason: 'no-delay-allowed',
  },
  'one without annotations is not': { object: jobObject(), wantReason: 'not-opted-in' },
  'one that its owner suspended stays the owner’s': {
    object: jobObject({ annotations: DEFERRABLE, spec: { suspend: true } }),
    wantReason: 'suspended-by-owner',
  },
  'one of Kueue is not held': {
    object: jobObject({ annotations: DEFERRABLE, labels: { 'kueue.x-k8s.io/queue-name': 'q' } }),
    wantReason: 'kueue',
  },
  'one of another controller’s management is not': {
    object: jobObject({ annotations: DEFERRABLE, spec: { managedBy: 'kueue.x-k8s.io/multikueue' } }),
    wantReason: 'managed-by-other',
  },
  'one of the Job controller’s own management is held': {
    object: jobObject({ annotations: DEFERRABLE, spec: { managedBy: 'kubernetes.io/job-controller' } }),
  },
  'one of a Helm hook is not': {
    object: jobObject({ annotations: { ...DEFERRABLE, 'helm.sh/hook': 'post-install' } }),
    wantReason: 'hook',
  },
  'one of a JobSet is not, not even by its own word': {
    object: jobObject({ annotations: OWN_WORD, owner: FOREIGN }),
    wantReason: 'has-controller',
  },
  'one of a CronJob that is not known is not': {
    object: jobObject({ annotations: DEFERRABLE, owner: CRON }),
    wantReason: 'cron-job-unknown',
  },
  'the first one of a CronJob that allows several is held': {
    object: jobObject({ annotations: DEFERRABLE, owner: CRON }),
    sketch: { cronJob: { concurrency: 'Allow', next: inHours(1), held: 0 } },
  },
  'the next one of such a CronJob runs at once': {
    object: jobObject({ annotations: DEFERRABLE, owner: CRON }),
    sketch: { cronJob: { concurrency: 'Allow', next: inHours(1), held: 1 } },
    wantReason: 'cron-job-waits-already',
  },
  'one of a CronJob that forbids several, of unknown duration, is not': {
    object: jobObject({ annotations: DEFERRABLE, owner: CRON }),
    sketch: { cronJob: { concurrency: 'Forbid', next: inHours(1), held: 0 } },
    wantReason: 'duration-unknown',
  },
  'one of a CronJob that replaces, of known duration, is held': {
    object: jobObject({ annotations: TIMED, owner: CRON }),
    sketch: { cronJob: { concurrency: 'Replace', next: inHours(1), held: 0 } },
  },
  'one of a CronJob that runs again before it could end is not': {
    object: jobObject({ annotations: TIMED, owner: CRON }),
    sketch: { cronJob: { concurrency: 'Forbid', next: inHours(0.5), held: 0 } },
    wantReason: 'no-time-before-next-schedule',
  },
  'one in a clean hour is not': {
    object: jobObject({ annotations: DEFERRABLE }),
    sketch: { world: cleanWorld() },
    wantReason: 'intensity-below-threshold',
  },
};

describe('a Job at admission', () => {
  for (const [title, { object, sketch = {}, wantReason }] of Object.entries(JOBS)) {
    it(title, async () => {
      const { after, audit, refusal } = await admitJob(object, sketch);

      assert.equal(refusal, null);
      const held = wantReason === undefined;
      assert.equal(after.metadata.labels?.['lowtide.dev/held'], held ? 'true' : undefined);
      assert.equal(after.spec['suspend'], held ? true : object.spec['suspend']);
      if (wantReason !== 'not-opted-in') assert.equal(audit['reason'], wantReason ?? 'intensity-above-threshold');
    });
  }

  it('is not clamped by activeDeadlineSeconds: the clock of a suspended Job stands still', async () => {
    const { after } = await admitJob(jobObject({ annotations: DEFERRABLE, spec: { activeDeadlineSeconds: 60 } }));

    assert.equal(after.spec['suspend'], true);
    assert.equal(after.metadata.annotations?.['lowtide.dev/hold-limit'], undefined);
  });
});
