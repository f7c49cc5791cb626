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
import { mountedFiles, shippedObjects, theDeployment, theOne } from '../unit/deploy/shipped.ts';

const ACCOUNT = '/api/v1/namespaces/lowtide/serviceaccounts/lowtide';
const APPLY = 'fieldManager=lowtide&force=true&fieldValidation=Strict';
const ADDRESS_FLAGS = ['--extender', '--admission', '--operations'];
const webhooksSchema = z.looseObject({
  webhooks: z.array(z.looseObject({ clientConfig: z.looseObject({ caBundle: z.string().optional() }) })),
});
const podsSchema = z.object({
  items: z.array(z.object({ spec: z.object({ nodeName: z.string().optional() }) })),
});

/** Where the API server keeps an object. */
function pathOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
  const plural = `${kind.toLowerCase()}s`.replace(/ys$/, 'ies');
  return `${group}${place}/${plural}/${name}`;
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
      // In a pod it reads its namespace from the service account's files.
      await writeFile(local(path), path.endsWith('config.yaml') ? `${content}\nnamespace: lowtide\n` : content);
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
    assert.doesNotMatch(await metrics(), /^lowtide_(catalog|watch)_disconnects_total\{/m);
    assert.doesNotMatch(await metrics(), /^lowtide_watch_connected\{.*\} 0$/m);
    await eventually(async () => (await metrics()).includes('lowtide_leader 1'), { within: 10_000 });
  });

  it('keeps a certificate in a Secret that the webhooks trust, also after the manifests are applied again', async () => {
    const caBundle = async (): Promise<string | undefined> => {
      const object = theOne(objects, 'MutatingWebhookConfiguration', 'lowtide');
      const path = `${pathOf(object)}?${APPLY}`;
      const contentType = 'application/apply-patch+yaml';
      const answer = await admin.call({ method: 'PATCH', path, body: object, contentType });
      return webhooksSchema.parse(JSON.parse(answer.body)).webhooks[0]?.clientConfig.caBundle;
    };
    const path = '/api/v1/namespaces/lowtide/secrets/lowtide-admission-tls';

    const secret = await account.call({ method: 'GET', path });

    assert.equal(secret.status, 200, secret.body);
    const { data } = z.object({ data: z.record(z.string(), z.string()) }).parse(JSON.parse(secret.body));
    const pem = (base64 = ''): string => Buffer.from(base64, 'base64').toString().trim();
    assert.equal(pem(await caBundle()), pem(data['ca.crt']));
  });

  it('releases held work with the rights of its service account, and says so in an Event', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    const body = {
      metadata: {
        name: 'held',
        labels: { 'lowtide.dev/held': 'true' },
        annotations: { 'lowtide.dev/class': 'standard', 'lowtide.dev/hold': 'false' },
      },
      spec: { schedulingGates: [{ name: 'lowtide.dev/carbon' }], containers: [{ name: 'work', image: 'work' }] },
    };
    const made = await admin.call({ method: 'POST', path: pods, body });
    assert.equal(made.status, 201, made.body);

    await eventually(
      async () => !(await admin.call({ method: 'GET', path: `${pods}/held` })).body.includes('"schedulingGates"'),
      {
        within: 5_000,
      },
    );
    const events = '/apis/events.k8s.io/v1/namespaces/default/events';
    await eventually(async () => (await admin.call({ method: 'GET', path: events })).body.includes('hold-opted-out'), {
      within: 5_000,
    });
  });

  const rights = [
    { what: 'lists nodes', method: 'GET', path: '/api/v1/nodes', want: 200 },
    { what: 'watches nodes', method: 'GET', path: '/api/v1/nodes?watch=true&timeoutSeconds=1', want: 200 },
    { what: 'gets a node', method: 'GET', path: '/api/v1/nodes/eu-west-1-0', want: 200 },
    { what: 'does not delete a node', method: 'DELETE', path: '/api/v1/nodes/eu-west-1-0?dryRun=All', want: 403 },
    { what: 'reads no secrets', method: 'GET', path: '/api/v1/secrets', want: 403 },
    { what: 'lists no secrets of its own', method: 'GET', path: '/api/v1/namespaces/lowtide/secrets', want: 403 },
    { what: 'lists pods', method: 'GET', path: '/api/v1/pods', want: 200 },
    {
      what: 'does not delete a pod',
      method: 'DELETE',
      path: '/api/v1/namespaces/default/pods/held?dryRun=All',
      want: 403,
    },
    { what: 'lists ConfigMaps of its own', method: 'GET', path: '/api/v1/namespaces/lowtide/configmaps', want: 200 },
    { what: 'reads no other ConfigMaps', method: 'GET', path: '/api/v1/namespaces/default/configmaps', want: 403 },
  ] as const;
  for (const { what, method, path, want } of rights) {
    it(`${what}: ${want}`, async () => {
      const answer = await account.call({ method, path });

      assert.equal(answer.status, want, answer.body.slice(0, 300));
    });
  }
});
