import { BatchV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCluster } from '../../../hack/cluster/open.ts';
import { controlOrSkip } from '../../../hack/cluster/skip.ts';
import type { TestCluster } from '../../../hack/cluster/types.ts';

describe('a test cluster', () => {
  let cluster: TestCluster;
  let core: CoreV1Api;
  let batch: BatchV1Api;

  before(async () => {
    cluster = await openCluster({ nodes: 'eu-west-1=3,us-east-1=1:b/eco,-=1' });
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    core = config.makeApiClient(CoreV1Api);
    batch = config.makeApiClient(BatchV1Api);
  });

  after(async () => {
    await cluster.stop();
  });

  const phaseOf = async (name: string): Promise<string | undefined> =>
    (await core.readNamespacedPod({ name, namespace: 'default' })).status?.phase;

  it('spreads the nodes of a region over zones and leaves regionless nodes without both labels', async () => {
    const { items } = await core.listNode({ labelSelector: 'type=kwok' });

    const places = items.map(({ metadata }) => {
      const labels = metadata?.labels ?? {};
      const { 'topology.kubernetes.io/region': region, 'topology.kubernetes.io/zone': zone } = labels;
      return [region, zone, labels['lowtide.dev/pool']].map((label) => label ?? '-').join(' ');
    });
    assert.deepEqual(places.sort(), [
      '- - -',
      'eu-west-1 eu-west-1a -',
      'eu-west-1 eu-west-1b -',
      'eu-west-1 eu-west-1c -',
      'us-east-1 us-east-1b eco',
    ]);
  });

  it('runs a pod on a node of the region that it selects', async () => {
    await core.createNamespacedPod({
      namespace: 'default',
      body: {
        metadata: { name: 'plain' },
        spec: {
          nodeSelector: { 'topology.kubernetes.io/region': 'us-east-1' },
          containers: [{ name: 'main', image: 'none' }],
        },
      },
    });

    await until(async () => (await phaseOf('plain')) === 'Running');
  });

  it('completes a Job after the running time that its pod asks for', async () => {
    const created = performance.now();
    await batch.createNamespacedJob({
      namespace: 'default',
      body: {
        metadata: { name: 'timed' },
        spec: {
          template: {
            metadata: { annotations: { 'pod-complete.stage.kwok.x-k8s.io/delay': '7s' } },
            spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'none' }] },
          },
        },
      },
    });

    await until(
      async () => (await batch.readNamespacedJob({ name: 'timed', namespace: 'default' })).status?.succeeded === 1,
    );
    const seconds = (performance.now() - created) / 1000;
    // Five seconds is where the stage as KWOK ships it would have cut it off.
    assert.ok(seconds >= 7, `took ${seconds} s`);
  });

  it('keeps what it holds when its API server is stopped and started, and goes on scheduling', async function () {
    const control = controlOrSkip(this, cluster);

    await control.stopApiServer();
    await assert.rejects(phaseOf('plain'));
    await control.startApiServer();

    assert.equal(await phaseOf('plain'), 'Running');
    await core.createNamespacedPod({
      namespace: 'default',
      body: { metadata: { name: 'later' }, spec: { containers: [{ name: 'main', image: 'none' }] } },
    });
    await until(async () => (await phaseOf('later')) === 'Running');
  });

  it('runs a second scheduler beside the default one, and restarts each on its own', async function () {
    const control = controlOrSkip(this, cluster);
    const pod = (name: string) => ({
      namespace: 'default',
      body: {
        metadata: { name },
        spec: { schedulerName: 'second', containers: [{ name: 'main', image: 'none' }] },
      },
    });
    await control.scheduler('default')?.stop();

    const second = await control.startScheduler('second', { profiles: [{ schedulerName: 'second' }] });
    await core.createNamespacedPod(pod('by-second'));
    await until(async () => (await phaseOf('by-second')) === 'Running');
    await second.stop();
    await core.createNamespacedPod(pod('waiting'));
    await control.startScheduler('default', { profiles: [{ schedulerName: 'second' }] });

    await until(async () => (await phaseOf('waiting')) === 'Running');
  });

  it('names the log when a scheduler configuration is refused', async function () {
    const control = controlOrSkip(this, cluster);

    await assert.rejects(control.startScheduler('broken', { extenders: [{ enableHttps: true }] }), /enableHttps/);
    assert.equal(control.scheduler('broken'), undefined);
  });

  it('lets terminating pods hang when KWOK runs without the stage that deletes them', async function () {
    const control = controlOrSkip(this, cluster);
    await control.restartKwok(['node-initialize', 'pod-ready']);

    await core.deleteNamespacedPod({ name: 'plain', namespace: 'default' });
    await sleep(2000);

    assert.equal(await phaseOf('plain'), 'Running');
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(100);
}
