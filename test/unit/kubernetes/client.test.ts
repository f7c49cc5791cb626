import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoreV1Api } from '@kubernetes/client-node';
import { loadCluster } from '../../../src/kubernetes/client.ts';
import { KubernetesError } from '../../../src/kubernetes/errors.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeApiServer } from '../../support/fake-api-server.ts';
import { nodeObject } from './node-objects.ts';

interface Sketch {
  server?: string;
  insecure?: boolean;
  current?: string | null;
  user?: object;
  userName?: string;
  clusterName?: string;
  cluster?: object;
}

function kubeconfig(sketch: Sketch = {}): string {
  const {
    server = 'https://127.0.0.1:6443',
    insecure,
    current = 'main',
    user,
    cluster,
    userName,
    clusterName,
  } = sketch;
  const skip = insecure === undefined ? {} : { 'insecure-skip-tls-verify': insecure };
  return JSON.stringify({
    clusters: [{ name: 'c', cluster: { server, ...skip, ...cluster } }],
    users: [{ name: 'u', user: user ?? { token: 'abc' } }],
    contexts: [{ name: 'main', context: { cluster: clusterName ?? 'c', user: userName ?? 'u' } }],
    ...(current === null ? {} : { 'current-context': current }),
  });
}

describe('loadCluster', () => {
  let folder: string;
  const load = async (content: string, context?: string): Promise<ReturnType<typeof loadCluster>> => {
    const path = join(folder, 'kubeconfig');
    await writeFile(path, content);
    return loadCluster({ kind: 'file', path, ...(context === undefined ? {} : { context }) });
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lowtide-kubeconfig-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('loads the file it is given, and takes nothing from the environment', async () => {
    const ambient = process.env['KUBECONFIG'];
    process.env['KUBECONFIG'] = join(folder, 'another');

    const config = await load(kubeconfig({ server: 'https://10.0.0.1' }));

    if (ambient === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = ambient;
    assert.equal(config.getCurrentCluster()?.server, 'https://10.0.0.1');
  });

  it('takes the context it is told', async () => {
    assert.equal((await load(kubeconfig({ current: null }), 'main')).getCurrentContext(), 'main');
  });

  const invalid: Record<string, { content: string; says: RegExp }> = {
    'is not YAML': { content: '{ a: [', says: /not a kubeconfig/ },
    'is empty': { content: '', says: /not a kubeconfig/ },
    'is a list': { content: '[]', says: /no current-context/ },
    'has no current-context': { content: kubeconfig({ current: null }), says: /no current-context/ },
    'names a context that is not there': { content: kubeconfig({ current: 'gone' }), says: /no context "gone"/ },
    'names a cluster that is not there': { content: kubeconfig({ clusterName: 'x' }), says: /names a cluster/ },
    'names a user that is not there': { content: kubeconfig({ userName: 'x' }), says: /names a user/ },
    'has a server that is no URL': { content: kubeconfig({ server: 'localhost' }), says: /is not a URL/ },
    'has plain HTTP': { content: kubeconfig({ server: 'http://10.0.0.1' }), says: /insecure-skip-tls-verify: true/ },
    'names a certificate that is not there': {
      content: kubeconfig({ user: { 'client-certificate': 'gone.pem' } }),
      says: /gone\.pem that it names is not there/,
    },
  };
  for (const [what, { content, says }] of Object.entries(invalid)) {
    it(`refuses a file that ${what}`, async () => {
      await assert.rejects(load(content), (error) => {
        assert.ok(error instanceof KubernetesError);
        assert.equal(error.code, 'kubeconfig-invalid');
        assert.equal(error.retryable, false);
        return says.test(error.message);
      });
    });
  }

  it('says which file is missing, and what to do', () => {
    const path = join(folder, 'absent');

    const act = (): unknown => loadCluster({ kind: 'file', path });

    assert.throws(act, { code: 'kubeconfig-unreadable', message: /absent.*ENOENT.*--kubeconfig/ });
  });

  it('says so when there is no service account', () => {
    const act = (): unknown => loadCluster({ kind: 'in-cluster', root: folder });

    assert.throws(act, { code: 'not-in-cluster', message: /there is no .*token; name a cluster with --kubeconfig/ });
  });

  it('says so when there is a service account, but no address', async () => {
    await serviceAccount(folder);

    assert.throws(() => loadCluster({ kind: 'in-cluster', root: folder }), /KUBERNETES_SERVICE_HOST/);
  });

  it('loads the service account of a pod', async () => {
    await serviceAccount(folder);
    Object.assign(process.env, { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' });

    const config = loadCluster({ kind: 'in-cluster', root: folder });

    delete process.env['KUBERNETES_SERVICE_HOST'];
    delete process.env['KUBERNETES_SERVICE_PORT'];
    const { headers } = await config.authorise('/api/v1/nodes');
    assert.equal(config.getCurrentCluster()?.server, 'https://10.0.0.1:443');
    assert.equal(headers['Authorization'], 'Bearer secret');
  });
});

async function serviceAccount(root: string): Promise<void> {
  const folder = join(root, 'var/run/secrets/kubernetes.io/serviceaccount');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'token'), 'secret');
  await writeFile(join(folder, 'ca.crt'), 'certificate');
}

describe('PooledKubeConfig', () => {
  let folder: string;
  let server: FakeApiServer;
  const connect = async (extra: Sketch = {}): Promise<ReturnType<typeof loadCluster>> => {
    const path = join(folder, 'kubeconfig');
    await writeFile(path, kubeconfig({ server: server.url, insecure: true, ...extra }));
    return loadCluster({ kind: 'file', path });
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lowtide-pool-'));
    server = await FakeApiServer.start();
  });
  afterEach(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it('carries many calls of the typed client over two connections at most', async () => {
    server.put(nodeObject('a'));
    const config = await connect();
    const core = config.makeApiClient(CoreV1Api);

    for (let call = 0; call < 50; call += 1) assert.equal((await core.listNode()).items.length, 1);

    assert.ok(server.connections <= 2, `${server.connections} connections`);
    await config.close();
  });

  it("carries every call, ours and the typed client's, over one pool", async () => {
    const config = await connect();

    const [first, second] = await Promise.all([config.authorise('/a'), config.authorise('/b')]);

    assert.equal(first.dispatcher, second.dispatcher);
    assert.equal(first.url.href, `${server.url}/a`);
    assert.equal(first.headers['Authorization'], 'Bearer abc');
  });

  it('makes a new pool when the certificate on disk is a new one, within a second or so', async () => {
    const certificate = join(folder, 'client.pem');
    await writeFile(certificate, 'first');
    const config = await connect({ user: { 'client-certificate': certificate } });
    const { dispatcher: first } = await config.authorise('/');

    await writeFile(certificate, 'second');

    await eventually(async () => (await config.authorise('/')).dispatcher !== first);
    const { dispatcher: second } = await config.authorise('/');
    const { dispatcher: third } = await config.authorise('/');
    assert.equal(second, third);
  });

  it('pools connections to a server whose certificate a public authority signed', async () => {
    const config = await connect({ server: 'https://127.0.0.1:1', insecure: false });

    const [{ dispatcher: first }, { dispatcher: second }] = [await config.authorise('/'), await config.authorise('/')];

    assert.equal(first, second);
    await config.close();
  });

  it('refuses calls once it is closed', async () => {
    const config = await connect();
    const core = config.makeApiClient(CoreV1Api);
    await core.listNode();

    await config.close();

    await assert.rejects(core.listNode());
  });
});
