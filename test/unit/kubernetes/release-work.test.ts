import assert from 'node:assert/strict';
import { region } from '../../../src/carbon/units.ts';
import type { NodeAffinity } from '../../../src/placement/types.ts';
import {
  DECISION,
  GATE,
  HELD_LABEL,
  HELD_SINCE,
  PINNED_LABEL,
  PLACED,
  RELEASED_AT,
  RELEASED_LABEL,
} from '../../../src/policy/annotations.ts';
import { heldWork } from '../../../src/kubernetes/held-work.ts';
import { noteDecision, releaseWork, restoreHeldLabel } from '../../../src/kubernetes/release-work.ts';
import type { ReleaseChange } from '../../../src/kubernetes/release-work.ts';
import { member } from '../../../src/kubernetes/untyped.ts';
import type { HeldWork } from '../../../src/timing/held-work.ts';
import type { WorkKind } from '../../../src/timing/types.ts';
import { heldJob, heldPod } from '../../support/held-objects.ts';
import { ObjectServer } from '../../support/object-server.ts';
import { NOW } from '../../support/world.ts';

const JOB = '/apis/batch/v1/namespaces/team/jobs/etl';
const POD = '/api/v1/namespaces/team/pods/etl';
const REQUIRED: NodeAffinity = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'region', operator: 'In', values: ['north'] }] }],
  },
};
const CHANGE: ReleaseChange = { releasedAt: NOW, decision: '{"reason":"x"}', affinity: REQUIRED, pinned: false };

