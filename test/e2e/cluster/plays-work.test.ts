import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ApiClient } from '../../../hack/cluster/api.ts';
import { openCluster } from '../../../hack/cluster/open.ts';
import { controlOrSkip } from '../../../hack/cluster/skip.ts';
import type { TestCluster } from '../../../hack/cluster/types.ts';
import { eventually } from '../../support/eventually.ts';

const PODS = '/api/v1/namespaces/default/pods';
const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const SOON = { within: 20_000 };
const containers = [{ name: 'main', image: 'none' }];
const statusSchema = z.object({
  status: z.object({ phase: z.string().optional(), succeeded: z.number().optional() }).optional(),
});
const nodesSchema = z.object({
  items: z.array(z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()) }) })),
});

describe('a test cluster', () => {
  let cluster: TestCluster;
  let client: ApiClient;

  before(async () => {
    cluster = await openCluster({ nodes: 'eu-west-1=3,us-east-1=1:b/eco,-=1' });
    client = await ApiClient.fromKubeconfig(cluster.kubeconfig);
  });

  after(async () => {
    client.close();
    await cluster.stop();
  });

  const create = async (path: string, body: object): Promise<void> => {
    const answer = await client.call({ method: 'POST', path, body });
    assert.equal(answer.status, 201, answer.body);
  };
  const createPod = (name: string, spec: object = {}): Promise<void> =>
    create(PODS, { metadata: { name }, spec: { containers, ...spec } });
  const statusOf = async (path: string) =>
    statusSchema.parse(JSON.parse((await client.call({ method: 'GET', path })).body)).status;
  const runs = async (pod: string): Promise<boolean> => (await statusOf(`${PODS}/${pod}`))?.phase === 'Running';

  it('spreads the nodes of a region over zones and gives regionless nodes neither label', async () => {
    const { body } = await client.call({ method: 'GET', path: '/api/v1/nodes?labelSelector=type%3Dkwok' });

    const places = nodesSchema
      .parse(JSON.parse(body))
      .items.map(({ metadata: { labels } }) =>
        ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'lowtide.dev/pool']
          .map((key) => labels[key] ?? '-')
          .join(' '),
      );
    assert.deepEqual(places.sort(), [
      '- - -',
      'eu-west-1 eu-west-1a -',
      'eu-west-1 eu-west-1b -',
      'eu-west-1 eu-west-1c -',
      'us-east-1 us-east-1b eco',
    ]);
  });

  it('runs a pod on a node of the region that it selects', async () => {
    await createPod('plain', { nodeSelector: { 'topology.kubernetes.io/region': 'us-east-1' } });

    await eventually(() => runs('plain'), SOON);
  });

  it('completes a Job after the running time that its pod asks for', async () => {
    const created = performance.now();
    const annotations = { 'pod-complete.stage.kwok.x-k8s.io/delay': '7s' };
    const template = { metadata: { annotations }, spec: { restartPolicy: 'Never', containers } };
    await create(JOBS, { metadata: { name: 'timed' }, spec: { template } });

    await eventually(async () => (await statusOf(`${JOBS}/timed`))?.succeeded === 1, SOON);
    const seconds = (performance.now() - created) / 1000;
    // Five seconds is where the stage as KWOK ships it would have cut it off.
    assert.ok(seconds >= 7, `took ${seconds} s`);
  });

  it('keeps what it holds when its API server is stopped and started, and goes on scheduling', async function () {
    const control = controlOrSkip(this, cluster);

    await control.stopApiServer();
    await assert.rejects(runs('plain'));
    await control.startApiServer();

    assert.ok(await runs('plain'));
    await createPod('later');
    await eventually(() => runs('later'), SOON);
  });

  it('runs a second scheduler beside the default one, and restarts one under another configuration', async function () {
    const control = controlOrSkip(this, cluster);
    const configuration = { profiles: [{ schedulerName: 'second' }] };

    const second = await control.startScheduler('second', configuration);
    await createPod('by-second', { schedulerName: 'second' });
    await createPod('by-default');
    await eventually(async () => (await runs('by-second')) && (await runs('by-default')), SOON);

    await second.stop();
    await control.scheduler('default')?.stop();
    await createPod('waiting', { schedulerName: 'second' });
    await control.startScheduler('default', configuration);
    await eventually(() => runs('waiting'), SOON);
  });

  it('says why a scheduler configuration is refused, and forgets that scheduler', async function () {
    const control = controlOrSkip(this, cluster);

    await assert.rejects(control.startScheduler('broken', { extenders: [{ enableHttps: true }] }), /enableHttps/);
    assert.equal(control.scheduler('broken'), undefined);
  });

  it('lets terminating pods hang when KWOK runs without the stage that deletes them', async function () {
    const control = controlOrSkip(this, cluster);
    await control.restartKwok(['node-initialize', 'pod-ready']);

    await client.call({ method: 'DELETE', path: `${PODS}/plain` });
    await sleep(2000);

    assert.ok(await runs('plain'));
  });
});
