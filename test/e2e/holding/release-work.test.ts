import assert from 'node:assert/strict';
import { openCluster } from '../../../hack/cluster/open.ts';
import type { TestCluster } from '../../../hack/cluster/types.ts';
import { apiCall, STRATEGIC_MERGE_PATCH } from '../../../src/kubernetes/api-call.ts';
import type { ApiAnswer } from '../../../src/kubernetes/api-call.ts';
import { loadCluster } from '../../../src/kubernetes/client.ts';
import { createEvent } from '../../../src/kubernetes/events.ts';
import { heldWork } from '../../../src/kubernetes/held-work.ts';
import { sweepWork } from '../../../src/kubernetes/held-sweep.ts';
import type { PooledKubeConfig } from '../../../src/kubernetes/pooled-config.ts';
import { releaseWork, restoreHeldLabel } from '../../../src/kubernetes/release-work.ts';
import type { ReleaseChange } from '../../../src/kubernetes/release-work.ts';
import { hasStopped, supportsRepin, suspendAgain, unpinWork } from '../../../src/kubernetes/unpin-work.ts';
import { unschedulableSince } from '../../../src/kubernetes/unschedulable.ts';
import { member } from '../../../src/kubernetes/untyped.ts';
import { workPath } from '../../../src/kubernetes/work-path.ts';
import type { NodeAffinity } from '../../../src/placement/types.ts';
import { GATE, HELD_LABEL } from '../../../src/policy/annotations.ts';
import type { HeldWork } from '../../../src/timing/held-work.ts';
import type { WorkKind } from '../../../src/timing/types.ts';
import { eventually } from '../../support/eventually.ts';
import { heldJob, heldPod } from '../../support/held-objects.ts';
import { NOW } from '../../support/world.ts';

const NAMESPACE = 'release-work';
const REGION = 'topology.kubernetes.io/region';