describe('releaseWork', () => {
  let server: ObjectServer;
  const patience = { signal: new AbortController().signal, silence: 5_000 };

  beforeEach(async () => {
    server = await ObjectServer.start();
  });

  afterEach(() => server.stop());

  function known(path: string, object: Record<string, unknown>, kind: WorkKind): HeldWork {
    const metadata = { namespace: 'team', ...(object['metadata'] as object) };
    const work = heldWork(server.put(path, { ...object, metadata }), kind);
    assert.ok(work);
    return work;
  }
  const release = (work: HeldWork, change: (work: HeldWork) => ReleaseChange | null = () => CHANGE) =>
    releaseWork(server.access, work, change, patience);
  const methods = (): string[] => server.requests.map(({ method }) => method);
  const at = (path: string, ...keys: string[]): unknown => keys.reduce<unknown>(member, server.get(path));

  it('resumes a Job in one patch, with affinity, marks and without the label', async () => {
    const work = known(JOB, heldJob('etl'), 'job');

    assert.equal(await release(work, () => ({ ...CHANGE, pinned: true })), 'released');

    assert.deepEqual(methods(), ['PATCH']);
    assert.equal(at(JOB, 'spec', 'suspend'), false);
    assert.deepEqual(at(JOB, 'spec', 'template', 'spec', 'affinity'), { nodeAffinity: REQUIRED });
    assert.deepEqual(at(JOB, 'metadata', 'labels'), { [PINNED_LABEL]: 'true', [RELEASED_LABEL]: 'true' });
    assert.deepEqual(at(JOB, 'metadata', 'annotations'), {
      [HELD_SINCE]: '2026-03-02T12:00:00Z',
      [RELEASED_AT]: '2026-03-02T12:00:00.000Z',
      [DECISION]: CHANGE.decision,
      [PLACED]: 'true',
    });
  });

  describe('of a paused Job', () => {
    const annotations = { 'lowtide.dev/pauses': '1' };
    const atRest = { conditions: [{ type: 'Suspended', status: 'True' }] };

    it('waits for its pods to end: never two copies', async () => {
      const work = known(JOB, heldJob('etl', { annotations, status: { ...atRest, terminating: 1 } }), 'job');

      assert.equal(await release(work), 'stopping');
      assert.deepEqual(methods(), ['GET']);
      assert.equal(at(JOB, 'spec', 'suspend'), true);
    });

    it('looks again where it is known to stop, and resumes it once it has', async () => {
      const work = known(JOB, heldJob('etl', { annotations, status: { ...atRest, terminating: 1 } }), 'job');
      server.put(JOB, { ...(server.get(JOB) as object), status: atRest });

      assert.equal(await release(work), 'released');
      assert.equal(at(JOB, 'spec', 'suspend'), false);
    });

    it('notes where it goes, and that it is not paused again where somebody let it go', async () => {
      const labels = { 'lowtide.dev/interruptible': 'true' };
      const work = known(JOB, heldJob('etl', { annotations, labels, status: atRest }), 'job');

      await release(work, () => ({ ...CHANGE, affinity: null, region: region('eu-west-1'), final: true }));

      assert.equal(at(JOB, 'metadata', 'annotations', 'lowtide.dev/ran-in'), 'eu-west-1');
      assert.deepEqual(at(JOB, 'metadata', 'labels'), { [RELEASED_LABEL]: 'true' });
    });
  });

  it('leaves the template alone where there is no affinity to write', async () => {
    const work = known(JOB, heldJob('etl'), 'job');

    await release(work, () => ({ ...CHANGE, affinity: null }));

    assert.equal(at(JOB, 'spec', 'suspend'), false);
    assert.equal(at(JOB, 'spec', 'template', 'spec', 'affinity'), undefined);
  });

  it('takes only its own gate off a pod', async () => {
    const gates = [{ name: 'kueue.x-k8s.io/admission' }, { name: GATE }];
    const work = known(POD, heldPod('etl', { spec: { schedulingGates: gates } }), 'pod');

    assert.equal(await release(work), 'released');

    assert.deepEqual(at(POD, 'spec', 'schedulingGates'), [gates[0]]);
    assert.deepEqual(at(POD, 'spec', 'affinity'), { nodeAffinity: REQUIRED });
    assert.deepEqual(at(POD, 'metadata', 'labels'), { [RELEASED_LABEL]: 'true' });
  });

  it('asks again with the object as it is now where it has changed', async () => {
    const work = known(JOB, heldJob('etl'), 'job');
    known(JOB, heldJob('etl', { annotations: { 'lowtide.dev/class': 'new' } }), 'job');
    server.objects.set(JOB, { ...server.get(JOB), metadata: { ...(at(JOB, 'metadata') as object), uid: work.uid } });
    const asked: (string | undefined)[] = [];

    const outcome = await release(work, ({ annotations }) => {
      asked.push(annotations['lowtide.dev/class']);
      return CHANGE;
    });

    assert.equal(outcome, 'released');
    assert.deepEqual(asked, [undefined, 'new']);
    assert.deepEqual(methods(), ['PATCH', 'GET', 'PATCH']);
  });

  it('keeps work that on second thoughts is to wait', async () => {
    const work = known(JOB, heldJob('etl'), 'job');

    assert.equal(await release(work, () => null), 'kept');

    assert.deepEqual(methods(), []);
  });

  it('does it once: of two that release the same work only one says so', async () => {
    const work = known(POD, heldPod('etl'), 'pod');

    const outcomes = await Promise.all([release(work), release(work)]);

    assert.deepEqual(outcomes.sort(), ['already-released', 'released']);
  });

  it('gives up an object that changes all the time', async () => {
    const work = known(JOB, heldJob('etl'), 'job');
    server.intercept = ({ method }) => (method === 'PATCH' ? { status: 409 } : undefined);

    await assert.rejects(release(work), { code: 'conflict', retryable: true });
  });

  it('takes an object that is gone, or that has another uid, for gone', async () => {
    const work = known(JOB, heldJob('etl'), 'job');
    const again = { ...work, uid: 'of-before', resourceVersion: '' };

    assert.equal(await release(again), 'gone');
    server.objects.delete(JOB);
    assert.equal(await release(work), 'gone');
  });

  it('only cleans what somebody else let go, and says when', async () => {
    const work = known(JOB, heldJob('etl', { spec: { suspend: false } }), 'job');

    assert.equal(await release(work), 'already-released');

    assert.deepEqual(at(JOB, 'metadata', 'labels'), { [RELEASED_LABEL]: 'true' });
    assert.equal(at(JOB, 'metadata', 'annotations', RELEASED_AT), '2026-03-02T12:00:00.000Z');
  });

  it('leaves a Job alone that was released and then suspended by its owner', async () => {
    const work = known(JOB, heldJob('etl'), 'job');
    await release(work);
    const spec = { ...(at(JOB, 'spec') as object), suspend: true };
    server.put(JOB, { ...server.get(JOB), spec });

    assert.equal(await release(work), 'already-released');

    assert.equal(at(JOB, 'spec', 'suspend'), true);
  });

  for (const status of [400, 403, 422]) {
    it(`releases without the placement where it is refused with ${status}`, async () => {
      const work = known(JOB, heldJob('etl'), 'job');
      server.intercept = ({ body }) =>
        JSON.stringify(body ?? '').includes('nodeAffinity') ? { status, body: { message: 'bad affinity' } } : undefined;
      const told: string[] = [];

      const outcome = await release(work, () => ({ ...CHANGE, pinned: true, onUnplaced: (why) => told.push(why) }));

      assert.equal(outcome, 'released');
      assert.equal(at(JOB, 'spec', 'suspend'), false);
      assert.equal(at(JOB, 'spec', 'template', 'spec', 'affinity'), undefined);
      assert.deepEqual(at(JOB, 'metadata', 'labels'), { [RELEASED_LABEL]: 'true' });
      assert.deepEqual(told, [`HTTP ${status}: place job/team/etl: bad affinity`]);
    });
  }

  it('throws where it is refused without a placement, and holds on', async () => {
    const work = known(JOB, heldJob('etl'), 'job');
    server.intercept = ({ method }) => (method === 'PATCH' ? { status: 403 } : undefined);

    await assert.rejects(release(work), { code: 'forbidden' });
    await assert.rejects(
      release(work, () => ({ ...CHANGE, affinity: null })),
      { code: 'forbidden' },
    );
  });

  it('counts a refused patch as done only where the object is released', async () => {
    const work = known(JOB, heldJob('etl'), 'job');
    server.intercept = ({ method }) => {
      if (method !== 'PATCH') return undefined;
      server.intercept = () => undefined;
      const [labels, spec] = [{}, { ...(at(JOB, 'spec') as object), suspend: false }];
      server.put(JOB, { ...server.get(JOB), spec, metadata: { ...(at(JOB, 'metadata') as object), labels } });
      return { status: 422 };
    };

    assert.equal(await release(work), 'already-released');
  });

  it('puts the label back on what is still held, and on nothing else', async () => {
    const work = known(POD, heldPod('etl', { labels: { [HELD_LABEL]: 'gone' } }), 'pod');

    assert.equal(await restoreHeldLabel(server.access, work, patience), 'restored');
    assert.deepEqual(at(POD, 'metadata', 'labels'), { [HELD_LABEL]: 'true' });
    const now = heldWork(server.get(POD), 'pod') ?? work;
    await release(now);

    assert.equal(await restoreHeldLabel(server.access, now, patience), 'free');
    assert.deepEqual(at(POD, 'metadata', 'labels'), { [RELEASED_LABEL]: 'true' });
  });

  it('notes a decision on what is still held, and on nothing else', async () => {
    const work = known(POD, heldPod('etl'), 'pod');

    assert.equal(await noteDecision(server.access, work, 'wait', patience), 'noted');
    assert.equal(at(POD, 'metadata', 'annotations', DECISION), 'wait');
    await release(work);

    assert.equal(await noteDecision(server.access, work, 'wait', patience), 'free');
    assert.equal(at(POD, 'metadata', 'annotations', DECISION), CHANGE.decision);
  });
});
