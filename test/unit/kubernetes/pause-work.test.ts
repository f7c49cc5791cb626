import assert from 'node:assert/strict';
import { instant, millis, region } from '../../../src/carbon/units.ts';
import { pauseWork } from '../../../src/kubernetes/pause-work.ts';
import type { PauseChange } from '../../../src/kubernetes/pause-work.ts';
import { runningJob } from '../../../src/kubernetes/running-job.ts';
import { member } from '../../../src/kubernetes/untyped.ts';
import type { RunningJob } from '../../../src/timing/running-job.ts';
import { minutes } from '../../support/hold.ts';
import { ObjectServer } from '../../support/object-server.ts';
import { NOW } from '../../support/world.ts';
import { condition, runningObject } from './running-objects.ts';

const JOB = '/apis/batch/v1/namespaces/team/jobs/etl';
const CHANGE: PauseChange = {
  decision: '{"reason":"cleaner-hours"}',
  progress: {
    since: NOW,
    waited: minutes(30),
    ran: millis(1_805_000),
    pauses: 1,
    region: region('eu-west-1'),
    run: { region: region('eu-west-1'), since: instant(NOW - 1_805_000) },
  },
};

describe('pauseWork', () => {
  let server: ObjectServer;
  const patience = { signal: new AbortController().signal, silence: 5_000 };
  beforeEach(async () => {
    server = await ObjectServer.start();
  });
  afterEach(() => server.stop());

  const known = (sketch: Parameters<typeof runningObject>[1] = {}): RunningJob => {
    const job = runningJob(server.put(JOB, runningObject('etl', sketch)));
    assert.ok(job);
    return job;
  };
  const pause = (job: RunningJob, change: (job: RunningJob) => PauseChange | null = () => CHANGE) =>
    pauseWork(server.access, job, change, patience);
  const methods = (): string[] => server.requests.map(({ method }) => method);
  const at = (...keys: string[]): unknown => keys.reduce<unknown>(member, server.get(JOB));

  it('suspends the Job in one patch that makes held work of it', async () => {
    const labels = { 'lowtide.dev/released': 'true', 'lowtide.dev/pinned': 'true' };
    const job = known({ labels, annotations: { 'lowtide.dev/released-at': '2026-03-02T11:30:00Z' } });

    assert.equal(await pause(job), 'paused');

    assert.deepEqual(methods(), ['PATCH']);
    assert.equal(at('spec', 'suspend'), true);
    assert.deepEqual(at('metadata', 'labels'), { 'lowtide.dev/interruptible': 'true', 'lowtide.dev/held': 'true' });
    assert.deepEqual(at('metadata', 'annotations'), {
      'lowtide.dev/interruptible': 'true',
      'lowtide.dev/held-since': '2026-03-02T12:00:00.000Z',
      'lowtide.dev/waited': '30m',
      'lowtide.dev/ran': '30m5s',
      'lowtide.dev/pauses': '2',
      'lowtide.dev/ran-in': 'eu-west-1',
      'lowtide.dev/decision': CHANGE.decision,
    });
  });

  it('leaves alone what does not run, or is not to be paused after all', async () => {
    assert.equal(await pause(known({ status: { active: 0 } })), 'kept');
    assert.equal(await pause(known(), () => null), 'kept');
    assert.deepEqual(methods(), []);
  });

  const meanwhile: Record<string, { sketch: Parameters<typeof runningObject>[1]; want: string; patches: number }> = {
    'its status changed, and pauses it as it is now': { sketch: { status: { ready: 0 } }, want: 'paused', patches: 2 },
    'it finished': { sketch: { status: { conditions: [condition('Complete')] } }, want: 'kept', patches: 1 },
    'somebody else suspended it': { sketch: { spec: { suspend: true } }, want: 'kept', patches: 1 },
  };
  for (const [what, { sketch, want, patches }] of Object.entries(meanwhile)) {
    it(`notices that ${what}`, async () => {
      const job = known();
      known(sketch);

      assert.equal(await pause(job), want);
      assert.equal(methods().filter((method) => method === 'PATCH').length, patches);
    });
  }

  it('finds that the Job is gone, or that another has its name', async () => {
    const job = known();
    server.objects.delete(JOB);
    assert.equal(await pause(job), 'gone');

    server.put(JOB, runningObject('etl', { metadata: { uid: 'uid-other' } }));
    assert.equal(await pause(job), 'gone');
  });

  it('says why where it is refused, and where the Job never holds still', async () => {
    const job = known();
    server.intercept = ({ method }) => (method === 'PATCH' ? { status: 403, body: { message: 'no' } } : undefined);
    await assert.rejects(pause(job), { code: 'forbidden' });

    server.intercept = ({ method }) => (method === 'PATCH' ? { status: 422, body: { message: 'no' } } : undefined);
    await assert.rejects(pause(job), { code: 'invalid' });

    server.intercept = () => {
      known();
      return undefined;
    };
    await assert.rejects(pause(job), { code: 'conflict' });
  });
});
