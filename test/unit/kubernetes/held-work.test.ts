import assert from 'node:assert/strict';
import { heldWork } from '../../../src/kubernetes/held-work.ts';
import { jobObject, podObject } from './work-objects.ts';

describe('heldWork', () => {
  it('keeps of a Job what decisions need', () => {
    const podSpec = { nodeSelector: { disk: 'ssd' } };

    assert.deepEqual(heldWork(jobObject('etl', { cronJob: 'cron-1', podSpec }), 'job'), {
      kind: 'job',
      namespace: 'batch',
      name: 'etl',
      uid: 'uid-etl',
      resourceVersion: '7',
      created: Date.parse('2026-03-02T11:00:00Z'),
      annotations: {},
      held: true,
      stopped: true,
      notPausable: 'not-interruptible',
      grace: 30_000,
      scheduling: { nodeSelector: { disk: 'ssd' }, nodeAffinity: null, tolerations: [], claims: [] },
      cronJob: 'cron-1',
      pinned: false,
    });
  });

  it('keeps of a pod what decisions need', () => {
    const spec = { nodeSelector: { disk: 'ssd' } };
    const annotations = { 'lowtide.dev/class': 'deferrable', 'kubectl.kubernetes.io/restartedAt': 'x' };

    const work = heldWork(podObject('one', { spec, annotations }), 'pod');

    assert.deepEqual(work?.annotations, { 'lowtide.dev/class': 'deferrable' });
    assert.deepEqual(work.scheduling.nodeSelector, { disk: 'ssd' });
    assert.equal(work.kind, 'pod');
    assert.equal(work.cronJob, null);
  });

  describe('held', () => {
    const gates = (...names: string[]): { spec: object } => ({
      spec: { schedulingGates: names.map((name) => ({ name })) },
    });
    const table: Record<string, { work: ReturnType<typeof heldWork>; want: boolean }> = {
      'a suspended Job': { work: heldWork(jobObject('a'), 'job'), want: true },
      'a Job that was resumed': { work: heldWork(jobObject('a', { held: false }), 'job'), want: false },
      'a suspended Job that is complete': {
        work: heldWork(jobObject('a', { conditions: [{ type: 'Complete', status: 'True' }] }), 'job'),
        want: false,
      },
      'a suspended Job that failed': {
        work: heldWork(jobObject('a', { conditions: [{ type: 'Failed', status: 'True' }] }), 'job'),
        want: false,
      },
      'a suspended Job that has not failed': {
        work: heldWork(jobObject('a', { conditions: [{ type: 'Failed', status: 'False' }] }), 'job'),
        want: true,
      },
      'a Job with the condition Suspended': {
        work: heldWork(jobObject('a', { conditions: [{ type: 'Suspended', status: 'True' }] }), 'job'),
        want: true,
      },
      'a pod with our gate': { work: heldWork(podObject('a'), 'pod'), want: true },
      'a pod with our gate beside another': {
        work: heldWork(podObject('a', gates('kueue.x-k8s.io/admission', 'lowtide.dev/carbon')), 'pod'),
        want: true,
      },
      "a pod with somebody else's gate": {
        work: heldWork(podObject('a', gates('kueue.x-k8s.io/admission')), 'pod'),
        want: false,
      },
      'a pod without gates': { work: heldWork(podObject('a', { held: false }), 'pod'), want: false },
    };
    for (const [what, { work, want }] of Object.entries(table)) {
      it(`is ${String(want)} of ${what}`, () => {
        assert.equal(work?.held, want);
      });
    }
  });

  describe('annotations of a Job', () => {
    it("are its template's, with its own over them", () => {
      const job = jobObject('a', {
        template: { 'lowtide.dev/class': 'standard', 'lowtide.dev/regions': 'eu-west-1', other: 'x' },
        annotations: { 'lowtide.dev/class': 'deferrable', other: 'y' },
      });

      assert.deepEqual(heldWork(job, 'job')?.annotations, {
        'lowtide.dev/class': 'deferrable',
        'lowtide.dev/regions': 'eu-west-1',
      });
    });

    it("lack what Lowtide wrote for the template's pods", () => {
      const job = jobObject('a', {
        template: { 'lowtide.dev/hold-limit': '0s', 'lowtide.dev/hold': 'true' },
        annotations: { 'lowtide.dev/held-since': '2026-03-02T11:00:00Z' },
      });

      assert.deepEqual(heldWork(job, 'job')?.annotations, {
        'lowtide.dev/hold': 'true',
        'lowtide.dev/held-since': '2026-03-02T11:00:00Z',
      });
    });
  });

  describe('a suspended Job', () => {
    const suspended = { conditions: [{ type: 'Suspended', status: 'True' }] };
    const paused = { 'lowtide.dev/pauses': '1' };
    const cases: Record<string, { annotations?: Record<string, string>; status: object; want: boolean }> = {
      'has stopped where it never had pods': { status: {}, want: true },
      'has not where a pod still ends, though somebody took the count of its pauses off': {
        status: { ...suspended, terminating: 1 },
        want: false,
      },
      'has not where its controller has yet to notice, though somebody took the count off': {
        status: { active: 2 },
        want: false,
      },
      'has not where it was paused and its controller has yet to notice': {
        annotations: paused,
        status: {},
        want: false,
      },
      'has where it was paused and all pods are gone': { annotations: paused, status: suspended, want: true },
    };
    for (const [what, { annotations = {}, status, want }] of Object.entries(cases)) {
      it(what, () => {
        assert.equal(heldWork({ ...jobObject('a', { annotations }), status }, 'job')?.stopped, want);
      });
    }
  });

  describe('the CronJob', () => {
    const owners: Record<string, { owner: object; want: string | null }> = {
      'that controls it': { owner: { kind: 'CronJob', uid: 'c', controller: true }, want: 'c' },
      'that owns it without controlling it': { owner: { kind: 'CronJob', uid: 'c' }, want: null },
      'is none where another kind controls it': { owner: { kind: 'JobSet', uid: 'c', controller: true }, want: null },
    };
    for (const [what, { owner, want }] of Object.entries(owners)) {
      it(what, () => {
        const { metadata, ...job } = jobObject('a');
        assert.equal(heldWork({ ...job, metadata: { ...metadata, ownerReferences: [owner] } }, 'job')?.cronJob, want);
      });
    }
  });

  it('knows a Job whose region is pinned', () => {
    assert.equal(heldWork(jobObject('a', { labels: { 'lowtide.dev/pinned': 'true' } }), 'job')?.pinned, true);
  });

  for (const key of ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp']) {
    it(`is nothing without ${key}`, () => {
      const { metadata, ...pod } = podObject('a');
      assert.equal(heldWork({ ...pod, metadata: { ...metadata, [key]: undefined } }, 'pod'), null);
    });
  }

  for (const odd of [null, 7, 'pod', [], { metadata: [] }]) {
    it(`is nothing of ${JSON.stringify(odd)}`, () => {
      assert.equal(heldWork(odd, 'pod'), null);
    });
  }
});
