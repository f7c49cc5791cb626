import assert from 'node:assert/strict';
import { instant } from '../../../src/carbon/units.ts';
import {
  admitJob,
  admitPod,
  cleanWorld,
  dirtyWorld,
  gatesOf,
  jobObject,
  podObject,
  REGION_LABEL,
  templateAnnotations,
} from '../../support/admission.ts';
import type { JsonObject } from '../../support/admission.ts';
import { hours, isIn, term } from '../../support/hold.ts';
import { NOW } from '../../support/world.ts';

const DEFERRABLE = { 'lowtide.dev/class': 'deferrable' };
const EU = { 'lowtide.dev/residency': 'eu-strict' };
const IN_EU = isIn(REGION_LABEL, 'eu-west-1', 'eu-central-1');

function requiredTerms(pod: JsonObject): unknown {
  const { nodeAffinity } = pod.spec['affinity'] as { nodeAffinity: Record<string, unknown> };
  return nodeAffinity['requiredDuringSchedulingIgnoredDuringExecution'];
}

describe('an object that was held before it came', () => {
  const copied = {
    ...DEFERRABLE,
    'lowtide.dev/held-since': '2026-02-01T00:00:00Z',
    'lowtide.dev/decision': '{"old":true}',
    'lowtide.dev/released-at': '2026-02-01T01:00:00Z',
    'lowtide.dev/hold-limit': '1m',
  };

  it('is decided afresh, a pod in a clean hour without its gate', async () => {
    const spec = { schedulingGates: [{ name: 'example.com/other' }, { name: 'lowtide.dev/carbon' }] };
    const pod = podObject({ annotations: copied, labels: { 'lowtide.dev/held': 'true', app: 'x' }, spec });

    const { after } = await admitPod(pod, { world: cleanWorld() });

    assert.deepEqual(gatesOf(after), ['example.com/other']);
    assert.deepEqual(after.metadata.annotations, DEFERRABLE);
    assert.deepEqual(after.metadata.labels, { app: 'x' });
  });

  it('is held from now on in a dirty hour, for its whole delay', async () => {
    const { after } = await admitPod(podObject({ annotations: copied }));

    assert.equal(after.metadata.annotations?.['lowtide.dev/held-since'], '2026-03-02T12:00:00Z');
    assert.match(after.metadata.annotations['lowtide.dev/decision'] ?? '', /"until":"2026-03-03T00:00:00Z"/);
    assert.equal(after.metadata.annotations['lowtide.dev/hold-limit'], undefined);
  });

  const SUSPENDED = {
    'by its label is ours, and runs': { labels: { 'lowtide.dev/held': 'true' }, annotations: DEFERRABLE, want: false },
    'by its annotation is ours, and runs': {
      annotations: { ...DEFERRABLE, 'lowtide.dev/held-since': '2026-02-01T00:00:00Z' },
      want: false,
    },
    'after its release is its owner’s, and stays': { annotations: copied, want: true },
    'without a mark is its owner’s, and stays': { annotations: DEFERRABLE, want: true },
  };
  for (const [title, { want, ...sketch }] of Object.entries(SUSPENDED)) {
    it(`a suspended Job ${title} in a clean hour`, async () => {
      const job = jobObject({ ...sketch, spec: { suspend: true } });

      assert.equal((await admitJob(job, { world: cleanWorld() })).after.spec['suspend'], want);
    });
  }
});

