import assert from 'node:assert/strict';
import { ApiClient } from '../../../hack/cluster/api.ts';
import type { ApiCall } from '../../../hack/cluster/api.ts';
import { openCluster } from '../../../hack/cluster/open.ts';
import type { TestCluster } from '../../../hack/cluster/types.ts';
import { instant } from '../../../src/carbon/units.ts';
import { loadCluster } from '../../../src/kubernetes/client.ts';
import { WatchedClusterState } from '../../../src/kubernetes/cluster-state.ts';
import { WatchedHeldWork } from '../../../src/kubernetes/held-index.ts';
import type { PooledKubeConfig } from '../../../src/kubernetes/pooled-config.ts';
import type { WatchObserver } from '../../../src/kubernetes/watch-observer.ts';
import { eventually } from '../../support/eventually.ts';

const NAMESPACE = 'watched-state';
const CORE = `/api/v1/namespaces/${NAMESPACE}`;
const BATCH = `/apis/batch/v1/namespaces/${NAMESPACE}`;
const APPS = `/apis/apps/v1/namespaces/${NAMESPACE}`;
const TEN_SECONDS = { within: 10_000 };
const POD = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] };

describe('held work and cluster state of a real API server', () => {
  const troubles: string[] = [];
  const observer = (resource: string): WatchObserver => ({
    onSynced: () => undefined,
    onConnected: () => undefined,
    onDisconnected: (code) => troubles.push(`${resource} ${code}`),
  });
  let cluster: TestCluster;
  let client: ApiClient;
  let access: PooledKubeConfig;
  let held: WatchedHeldWork;
  let state: WatchedClusterState;

  async function call(method: ApiCall['method'], path: string, body?: unknown): Promise<Record<string, unknown>> {
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const answer = await client.call({ method, path, contentType, ...(body !== undefined && { body }) });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as Record<string, unknown>;
  }
  const uidOf = (object: Record<string, unknown>): string => (object['metadata'] as { uid: string }).uid;

  before(async () => {
    cluster = await openCluster({ nodes: 'state-west=2' });
    client = await ApiClient.fromKubeconfig(cluster.kubeconfig);
    access = loadCluster({ kind: 'file', path: cluster.kubeconfig });
    held = new WatchedHeldWork({ access, observer });
    state = new WatchedClusterState({ access, observer, heldOfCronJob: (uid) => held.heldOfCronJob(uid) });
    await Promise.all([held.start(), state.start()]);
    const annotations = { 'lowtide.dev/residency': 'eu-strict', other: 'x' };
    await call('POST', '/api/v1/namespaces', {
      metadata: { name: NAMESPACE, annotations, labels: { 'lowtide.dev/managed': 'true' } },
    });
  });

  after(async () => {
    await Promise.all([held.stop(), state.stop()]);
    await access.close();
    await client.call({ method: 'DELETE', path: `/api/v1/namespaces/${NAMESPACE}` });
    await client.call({ method: 'DELETE', path: '/api/v1/persistentvolumes/watched-state' });
    client.close();
    await cluster.stop();
  });

  it('may watch all that it asks for', () => {
    assert.deepEqual(state.refused, []);
    assert.deepEqual(troubles, []);
  });

  it('knows a namespace, and follows its labels', async () => {
    await eventually(() => state.namespace(NAMESPACE)?.managed === true, TEN_SECONDS);
    assert.deepEqual(state.namespace(NAMESPACE)?.annotations, { 'lowtide.dev/residency': 'eu-strict' });
    assert.equal(state.namespace(NAMESPACE)?.enforced, false);

    await call('PATCH', `/api/v1/namespaces/${NAMESPACE}`, { metadata: { labels: { 'lowtide.dev/enforce': 'true' } } });

    await eventually(() => state.namespace(NAMESPACE)?.enforced === true, TEN_SECONDS);
  });

  it('knows a CronJob, its next time, and how many of its Jobs are held', async () => {
    const cronJob = await call('POST', `${BATCH}/cronjobs`, {
      metadata: { name: 'nightly' },
      spec: {
        schedule: '30 2/6 * * *',
        timeZone: 'Europe/Berlin',
        concurrencyPolicy: 'Forbid',
        suspend: true,
        jobTemplate: { spec: { template: { spec: POD } } },
      },
    });
    const after = instant(Date.parse('2026-03-02T12:00:00Z'));
    const next = Date.parse('2026-03-02T13:30:00Z');
    await eventually(() => state.cronJob(NAMESPACE, 'nightly', after) !== null, TEN_SECONDS);
    assert.deepEqual(state.cronJob(NAMESPACE, 'nightly', after), { concurrency: 'Forbid', next, held: 0 });

    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid: uidOf(cronJob), controller: true };
    await call('POST', `${BATCH}/jobs`, {
      metadata: { name: 'nightly-1', labels: { 'lowtide.dev/held': 'true' }, ownerReferences: [owner] },
      spec: { suspend: true, template: { spec: POD } },
    });

    await eventually(() => state.cronJob(NAMESPACE, 'nightly', after)?.held === 1, TEN_SECONDS);
  });

  it('knows the first rollout of a Deployment until a replica was ready', async () => {
    // A gate of nobody's keeps its pod from being ready.
    const gated = { containers: POD.containers, schedulingGates: [{ name: 'example.com/wait' }] };
    await call('POST', `${APPS}/deployments`, {
      metadata: { name: 'my-app' },
      spec: {
        progressDeadlineSeconds: 120,
        selector: { matchLabels: { app: 'my-app' } },
        template: { metadata: { labels: { app: 'my-app' } }, spec: gated },
      },
    });
    const sets = `${APPS}/replicasets?labelSelector=app%3Dmy-app`;
    const pods = `${CORE}/pods?labelSelector=app%3Dmy-app`;
    const names = async (path: string): Promise<readonly string[]> =>
      ((await call('GET', path))['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
    await eventually(async () => (await names(pods)).length === 1, TEN_SECONDS);
    const [replicaSet = ''] = await names(sets);

    await eventually(() => state.rollout(NAMESPACE, replicaSet) !== null, TEN_SECONDS);
    assert.equal(state.rollout(NAMESPACE, replicaSet)?.first, true);
    assert.equal(state.rollout(NAMESPACE, replicaSet)?.progressDeadline, 120_000);

    const [pod = ''] = await names(pods);
    await call('PATCH', `${CORE}/pods/${pod}`, { spec: { schedulingGates: null } });

    await eventually(() => state.rollout(NAMESPACE, replicaSet)?.first === false, { within: 30_000 });
  });

  it('knows the node affinity of the volume that a claim is bound to', async () => {
    const matchExpressions = [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['state-west-a'] }];
    const [accessModes, size] = [['ReadWriteOnce'], { storage: '1Gi' }];
    await call('POST', '/api/v1/persistentvolumes', {
      metadata: { name: 'watched-state' },
      spec: {
        accessModes,
        capacity: size,
        hostPath: { path: '/tmp/watched-state' },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } },
      },
    });
    await call('POST', `${CORE}/persistentvolumeclaims`, {
      metadata: { name: 'data' },
      spec: { accessModes, storageClassName: '', volumeName: 'watched-state', resources: { requests: size } },
    });

    await eventually(() => state.volumeTerms(NAMESPACE, ['data']).length === 1, { within: 30_000 });
    assert.deepEqual(state.volumeTerms(NAMESPACE, ['data', 'none']), [[{ matchExpressions }]]);
  });

  it('knows a gated pod, and tells when it is let go', async () => {
    const told: (boolean | null)[] = [];
    const pod = await call('POST', `${CORE}/pods`, {
      metadata: { name: 'gated', labels: { 'lowtide.dev/held': 'true' } },
      spec: { ...POD, schedulingGates: [{ name: 'lowtide.dev/carbon' }] },
    });
    await eventually(() => held.get(uidOf(pod))?.held === true, TEN_SECONDS);
    held.onChange((uid, work) => {
      if (uid === uidOf(pod)) told.push(work === null ? null : work.held);
    });

    await call('PATCH', `${CORE}/pods/gated`, { spec: { schedulingGates: null } });

    await eventually(() => told.includes(false), TEN_SECONDS);
    await call('DELETE', `${CORE}/pods/gated?gracePeriodSeconds=0`);
    await eventually(() => told.at(-1) === null, TEN_SECONDS);
  });

  it('shows a held Job that loses its label as gone, and as new when it is labelled again', async () => {
    const job = await call('POST', `${BATCH}/jobs`, {
      metadata: { name: 'etl', labels: { 'lowtide.dev/held': 'true' } },
      spec: { suspend: true, template: { spec: { ...POD, nodeSelector: { disk: 'ssd' } } } },
    });
    const uid = uidOf(job);
    await eventually(() => held.get(uid) !== undefined, TEN_SECONDS);
    assert.deepEqual(held.get(uid)?.scheduling.nodeSelector, { disk: 'ssd' });
    const told: string[] = [];
    held.onChange((changed, work, before) => {
      if (changed === uid)
        told.push(`${before === null ? 'nothing' : 'held'} to ${work === null ? 'nothing' : 'held'}`);
    });

    await call('PATCH', `${BATCH}/jobs/etl`, { metadata: { labels: { 'lowtide.dev/held': null } } });
    await eventually(() => held.get(uid) === undefined, TEN_SECONDS);
    await call('PATCH', `${BATCH}/jobs/etl`, { metadata: { labels: { 'lowtide.dev/held': 'true' } } });
    await eventually(() => held.get(uid) !== undefined, TEN_SECONDS);

    assert.deepEqual(told.slice(-2), ['held to nothing', 'nothing to held']);
    assert.deepEqual(troubles, []);
  });
});
