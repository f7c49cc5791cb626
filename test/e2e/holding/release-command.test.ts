import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { ApiClient } from '../../../hack/cluster/api.ts';
import { openCluster } from '../../../hack/cluster/open.ts';
import type { TestCluster } from '../../../hack/cluster/types.ts';
import { MAIN, NODE_FLAGS } from '../../../hack/lowtide/entry.ts';
import { member } from '../../../src/kubernetes/untyped.ts';
import { CLASS, GATE, MAX_DELAY, RELEASED_AT } from '../../../src/policy/annotations.ts';
import { eventually } from '../../support/eventually.ts';
import { heldJob, heldPod } from '../../support/held-objects.ts';

type Json = Record<string, unknown>;
const NAMESPACE = 'release-command';
const FAIL_SAFE = join(import.meta.dirname, '..', '..', '..', 'deploy', 'fail-safe');
const AT: Record<string, string> = {
  Job: `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`,
  Pod: `/api/v1/namespaces/${NAMESPACE}/pods`,
  Event: `/apis/events.k8s.io/v1/namespaces/${NAMESPACE}/events`,
  ServiceAccount: '/api/v1/namespaces/lowtide/serviceaccounts',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
};

describe('lowtide release on a real API server', () => {
  let cluster: TestCluster;
  let client: ApiClient;
  const made: string[] = [];

  before(async () => {
    cluster = await openCluster({ nodes: 'eu-west-1=1,us-east-1=1' });
    client = await ApiClient.fromKubeconfig(cluster.kubeconfig);
    await call('POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
    const account = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/default`;
    await eventually(async () => (await client.call({ method: 'GET', path: account })).status === 200, {
      within: 20_000,
    });
  });

  after(async () => {
    for (const path of made.reverse()) await client.call({ method: 'DELETE', path });
    await client.call({ method: 'DELETE', path: `/api/v1/namespaces/${NAMESPACE}` });
    client.close();
    await cluster.stop();
  });

  async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Json> {
    const answer = await client.call({ method, path, ...(body !== undefined && { body }) });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as Json;
  }

  async function create(object: Json): Promise<void> {
    await call('POST', AT[String(object['kind'])] ?? '', object);
  }

  const read = (kind: 'Job' | 'Pod', name: string): Promise<Json> => call('GET', `${AT[kind] ?? ''}/${name}`);
  const at = (object: unknown, ...keys: string[]): unknown => keys.reduce<unknown>(member, object);
  const suspended = async (name: string): Promise<unknown> => at(await read('Job', name), 'spec', 'suspend');

  function release(args: readonly string[], kubeconfig = cluster.kubeconfig): Promise<{ code: number; out: string }> {
    const all = [...NODE_FLAGS, MAIN, 'release', '--kubeconfig', kubeconfig, ...args];
    return new Promise((resolve) => {
      execFile(process.execPath, all, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr });
      });
    });
  }

  const annotated = (delay: string) => ({ annotations: { [CLASS]: 'deferrable', [MAX_DELAY]: delay } });

  async function eventsOf(name: string): Promise<readonly unknown[]> {
    const list = (await call('GET', AT['Event'] ?? ''))['items'] as readonly unknown[];
    return list
      .filter(
        (event) =>
          at(event, 'regarding', 'name') === name && String(at(event, 'reportingController')).includes('lowtide'),
      )
      .map((event) => [at(event, 'action'), at(event, 'reason')]);
  }

  it('lets a held Job and a held pod go by name, without the service; both then run', async () => {
    await create(heldJob('etl', annotated('6h')));
    await create(heldPod('batch', { ...annotated('6h') }));

    const { code, out } = await release(['job/etl', 'pod/batch', '-n', NAMESPACE]);

    assert.equal(code, 0, out);
    assert.match(out, /2 released\n$/);
    assert.equal(await suspended('etl'), false);
    assert.ok(at(await read('Job', 'etl'), 'metadata', 'annotations', RELEASED_AT));
    assert.deepEqual(await eventsOf('batch'), [['Released', 'released-by-hand']]);
    const running = async (): Promise<boolean> => at(await read('Pod', 'batch'), 'spec', 'nodeName') !== undefined;
    await eventually(running, { within: 20_000 });
  });

  it('with --dry-run changes nothing, and a second time there is nothing to do', async () => {
    await create(heldJob('twice', annotated('6h')));

    assert.match((await release(['job/twice', '-n', NAMESPACE, '--dry-run'])).out, /1 would be released/);
    assert.equal(await suspended('twice'), true);
    assert.match((await release(['job/twice', '-n', NAMESPACE])).out, /1 released/);
    assert.match((await release(['job/twice', '-n', NAMESPACE])).out, /0 released, 1 not held/);
  });

  it('takes only its own gate away', async () => {
    const schedulingGates = [{ name: 'example.com/other' }, { name: GATE }];
    await create(heldPod('two-gates', { ...annotated('6h'), spec: { schedulingGates } }));

    await release(['pod/two-gates', '-n', NAMESPACE]);

    assert.deepEqual(at(await read('Pod', 'two-gates'), 'spec', 'schedulingGates'), [{ name: 'example.com/other' }]);
  });

  it('with --overdue, the rights and the arguments of the fail-safe, releases what is past its end alone', async () => {
    const kubeconfig = await failSafe();
    await create(heldJob('overdue', annotated('0s')));
    await create(heldPod('overdue', { ...annotated('0s'), labels: { 'lowtide.dev/held': 'taken-off' } }));
    await create(heldJob('early', annotated('6h')));

    const graceful = await release(await failSafeArgs(), kubeconfig);
    assert.equal(graceful.code, 0, graceful.out);
    assert.equal(await suspended('overdue'), true);
    const { code, out } = await release(await failSafeArgs('0s'), kubeconfig);

    assert.equal(code, 0, out);
    assert.equal(await suspended('overdue'), false);
    assert.equal(await suspended('early'), true);
    assert.equal(at(await read('Pod', 'overdue'), 'spec', 'schedulingGates'), undefined);
    assert.match(JSON.stringify(await eventsOf('overdue')), /\["Released","max-delay-reached"\]/);
  });

  /** The arguments of the CronJob, its policy file replaced by the one that ships. */
  async function failSafeArgs(grace?: string): Promise<readonly string[]> {
    const cronJob = load(await readFile(join(FAIL_SAFE, 'cron-job.yaml'), 'utf8'));
    const containers = at(cronJob, 'spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers') as readonly Json[];
    const [command, ...args] = containers[0]?.['args'] as string[];
    assert.equal(command, 'release');
    args.splice(args.indexOf('--policy'), 2);
    if (grace !== undefined) args[args.indexOf('--grace') + 1] = grace;
    return args;
  }

  /** A kubeconfig of the fail-safe's service account. */
  async function failSafe(): Promise<string> {
    await client.call({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: 'lowtide' } } });
    made.push('/api/v1/namespaces/lowtide');
    for (const object of loadAll(await readFile(join(FAIL_SAFE, 'access.yaml'), 'utf8')) as Json[]) {
      await create(object);
      made.push(`${AT[String(object['kind'])] ?? ''}/${String(at(object, 'metadata', 'name'))}`);
    }
    const token = await call('POST', `${AT['ServiceAccount'] ?? ''}/lowtide-fail-safe/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    const config = load(await readFile(cluster.kubeconfig, 'utf8')) as Json & { users: Json[] };
    const users = config.users.map(({ name }) => ({ name, user: { token: at(token, 'status', 'token') } }));
    const file = join(cluster.stateDir, 'fail-safe.kubeconfig');
    await writeFile(file, JSON.stringify({ ...config, users }));
    return file;
  }
});
