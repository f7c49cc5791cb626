import assert from 'node:assert/strict';
import { instant } from '../../../src/carbon/units.ts';
import { INTERRUPTIBLE_LABEL } from '../../../src/policy/annotations.ts';
import { admitJob, cleanWorld, jobObject } from '../../support/admission.ts';
import type { AdmissionSketch } from '../../support/admission.ts';
import { NOW } from '../../support/world.ts';

const INTERRUPTIBLE = { 'lowtide.dev/class': 'deferrable', 'lowtide.dev/interruptible': 'true' };
const FAIL_ON_143 = {
  podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [143] } }] },
};

interface Case {
  job: Parameters<typeof jobObject>[0];
  sketch?: AdmissionSketch;
  labelled: boolean;
  warns?: RegExp;
}

describe('a Job that says that it is interruptible', () => {
  const cases: Record<string, Case> = {
    'is labelled where it is held': { job: { annotations: INTERRUPTIBLE }, labelled: true },
    'is labelled where its time is now': {
      job: { annotations: INTERRUPTIBLE },
      sketch: { world: cleanWorld() },
      labelled: true,
    },
    'is labelled where its template says so': {
      job: { annotations: { 'lowtide.dev/class': 'deferrable' }, template: { 'lowtide.dev/interruptible': 'true' } },
      labelled: true,
    },
    'is labelled by its namespace’s default': {
      job: { annotations: { 'lowtide.dev/class': 'deferrable' } },
      sketch: { namespaces: { default: { managed: true, annotations: { 'lowtide.dev/interruptible': 'true' } } } },
      labelled: true,
    },
    'is not labelled where its class allows no delay': {
      job: { annotations: { ...INTERRUPTIBLE, 'lowtide.dev/class': 'urgent' } },
      labelled: false,
    },
    'is not labelled where a paused pod would fail it, and its author is told': {
      job: { annotations: INTERRUPTIBLE, spec: FAIL_ON_143 },
      labelled: false,
      warns: /interruptible has no effect, it is never paused: its podFailurePolicy .* \(pod-failure-policy\)/,
    },
    'is not labelled where another controller owns it': {
      job: { annotations: INTERRUPTIBLE, owner: 'jobset.x-k8s.io/v1alpha2 JobSet' },
      labelled: false,
      warns: /never paused: a controller other than a CronJob owns it/,
    },
    'is not labelled where it does not say so': {
      job: { annotations: { 'lowtide.dev/class': 'deferrable' } },
      labelled: false,
    },
    'loses a label that it brought itself': {
      job: { annotations: { 'lowtide.dev/class': 'deferrable' }, labels: { [INTERRUPTIBLE_LABEL]: 'true' } },
      labelled: false,
    },
  };
  for (const [sentence, { job, sketch, labelled, warns }] of Object.entries(cases)) {
    it(sentence, async () => {
      const { after, warnings } = await admitJob(jobObject(job), sketch);

      assert.equal(after.metadata.labels?.[INTERRUPTIBLE_LABEL], labelled ? 'true' : undefined);
      if (warns === undefined) assert.ok(warnings.every((warning) => !warning.includes('never paused')));
      else assert.match(warnings.join('\n'), warns);
    });
  }

  it('keeps the limit of its CronJob where it is not held: its pauses must end in time for the next run, too', async () => {
    const annotations = { ...INTERRUPTIBLE, 'lowtide.dev/expected-duration': '10m' };
    const job = jobObject({ annotations, owner: 'batch/v1 CronJob' });
    const cronJob = { concurrency: 'Forbid', next: instant(NOW + 3_600_000), held: 0 } as const;
    const { after } = await admitJob(job, { cronJob, world: cleanWorld() });

    assert.equal(after.spec['suspend'], undefined);
    assert.equal(after.metadata.annotations?.['lowtide.dev/hold-limit'], '48m');
  });
});
