import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { ApiClient } from '../../../hack/cluster/api.ts';
import { skipBecause } from '../../../hack/cluster/skip.ts';
import { chooseBackend } from '../../../hack/cluster/backend.ts';
import { openCluster } from '../../../hack/cluster/open.ts';
import type { TestCluster } from '../../../hack/cluster/types.ts';

describe('a cluster that stands already', () => {
  let own: TestCluster | undefined;

  before(async function () {
    if (chooseBackend(process.env) !== 'own') skipBecause(this, 'it stands in for one with our own control plane');
    own = await openCluster({ scheduler: null });
  });

  after(async () => {
    await own?.stop();
  });

  it('gets nodes under names of the run, and is left without them', async () => {
    const kubeconfig = own?.kubeconfig ?? '';
    const env = { ...process.env, E2E_CLUSTER: 'existing', E2E_KUBECONFIG: kubeconfig };

    const cluster = await openCluster({ env, nodes: 'eu-west-1=2' });
    const [name = ''] = await cluster.addNodes('eu-west-1=1');

    assert.match(name, /^e2e-[0-9a-f]{4}-eu-west-1-2$/);
    assert.equal(cluster.kubeconfig, kubeconfig);
    assert.equal(cluster.control, null);
    assert.equal(cluster.hostAddress, null);

    await cluster.stop();
    assert.deepEqual(await nodeNames(kubeconfig), []);
    assert.ok(existsSync(kubeconfig));
    assert.ok(!existsSync(cluster.stateDir));
  });
});

async function nodeNames(kubeconfig: string): Promise<readonly string[]> {
  const client = await ApiClient.fromKubeconfig(kubeconfig);
  const { body } = await client.call({ method: 'GET', path: '/api/v1/nodes' });
  client.close();
  const { items } = JSON.parse(body) as { items: { metadata: { name: string } }[] };
  return items.map(({ metadata }) => metadata.name);
}