function requiring(...values: string[]): NodeAffinity {
  const nodeSelectorTerms = [{ matchExpressions: [{ key: REGION, operator: 'In', values }] }];
  return { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
}

describe('releases on a real API server', () => {
  const patience = { signal: new AbortController().signal, silence: 20_000 };
  let cluster: TestCluster;
  let access: PooledKubeConfig;

  before(async () => {
    cluster = await openCluster({ nodes: 'release-north=1' });
    access = loadCluster({ kind: 'file', path: cluster.kubeconfig });
    await call('POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
    const account = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/default`;
    await eventually(async () => (await call('GET', account)).status === 200, { within: 20_000 });
  });

  after(async () => {
    await call('DELETE', `/api/v1/namespaces/${NAMESPACE}`);
    await access.close();
    await cluster.stop();
  });

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<ApiAnswer> =>
    apiCall(access, {
      method,
      path,
      body,
      patience,
      ...(method === 'PATCH' && { contentType: STRATEGIC_MERGE_PATCH }),
    });
  const change =
    (affinity: NodeAffinity | null, more: Partial<ReleaseChange> = {}) =>
    (): ReleaseChange => ({
      releasedAt: NOW,
      decision: '{}',
      affinity,
      pinned: false,
      ...more,
    });
  type How = (work: HeldWork) => ReleaseChange | null;
  const release = (work: HeldWork, how: How = change(requiring('release-north'))) =>
    releaseWork(access, work, how, patience);

  async function make(kind: WorkKind, object: Record<string, unknown>): Promise<HeldWork> {
    const name = String(member(object['metadata'], 'name'));
    const path = workPath({ kind, namespace: NAMESPACE, name });
    const { status, body } = await call('POST', path.slice(0, path.lastIndexOf('/')), object);
    assert.equal(status, 201, JSON.stringify(body));
    return read({ kind, namespace: NAMESPACE, name });
  }

  async function read(ref: Pick<HeldWork, 'kind' | 'namespace' | 'name'>): Promise<HeldWork> {
    const work = heldWork((await call('GET', workPath(ref))).body, ref.kind);
    assert.ok(work);
    return work;
  }
  const nodeOf = async (selector: string): Promise<unknown> => {
    const path = `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=${encodeURIComponent(selector)}`;
    const items = member((await call('GET', path)).body, 'items') as unknown[];
    return member(member(items[0], 'spec'), 'nodeName');
  };

  it('resumes a Job into a region with one patch, and its pod goes there', async () => {
    const work = await make('job', heldJob('etl'));

    assert.equal(await release(work), 'released');

    const now = await read(work);
    assert.equal(now.held, false);
    assert.deepEqual(now.scheduling.nodeAffinity, requiring('release-north'));
    await eventually(async () => String(await nodeOf('job-name=etl')).includes('release-north'), { within: 20_000 });
    assert.equal(await release(work), 'already-released');
  });

  it('replaces preferences that were there, and keeps nothing old beside the complete affinity', async () => {
    const before: NodeAffinity = {
      ...requiring('a', 'release-north'),
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, preference: { matchExpressions: [{ key: 'old', operator: 'Exists' }] } },
      ],
    };
    const job = heldJob('replaced');
    Object.assign(member(member(job['spec'], 'template'), 'spec') as object, { affinity: { nodeAffinity: before } });
    const work = await make('job', job);

    await release(work);

    assert.deepEqual((await read(work)).scheduling.nodeAffinity, requiring('release-north'));
  });

  it('takes its own gate off a pod; another gate beside it stays and keeps the pod', async () => {
    const gates = [{ name: 'kueue.x-k8s.io/admission' }, { name: GATE }];
    const work = await make('pod', heldPod('gated', { spec: { schedulingGates: gates } }));

    assert.equal(await release(work), 'released');

    const { body } = await call('GET', workPath(work));
    assert.deepEqual(member(member(body, 'spec'), 'schedulingGates'), [gates[0]]);
    assert.equal(member(member(body, 'spec'), 'nodeName'), undefined);
  });

  it('lets a pod with our gate alone go at once, into the region', async () => {
    const work = await make('pod', heldPod('alone', { labels: { pod: 'alone' } }));

    assert.equal(await release(work), 'released');

    await eventually(async () => String(await nodeOf('pod=alone')).includes('release-north'), { within: 20_000 });
  });

  it('takes another object of the same name for gone, and leaves it held', async () => {
    for (const [kind, object] of [['job', heldJob('again')] as const, ['pod', heldPod('again')] as const]) {
      const before = await make(kind, object);
      await call('DELETE', `${workPath(before)}?propagationPolicy=Background&gracePeriodSeconds=0`);
      await eventually(async () => (await call('GET', workPath(before))).status === 404, { within: 20_000 });
      assert.equal(await release(before), 'gone');
      const after = await make(kind, object);

      assert.equal(await release(before), 'gone');
      assert.equal(await release({ ...before, resourceVersion: after.resourceVersion }), 'gone');
      assert.ok((await read(after)).held);
    }
  });

  it('asks again after a change by somebody else, and keeps what that changed', async () => {
    const work = await make('pod', heldPod('changed'));
    await call('PATCH', workPath(work), { metadata: { annotations: { 'lowtide.dev/hold': 'false' } } });
    const asked: (string | undefined)[] = [];

    const outcome = await release(work, (now) => {
      asked.push(now.annotations['lowtide.dev/hold']);
      return change(null)();
    });

    assert.equal(outcome, 'released');
    assert.deepEqual(asked, [undefined, 'false']);
  });

  it('releases without the affinity where the API server refuses it', async () => {
    const bad: NodeAffinity = {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: REGION, operator: 'Near', values: ['x'] }] }],
      },
    };
    for (const [kind, object] of [['job', heldJob('refused')] as const, ['pod', heldPod('refused')] as const]) {
      const work = await make(kind, object);
      const told: string[] = [];

      assert.equal(await release(work, change(bad, { onUnplaced: (why) => told.push(why) })), 'released');

      const now = await read(work);
      assert.equal(now.held, false);
      assert.equal(now.scheduling.nodeAffinity, null);
      assert.match(told.join(), /422.*operator/s);
    }
  });

  it('only cleans a Job that has finished meanwhile', async () => {
    const work = await make('job', heldJob('finished', { spec: { suspend: false } }));
    await release({ ...work, held: true }, change(null));
    const finished = async (): Promise<boolean> => {
      const conditions = member(member((await call('GET', workPath(work))).body, 'status'), 'conditions');
      return Array.isArray(conditions) && conditions.some((each) => member(each, 'type') === 'Complete');
    };
    await eventually(finished, { within: 20_000 });
    await call('PATCH', workPath(work), { metadata: { labels: { [HELD_LABEL]: 'true' } } });

    assert.equal(await release({ ...work, held: true }), 'already-released');

    const labels = member(member((await call('GET', workPath(work))).body, 'metadata'), 'labels');
    assert.equal(member(labels, HELD_LABEL), undefined);
  });

  it('finds held work whose label was taken off, and puts it back', async () => {
    const works = [await make('job', heldJob('bare')), await make('pod', heldPod('bare'))];
    for (const work of works) await call('PATCH', workPath(work), { metadata: { labels: { [HELD_LABEL]: null } } });
    const found: HeldWork[] = [];

    await sweepWork(access, (work) => found.push(work), patience);

    const bare = found.filter(({ name }) => name === 'bare');
    assert.deepEqual(new Set(bare.map(({ uid }) => uid)), new Set(works.map(({ uid }) => uid)));
    assert.ok(
      found.some(({ kind, name }) => kind === 'pod' && name === 'alone'),
      'what was released, too',
    );
    for (const work of bare) assert.equal(await restoreHeldLabel(access, work, patience), 'restored');
    found.length = 0;
    await sweepWork(access, (work) => found.push(work), patience);
    assert.ok(!found.some(({ name }) => name === 'bare'));
  });

  it('unpins a Job whose region has no nodes, and it runs elsewhere', async function () {
    if (!(await supportsRepin(access, patience))) this.skip();
    const work = await make('job', heldJob('pinned'));
    await release(work, change(requiring('release-nowhere'), { pinned: true }));
    await eventually(async () => typeof (await unschedulableSince(access, work, patience)) === 'number', {
      within: 20_000,
    });

    assert.equal(await suspendAgain(access, await read(work), patience), 'suspended');
    await eventually(async () => hasStopped(access, work, patience), { within: 20_000 });
    const unpinned = { decision: '{}', affinity: requiring('release-north') };

    assert.equal(await unpinWork(access, await read(work), () => unpinned, patience), 'unpinned');
    await eventually(async () => String(await nodeOf('job-name=pinned')).includes('release-north'), { within: 20_000 });
    assert.equal((await read(work)).pinned, false);
  });

  it('writes Events that kubectl shows, once, and none into a namespace that is not there', async () => {
    const work = await make('pod', heldPod('told'));
    const event = {
      ...{ work, action: 'Held', reason: 'intensity-above-threshold', note: 'ü'.repeat(700), type: 'Normal' as const },
      ...{ at: NOW, reportingInstance: 'lowtide-0' },
    };

    assert.equal(await createEvent(access, event, patience), 'written');
    assert.equal(await createEvent(access, event, patience), 'written');
    const elsewhere = { ...event, work: { ...work, namespace: 'no-such-namespace' } };
    assert.equal(await createEvent(access, elsewhere, patience), 'dropped');

    const path = `/api/v1/namespaces/${NAMESPACE}/events?fieldSelector=involvedObject.uid%3D${work.uid}`;
    const items = member((await call('GET', path)).body, 'items') as unknown[];
    assert.deepEqual(
      items.map((each) => member(each, 'reason')),
      ['intensity-above-threshold'],
    );
  });
});
