import assert from 'node:assert/strict';
import { heldWork } from '../../../src/kubernetes/held-work.ts';
import { hasStopped, supportsRepin, suspendAgain, unpinWork } from '../../../src/kubernetes/unpin-work.ts';
import { member } from '../../../src/kubernetes/untyped.ts';
import { unschedulableSince } from '../../../src/kubernetes/unschedulable.ts';
import { DECISION, HELD_LABEL, PINNED_LABEL, RELEASED_AT } from '../../../src/policy/annotations.ts';
import type { HeldWork } from '../../../src/timing/held-work.ts';
import { heldJob } from '../../support/held-objects.ts';
import { ObjectServer } from '../../support/object-server.ts';

const JOB = '/apis/batch/v1/namespaces/team/jobs/etl';
const PODS = '/api/v1/namespaces/team/pods';
const AFFINITY = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: {} }] };

describe('unpinning', () => {
  let server: ObjectServer;
  const patience = { signal: new AbortController().signal, silence: 5_000 };
  const at = (...keys: string[]): unknown => keys.reduce<unknown>(member, server.get(JOB));
  const unpin = (work: HeldWork) =>
    unpinWork(server.access, work, () => ({ decision: 'elsewhere', affinity: AFFINITY }), patience);

  beforeEach(async () => {
    server = await ObjectServer.start();
  });

  afterEach(() => server.stop());

  function pinned(suspend: boolean, status: Record<string, unknown> = {}): HeldWork {
    const job = heldJob('etl', { spec: { suspend }, status });
    const labels = { [PINNED_LABEL]: 'true' };
    const metadata = { ...(job['metadata'] as object), namespace: 'team', labels, annotations: { [RELEASED_AT]: 'x' } };
    const work = heldWork(server.put(JOB, { ...job, metadata }), 'job');
    assert.ok(work);
    return work;
  }

  it('suspends a Job without making it held work', async () => {
    assert.equal(await suspendAgain(server.access, pinned(false), patience), 'suspended');

    assert.equal(at('spec', 'suspend'), true);
    assert.equal(member(at('metadata', 'labels'), HELD_LABEL), undefined);
  });

  it('leaves a Job alone that is no longer pinned', async () => {
    const work = { ...pinned(false), pinned: false };

    assert.equal(await suspendAgain(server.access, work, patience), 'free');
    assert.equal(await unpin(work), 'free');
    assert.equal(server.requests.length, 0);
  });

  it('resumes it in one patch, with the other affinity and without the mark', async () => {
    assert.equal(await unpin(pinned(true)), 'unpinned');

    assert.equal(at('spec', 'suspend'), false);
    assert.deepEqual(at('spec', 'template', 'spec', 'affinity'), { nodeAffinity: AFFINITY });
    assert.deepEqual(at('metadata', 'labels'), {});
    assert.equal(at('metadata', 'annotations', DECISION), 'elsewhere');
    assert.equal(server.requests.length, 1);
  });

  for (const status of [400, 403, 422]) {
    it(`resumes it as it is where another template is refused with ${status}, and does not try that again`, async () => {
      const work = pinned(true);
      server.intercept = ({ body }) => (JSON.stringify(body ?? '').includes('affinity') ? { status } : undefined);

      assert.equal(await unpin(work), 'resumed');

      assert.equal(at('spec', 'suspend'), false);
      assert.deepEqual(at('metadata', 'labels'), {});
    });
  }

  it('tries again on what it has become', async () => {
    const work = pinned(true);
    server.put(JOB, server.get(JOB));

    assert.equal(await unpin(work), 'unpinned');
  });

  const suspended = [{ type: 'Suspended', status: 'True' }];
  const statuses: Record<string, { status: Record<string, unknown>; want: boolean }> = {
    'not yet seen by the Job controller': { status: { active: 1 }, want: false },
    'with a pod that is terminating': { status: { conditions: suspended, terminating: 1 }, want: false },
    'with a pod that is active': { status: { conditions: suspended, active: 1 }, want: false },
    'with nothing left': { status: { conditions: suspended, active: 0, terminating: 0 }, want: true },
  };
  for (const [name, { status, want }] of Object.entries(statuses)) {
    it(`${want ? 'takes' : 'does not take'} a Job ${name} for stopped`, async () => {
      assert.equal(await hasStopped(server.access, pinned(true, status), patience), want);
    });
  }

  it('finds a Job gone', async () => {
    const work = pinned(true);
    assert.equal(await hasStopped(server.access, { ...work, uid: 'other' }, patience), 'gone');
    server.objects.delete(JOB);

    assert.equal(await hasStopped(server.access, work, patience), 'gone');
    assert.equal(await suspendAgain(server.access, work, patience), 'gone');
    assert.equal(await unschedulableSince(server.access, work, patience), 'finished');
  });

  const versions: Record<string, { version: object; want: boolean }> = {
    '1.35': { version: { major: '1', minor: '35' }, want: false },
    '1.36': { version: { major: '1', minor: '36' }, want: true },
    '1.37 of a provider': { version: { major: '1', minor: '37+' }, want: true },
    '2.0': { version: { major: '2', minor: '0' }, want: true },
    'no version': { version: {}, want: false },
  };
  for (const [name, { version, want }] of Object.entries(versions)) {
    it(`counts on it ${want ? 'with' : 'not with'} ${name}`, async () => {
      server.intercept = () => ({ status: 200, body: version });

      assert.equal(await supportsRepin(server.access, patience), want);
    });
  }

  it('says since when the first of its pods finds no node', async () => {
    const work = pinned(false);
    const pod = (reason: string, lastTransitionTime: string): object => ({
      status: { conditions: [{ type: 'PodScheduled', status: 'False', reason, lastTransitionTime }] },
    });
    const late = pod('Unschedulable', '2026-03-02T12:05:00Z');
    const early = pod('Unschedulable', '2026-03-02T12:04:00Z');
    server.put(PODS, { items: [late, early, pod('SchedulingGated', '2026-03-02T12:00:00Z')] });
    assert.equal(await unschedulableSince(server.access, work, patience), Date.parse('2026-03-02T12:04:00Z'));

    server.put(PODS, { items: [] });
    assert.equal(await unschedulableSince(server.access, work, patience), null);
    pinned(false, { conditions: [{ type: 'Complete', status: 'True' }] });
    const again = heldWork(server.get(JOB), 'job') ?? work;
    assert.equal(await unschedulableSince(server.access, again, patience), 'finished');
  });
});
