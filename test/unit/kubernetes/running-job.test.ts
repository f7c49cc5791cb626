import assert from 'node:assert/strict';
import { heldWork } from '../../../src/kubernetes/held-work.ts';
import { runningJob } from '../../../src/kubernetes/running-job.ts';
import { condition, runningObject, STARTED } from './running-objects.ts';

describe('runningJob', () => {
  it('keeps of a running Job what a pause rests on', () => {
    const job = runningJob(runningObject('etl', { podSpec: { terminationGracePeriodSeconds: 90 } }));

    assert.ok(job);
    const { running, started, completed, grace, notPausable, held, stopped } = job;
    assert.deepEqual(
      { running, started, completed, grace, notPausable, held, stopped },
      {
        running: true,
        started: Date.parse(STARTED),
        completed: null,
        grace: 90_000,
        notPausable: null,
        held: false,
        stopped: false,
      },
    );
  });

  it('knows nothing of what is no object', () => {
    assert.equal(runningJob({ metadata: { name: 'etl' } }), null);
  });

  const idle: Record<string, Parameters<typeof runningObject>[1]> = {
    'is suspended': { spec: { suspend: true } },
    'was resumed, which its controller has not noticed': { status: { conditions: [condition('Suspended')] } },
    'has not been started': { status: { startTime: undefined } },
    'has no active pod': { status: { active: 0 } },
    'is complete': { status: { conditions: [condition('Complete')] } },
    'has failed': { status: { conditions: [condition('Failed')] } },
    'is about to fail': { status: { conditions: [condition('FailureTarget')] } },
    'has done enough': { status: { conditions: [condition('SuccessCriteriaMet')] } },
    'is being deleted': { metadata: { deletionTimestamp: STARTED } },
  };
  for (const [what, sketch] of Object.entries(idle)) {
    it(`does not run while it ${what}`, () => {
      assert.equal(runningJob(runningObject('etl', sketch))?.running, false);
    });
  }

  it('knows when a Job completed, not when it failed', () => {
    const over = { completionTime: '2026-03-02T12:15:00Z' };

    const complete = runningObject('a', { status: { ...over, conditions: [condition('Complete')] } });
    assert.equal(runningJob(complete)?.completed, Date.parse('2026-03-02T12:15:00Z'));
    const failed = runningObject('a', { status: { ...over, conditions: [condition('Failed')] } });
    assert.equal(runningJob(failed)?.completed, null);
  });

  const never: Record<string, { sketch: Parameters<typeof runningObject>[1]; want: string }> = {
    'that lost its label': { sketch: { labels: { 'lowtide.dev/interruptible': 'false' } }, want: 'not-labelled' },
    'that says no more that it may be': {
      sketch: { annotations: { 'lowtide.dev/interruptible': 'false' } },
      want: 'not-interruptible',
    },
    'of a queue': { sketch: { labels: { 'kueue.x-k8s.io/queue-name': 'q' } }, want: 'kueue' },
    'of another controller': {
      sketch: { spec: { managedBy: 'example.com/x', template: {} } },
      want: 'managed-by-other',
    },
    'of a JobSet': {
      sketch: { metadata: { ownerReferences: [{ controller: true, kind: 'JobSet' }] } },
      want: 'has-controller',
    },
    'whose policy fails it': {
      sketch: {
        spec: {
          podFailurePolicy: {
            rules: [
              { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
              { action: 'FailJob', onExitCodes: { operator: 'In', values: [143] } },
            ],
          },
          template: { spec: { containers: [{ name: 'work' }] } },
        },
      },
      want: 'pod-failure-policy',
    },
  };
  for (const [what, { sketch, want }] of Object.entries(never)) {
    it(`never lets pause a Job ${what}`, () => {
      assert.equal(runningJob(runningObject('etl', sketch))?.notPausable, want);
    });
  }

  it('lets pause a Job of a CronJob that its own controller runs', () => {
    const metadata = { ownerReferences: [{ controller: true, kind: 'CronJob', uid: 'cron' }] };
    const job = runningJob(runningObject('etl', { metadata, spec: { managedBy: 'kubernetes.io/job-controller' } }));

    assert.equal(job?.notPausable, null);
  });
});

describe('a paused Job, as held work', () => {
  const marks = { 'lowtide.dev/pauses': '1' };
  const paused = (status: Record<string, unknown>, annotations: Record<string, unknown> = marks) =>
    heldWork(runningObject('etl', { spec: { suspend: true, template: {} }, annotations, status }), 'job');

  it('has stopped when it is noticed, and no pod is active or terminating', () => {
    const atRest = { active: 0, terminating: 0, conditions: [condition('Suspended')] };

    assert.equal(paused(atRest)?.stopped, true);
    assert.equal(paused({ ...atRest, active: 1 })?.stopped, false);
    assert.equal(paused({ ...atRest, terminating: 1 })?.stopped, false);
    assert.equal(paused({ ...atRest, conditions: [] })?.stopped, false);
  });

  it('has nothing to stop where it was never paused', () => {
    assert.equal(paused({ active: 0, conditions: [] }, {})?.stopped, true);
  });
});
