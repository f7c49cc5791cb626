import assert from 'node:assert/strict';
import { Admission } from '../../../src/service/admission/admission.ts';
import { ClassDurations } from '../../../src/timing/class-durations.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import {
  admitJob,
  admitPod,
  clusterState,
  creation,
  dirtyWorld,
  jobObject,
  podObject,
  RecordingAdmissionObserver,
  REGION_LABEL,
} from '../../support/admission.ts';
import { NOW } from '../../support/world.ts';

const WRONG_WHEN = { 'lowtide.dev/class': 'deferrable', 'lowtide.dev/max-delay': '20h' };
const WRONG_WHERE = { 'lowtide.dev/residency': 'nowhere' };
const CONTROLLERS = [
  'apps/v1 ReplicaSet',
  'apps/v1 StatefulSet',
  'apps/v1 DaemonSet',
  'batch/v1 Job',
  'example.com/v1 Thing',
];

describe('a wrong annotation', () => {
  it('has what a person made refused', async () => {
    for (const { refusal } of [
      await admitPod(podObject({ annotations: WRONG_WHEN })),
      await admitJob(jobObject({ annotations: WRONG_WHEN })),
    ]) {
      assert.match(refusal?.message ?? '', /lowtide\.dev\/max-delay.*20h.*class deferrable of the policy/);
    }
  });

  for (const owner of CONTROLLERS) {
    it(`about when keeps no ${owner} from replacing its pods, and is said`, async () => {
      const { refusal, warnings } = await admitPod(podObject({ annotations: WRONG_WHEN, owner }));

      assert.equal(refusal, null);
      assert.match(warnings.at(-1) ?? '', /lowtide\.dev\/max-delay.*not in force/);
    });

    it(`about where has pods of a ${owner} refused all the same`, async () => {
      const { refusal } = await admitPod(podObject({ annotations: WRONG_WHERE, owner }));

      assert.match(refusal?.message ?? '', /lowtide\.dev\/residency.*nowhere/);
    });
  }

  it('about when keeps no CronJob from running: its Job is held for as long as the class allows', async () => {
    const cronJob = { concurrency: 'Allow', next: (NOW + 86_400_000) as Instant, held: 0 } as const;

    const job = jobObject({ annotations: WRONG_WHEN, owner: 'batch/v1 CronJob' });
    const { refusal, warnings } = await admitJob(job, { cronJob });

    assert.equal(refusal, null);
    assert.match(warnings[0] ?? '', /until 2026-03-03T00:00:00Z/);
  });

  it('that Lowtide does not know is said, a reserved one is not', async () => {
    const annotations = { 'lowtide.dev/maxdelay': '1h', 'lowtide.dev/energy': '0.3kWh' };

    for (const { refusal, warnings } of [
      await admitPod(podObject({ annotations })),
      await admitJob(jobObject({ annotations })),
    ]) {
      assert.equal(refusal, null);
      assert.equal(warnings.filter((warning) => warning.includes('knows no annotation')).length, 1);
      assert.match(warnings.join('\n'), /knows no annotation lowtide\.dev\/maxdelay; there are class, max-intensity, /);
    }
  });
});

describe('the next schedule of a CronJob', () => {
  it('is asked for after the tick that made the Job, though our clock is behind', async () => {
    const asked: number[] = [];
    const state = clusterState();
    const observer = new RecordingAdmissionObserver();
    const admission = new Admission({
      gather: () => ({
        world: dirtyWorld(),
        state: {
          ...state,
          cronJob: (_namespace, _name, after) => {
            asked.push(after);
            return null;
          },
        },
      }),
      ownNamespace: 'lowtide',
      regionLabel: REGION_LABEL,
      regionOfNode: () => undefined,
      durations: new ClassDurations(),
      podOf: () => Promise.resolve(null),
      observer,
    });
    const tick = new Date(NOW + 200).toISOString();
    const annotations = { 'lowtide.dev/class': 'deferrable', 'batch.kubernetes.io/cronjob-scheduled-timestamp': tick };
    const job = jobObject({ annotations, owner: 'batch/v1 CronJob' });

    await admission.answer('jobs', 'carbon', creation(job, { resource: 'jobs' }));

    assert.deepEqual(asked, [NOW + 200]);
  });
});