describe('words of a Job', () => {
  it('are copied to its template where that lacks them', async () => {
    const annotations = { ...DEFERRABLE, ...EU, 'lowtide.dev/max-delay': '1h', 'example.com/x': 'y' };

    const { after } = await admitJob(jobObject({ annotations }));

    assert.deepEqual(templateAnnotations(after), { ...DEFERRABLE, ...EU, 'lowtide.dev/max-delay': '1h' });
  });

  it('of when stay two where its template says otherwise: the Job’s decide', async () => {
    const annotations = { 'lowtide.dev/max-delay': '1h' };
    const template = { ...DEFERRABLE, 'lowtide.dev/max-delay': '2h' };

    const { after, warnings } = await admitJob(jobObject({ annotations, template }));

    assert.deepEqual(templateAnnotations(after), template);
    assert.match(warnings[0] ?? '', /until 2026-03-02T13:00:00Z/);
  });

  it('of where are written over its template’s, with a warning', async () => {
    const template = { 'lowtide.dev/residency': 'global' };

    const { after, warnings } = await admitJob(jobObject({ annotations: EU, template }));

    assert.deepEqual(templateAnnotations(after), EU);
    assert.match(warnings.at(-1) ?? '', /lowtide.dev\/residency of the Job differs from its pod template's/);
  });

  it('come from its namespace where it has none', async () => {
    const annotations = { ...DEFERRABLE, ...EU };
    const { after } = await admitJob(jobObject(), { namespaces: { default: { managed: true, annotations } } });

    assert.equal(after.spec['suspend'], true);
    assert.deepEqual(templateAnnotations(after), annotations);
    assert.equal(after.metadata.annotations?.['lowtide.dev/class'], 'deferrable');
  });

  const OWN = { ...DEFERRABLE, 'lowtide.dev/hold': 'true' };
  const JOBSET = 'jobset.x-k8s.io/v1alpha2 JobSet';
  const TIMED = { ...OWN, 'lowtide.dev/expected-duration': '10m' };
  const LIMITS = {
    'a Job that decides for its pods': { job: jobObject({ template: OWN }), want: '0s' },
    'a Job whose pods do not ask': { job: jobObject({ template: DEFERRABLE }), want: undefined },
    'a Job of a controller, without a deadline': { job: jobObject({ template: OWN, owner: JOBSET }), want: undefined },
    'a Job of a controller, with a deadline': {
      job: jobObject({ template: TIMED, owner: JOBSET, spec: { activeDeadlineSeconds: 3600 } }),
      want: '50m',
    },
    'a Job of a controller, with a deadline and of unknown duration': {
      job: jobObject({ template: OWN, owner: JOBSET, spec: { activeDeadlineSeconds: 3600 } }),
      want: '0s',
    },
  };
  for (const [title, { job, want }] of Object.entries(LIMITS)) {
    it(`bound the holds of pods by ${String(want)}: ${title}`, async () => {
      assert.equal(templateAnnotations((await admitJob(job)).after)['lowtide.dev/hold-limit'], want);
    });
  }
});

describe('warnings', () => {
  it('say what brings the end of a hold forward', async () => {
    const annotations = { ...DEFERRABLE, 'lowtide.dev/hold': 'true' };
    const rollout = { first: true, progressDeadline: hours(1) };

    const { warnings, after } = await admitPod(podObject({ annotations, owner: 'apps/v1 ReplicaSet' }), { rollout });

    assert.match(warnings[1] ?? '', /ends by 2026-03-02T12:58:00Z.*progressDeadlineSeconds leaves no more/);
    assert.equal(after.metadata.annotations?.['lowtide.dev/hold-limit'], '58m');
  });

  it('say why work that opted in is not held, to people', async () => {
    const { warnings } = await admitJob(jobObject({ annotations: DEFERRABLE, spec: { suspend: true } }));

    assert.deepEqual(warnings, [
      "Lowtide does not hold it: its owner suspended it; it stays its owner's (suspended-by-owner)",
    ]);
  });

  it('say nothing of that to controllers', async () => {
    assert.deepEqual((await admitPod(podObject({ annotations: DEFERRABLE, owner: 'batch/v1 Job' }))).warnings, []);
  });

  it('are spared work whose class says to run at once, unless it asks for a delay itself', async () => {
    const urgent = { 'lowtide.dev/class': 'urgent' };
    const contradictory = { ...urgent, 'lowtide.dev/max-delay': '0s' };

    assert.deepEqual((await admitPod(podObject({ annotations: urgent }))).warnings, []);
    assert.match((await admitPod(podObject({ annotations: contradictory }))).warnings[0] ?? '', /no-delay-allowed/);
  });
});

describe('pods of a Job', () => {
  it('are not refused for when they run, should the policy have changed since', async () => {
    const annotations = { ...EU, 'lowtide.dev/class': 'gone', 'lowtide.dev/max-delay': 'soon' };

    const { refusal, after } = await admitPod(podObject({ annotations, owner: 'batch/v1 Job' }));

    assert.equal(refusal, null);
    assert.deepEqual(requiredTerms(after), { nodeSelectorTerms: [term(IN_EU)] });
  });

  it('are refused for where they run', async () => {
    const annotations = { 'lowtide.dev/residency': 'gone' };

    const { refusal } = await admitPod(podObject({ annotations, owner: 'batch/v1 Job' }));

    assert.equal(refusal?.code, 422);
  });
});

describe('a hold asked about twice', () => {
  it('is counted from the first time', async () => {
    const { after } = await admitPod(podObject({ annotations: DEFERRABLE }));

    const later = dirtyWorld({ now: instant(NOW + 20_000) });

    assert.deepEqual((await admitPod(after, { world: later })).patch, []);
  });

  it('ends at the same moment, whatever the fraction of a second at which it was asked about', async () => {
    const cronJob = { concurrency: 'Forbid', next: instant(NOW + hours(1)), held: 0 } as const;
    const annotations = { ...DEFERRABLE, 'lowtide.dev/expected-duration': '10m' };
    const job = jobObject({ annotations, owner: 'batch/v1 CronJob' });
    const { after } = await admitJob(job, { cronJob, world: dirtyWorld({ now: instant(NOW + 345) }) });

    const again = await admitJob(after, { cronJob, world: dirtyWorld({ now: instant(NOW + 1_678) }) });

    assert.equal(again.audit['decision'], 'held');
    assert.deepEqual(again.patch, []);
  });
});
