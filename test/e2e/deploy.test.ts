import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { ApiClient } from '../../hack/cluster/api.ts';
import { openCluster } from '../../hack/cluster/open.ts';
import { controlOrSkip } from '../../hack/cluster/skip.ts';
import type { TestCluster } from '../../hack/cluster/types.ts';
import { startLowtide } from '../../hack/lowtide/process.ts';
import type { LowtideProcess } from '../../hack/lowtide/process.ts';
import { eventually } from '../support/eventually.ts';
import type { KubeObject } from '../unit/deploy/shipped.ts';
import { mountedFiles, shippedObjects, theDeployment } from '../unit/deploy/shipped.ts';

const ACCOUNT = '/api/v1/namespaces/lowtide/serviceaccounts/lowtide';
const APPLY = 'fieldManager=lowtide&force=true&fieldValidation=Strict';
const ADDRESS_FLAGS = ['--extender', '--operations'];
const podsSchema = z.object({
  items: z.array(z.object({ spec: z.object({ nodeName: z.string().optional() }) })),
});

/** Where the API server keeps an object; the plurals of all our kinds are regular. */
function pathOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${group}${place}/${kind.toLowerCase()}s/${name}`;
}

describe('what deploy/ installs', () => {
  let cluster: TestCluster;
  let admin: ApiClient;
  let account: ApiClient;
  let accountKubeconfig: string;
  let objects: readonly KubeObject[];
  const running: LowtideProcess[] = [];

  before(async function () {
    objects = await shippedObjects();
    cluster = await openCluster({ nodes: 'eu-west-1=3,eu-north-1=2' });
    // Elsewhere Lowtide may be installed, and the names are the same.
    controlOrSkip(this, cluster);
    admin = await ApiClient.fromKubeconfig(cluster.kubeconfig);
  });
  after(async () => {
    await Promise.all(running.map((lowtide) => lowtide.stop()));
    for (const client of [admin, account]) (client as ApiClient | undefined)?.close();
    await cluster.stop();
  });

  /** A kubeconfig with the service account's own token, and nothing of the administrator's. */
  async function kubeconfigOfAccount(): Promise<string> {
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const answer = await admin.call({ method: 'POST', path: `${ACCOUNT}/token`, body: request });
    assert.equal(answer.status, 201, answer.body);
    const { status } = z.object({ status: z.object({ token: z.string() }) }).parse(JSON.parse(answer.body));
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    const server = config.getCurrentCluster();
    assert.ok(server);
    config.loadFromClusterAndUser(server, { name: 'lowtide', token: status.token });
    const file = join(cluster.stateDir, 'lowtide.kubeconfig');
    await writeFile(file, config.exportConfig());
    return file;
  }

  /** The Deployment's arguments, with its mounted files in the scratch folder and addresses left to the test. */
  async function deployedArguments(): Promise<readonly string[]> {
    const local = (path: string): string => join(cluster.stateDir, 'deployed', basename(dirname(path)), basename(path));
    for (const [path, content] of mountedFiles(objects)) {
      await mkdir(dirname(local(path)), { recursive: true });
      await writeFile(local(path), content);
    }
    const [, ...args] = theDeployment(objects).spec.template.spec.containers[0].args;
    const kept = args.filter((arg, at) => ![arg, args[at - 1] ?? ''].some((flag) => ADDRESS_FLAGS.includes(flag)));
    return kept.map((arg) => (arg.startsWith('/') ? local(arg) : arg));
  }

  it('is accepted by the API server under strict validation, and a second time as an upgrade', async () => {
    for (const want of [201, 200]) {
      for (const object of objects) {
        const path = `${pathOf(object)}?${APPLY}`;
        const contentType = 'application/apply-patch+yaml';
        const answer = await admin.call({ method: 'PATCH', path, body: object, contentType });
        assert.equal(answer.status, want, `${object.kind} ${object.metadata.name}: ${answer.body}`);
      }
    }
    accountKubeconfig = await kubeconfigOfAccount();
    account = await ApiClient.fromKubeconfig(accountKubeconfig);
  });

  it('runs both replicas, on a node each, within the restricted pod security of its namespace', async () => {
    const path = '/api/v1/namespaces/lowtide/pods?labelSelector=app.kubernetes.io%2Fname%3Dlowtide';
    const nodes = async (): Promise<readonly string[]> => {
      const { items } = podsSchema.parse(JSON.parse((await admin.call({ method: 'GET', path })).body));
      return items.flatMap(({ spec }) => spec.nodeName ?? []);
    };

    await eventually(async () => (await nodes()).length === 2, { within: 30_000 });

    assert.equal(new Set(await nodes()).size, 2);
  });

  it('serves with the rights of its service account: all nodes at start, and one that comes later', async () => {
    const args = ['--kubeconfig', accountKubeconfig, ...(await deployedArguments())];
    const lowtide = await startLowtide(join(cluster.stateDir, 'deployed.log'), args);
    running.push(lowtide);
    const metrics = async (): Promise<string> => (await fetch(`${lowtide.operations}/metrics`)).text();
    const known = async (): Promise<number> => Number(/^lowtide_catalog_nodes (\d+)$/m.exec(await metrics())?.[1]);

    assert.equal((await fetch(`${lowtide.operations}/healthz`)).status, 200);
    assert.equal((await fetch(`${lowtide.operations}/readyz`)).status, 200);
    assert.equal(await known(), 5);
    await cluster.addNodes('eu-west-3=1');
    // Without the right to watch, lists would find it too, later.
    await eventually(async () => (await known()) === 6, { within: 2_000 });
    assert.match(await metrics(), /^lowtide_catalog_connected 1$/m);
    assert.doesNotMatch(await metrics(), /^lowtide_catalog_disconnects_total\{/m);
  });

  const rights = [
    { what: 'lists nodes', method: 'GET', path: '/api/v1/nodes', want: 200 },
    { what: 'watches nodes', method: 'GET', path: '/api/v1/nodes?watch=true&timeoutSeconds=1', want: 200 },
    { what: 'gets a node', method: 'GET', path: '/api/v1/nodes/eu-west-1-0', want: 200 },
    { what: 'does not delete a node', method: 'DELETE', path: '/api/v1/nodes/eu-west-1-0?dryRun=All', want: 403 },
    { what: 'reads no secrets', method: 'GET', path: '/api/v1/secrets', want: 403 },
    { what: 'reads no secrets of its own', method: 'GET', path: '/api/v1/namespaces/lowtide/secrets', want: 403 },
    { what: 'reads no pods', method: 'GET', path: '/api/v1/pods', want: 403 },
    { what: 'reads no ConfigMaps', method: 'GET', path: '/api/v1/namespaces/lowtide/configmaps', want: 403 },
  ] as const;
  for (const { what, method, path, want } of rights) {
    it(`${what}: ${want}`, async () => {
      const answer = await account.call({ method, path });

      assert.equal(answer.status, want, answer.body.slice(0, 300));
    });
  }
});
