import assert from 'node:assert/strict';
import { CoreV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { openCluster } from '../../hack/cluster/open.ts';
import { controlOrSkip } from '../../hack/cluster/skip.ts';
import type { TestCluster } from '../../hack/cluster/types.ts';
import { region } from '../../src/carbon/units.ts';
import { loadCluster } from '../../src/kubernetes/client.ts';
import { MutableNodeCatalog } from '../../src/kubernetes/node-catalog.ts';
import { NodeWatch } from '../../src/kubernetes/node-watch.ts';
import type { PooledKubeConfig } from '../../src/kubernetes/pooled-config.ts';
import type { WatchObserver } from '../../src/kubernetes/watch-observer.ts';
import { eventually } from '../support/eventually.ts';

describe('the node catalogue of a real API server', () => {
  const events: string[] = [];
  const observer: WatchObserver = {
    onSynced: (count) => events.push(`synced ${count}`),
    onConnected: () => events.push('connected'),
    onDisconnected: (code) => events.push(`disconnected ${code}`),
  };
  // Regions that no other test uses: an existing cluster has nodes of its own.
  const [west, north] = [region('catalog-west'), region('catalog-north')];
  let cluster: TestCluster;
  /** Names of the nodes in west, and of those in north. */
  let wests: readonly string[];
  let norths: readonly string[];
  let access: PooledKubeConfig;
  let catalog: MutableNodeCatalog;
  let watch: NodeWatch;

  before(async () => {
    cluster = await openCluster({ scheduler: null });
    wests = await cluster.addNodes(`${west}=3`);
    norths = await cluster.addNodes(`${north}=2/eco`);
    access = loadCluster({ kind: 'file', path: cluster.kubeconfig });
    catalog = new MutableNodeCatalog();
    watch = new NodeWatch({ access, catalog, observer });
    await watch.start();
  });

  after(async () => {
    await watch.stop();
    await access.close();
    await cluster.stop();
  });

  it('is complete once started', async () => {
    assert.match(events[0] ?? '', /^synced/);
    assert.deepEqual(catalog.capacityOf(north), { nodes: 2, available: 2 });
    assert.deepEqual(catalog.capacityOf(west), { nodes: 3, available: 3 });
    assert.equal(catalog.factsOf(norths[0] ?? '')?.pool, 'eco');
    await eventually(() => events.includes('connected'));
  });

  it('follows a node that is cordoned, without a new generation', async () => {
    const { generation } = catalog;

    await cordon(access, wests[0] ?? '', true);

    await eventually(() => catalog.capacityOf(west).available === 2, { within: 5000 });
    assert.equal(catalog.generation, generation);
    await cordon(access, wests[0] ?? '', false);
    await eventually(() => catalog.capacityOf(west).available === 3, { within: 5000 });
  });

  it('follows nodes that go', async () => {
    await cluster.removeNodes([norths[1] ?? '']);

    await eventually(() => catalog.regionOf(norths[1] ?? '') === undefined, { within: 5000 });
    assert.deepEqual(catalog.capacityOf(north), { nodes: 1, available: 1 });
  });

  it('keeps what it knows while the API server is away, and catches up when it is back', async function () {
    const control = controlOrSkip(this, cluster);
    await control.stopApiServer();
    await eventually(() => events.includes('disconnected unreachable'), { within: 10_000 });
    assert.equal(catalog.capacityOf(west).nodes, 3);

    await control.startApiServer();
    await cluster.removeNodes([wests[2] ?? '']);

    await eventually(() => catalog.capacityOf(west).nodes === 2, { within: 40_000 });
    await eventually(() => events.at(-1) === 'connected', { within: 40_000 });
  });
});

async function cordon(access: PooledKubeConfig, name: string, unschedulable: boolean): Promise<void> {
  const body = { spec: { unschedulable } };
  const merge = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
  await access.makeApiClient(CoreV1Api).patchNode({ name, body }, merge);
}
