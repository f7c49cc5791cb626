import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { releaseCommand } from '../../../src/cli/release/command.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';
import { instant } from '../../../src/carbon/units.ts';
import { member } from '../../../src/kubernetes/untyped.ts';
import { CLASS, DECISION, HELD_LABEL, HELD_SINCE, MAX_DELAY, RELEASED_AT } from '../../../src/policy/annotations.ts';
import { heldJob, heldPod } from '../../support/held-objects.ts';
import { ObjectServer } from '../../support/object-server.ts';

type Json = Record<string, unknown>;
const JOBS = '/apis/batch/v1/namespaces/team/jobs';
const PODS = '/api/v1/namespaces/team/pods';
const DEFERRABLE = { [CLASS]: 'deferrable' };

describe('lowtide release', () => {
  let server: ObjectServer;
  let folder: string;
  let kubeconfig: string;
  const clock = { now: () => instant(Date.parse('2026-03-02T14:00:00Z')), monotonic: () => 0 };

  beforeEach(async () => {
    server = await ObjectServer.start();
    server.intercept = ({ method, path }) => (method === 'GET' ? listed(path) : undefined);
    folder = await mkdtemp(join(tmpdir(), 'lowtide-release-'));
    kubeconfig = join(folder, 'kubeconfig');
    const cluster = { server: server.access.getCurrentCluster()?.server, 'insecure-skip-tls-verify': true };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'team' } }],
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: {} }],
    };
    await writeFile(kubeconfig, JSON.stringify(config));
    server.put('/api/v1/namespaces/team', { metadata: { name: 'team' } });
  });

  afterEach(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  /** Lists of one namespace and of all, as far as the command asks for them. */
  function listed(path: string): { status: number; body?: unknown } | undefined {
    const collection = /^\/(?:api\/v1|apis\/batch\/v1)\/(?:namespaces\/[^/]+\/)?(namespaces|jobs|pods)$/.exec(path);
    if (collection === null) return undefined;
    const one = new RegExp(
      `^${path.replace(/\/(jobs|pods)$/, path.includes('/namespaces/') ? '/$1' : '/namespaces/[^/]+/$1')}/[^/]+$`,
    );
    const items = [...server.objects].filter(([name]) => one.test(name)).map(([, object]) => object);
    return { status: 200, body: { metadata: { resourceVersion: '1' }, items } };
  }

  function put(path: string, object: Json, namespace = 'team'): void {
    server.put(path, { ...object, metadata: { namespace, ...(object['metadata'] as Json) } });
  }

  async function run(...args: readonly string[]): Promise<{ out: string[]; err: string[]; code: number }> {
    const result = { out: [] as string[], err: [] as string[], code: -1 };
    const io = {
      out: (line: string) => void result.out.push(line),
      err: (line: string) => void result.err.push(line),
      exit: (code: number) => {
        result.code = code;
      },
    };
    const command = releaseCommand({ io, env: {}, clock }).exitOverride();
    await command.parseAsync(['--kubeconfig', kubeconfig, ...args], { from: 'user' });
    return result;
  }

  const suspended = (name: string): unknown => member(member(server.get(`${JOBS}/${name}`), 'spec'), 'suspend');
  const annotation = (path: string, key: string): unknown =>
    member(member(member(server.get(path), 'metadata'), 'annotations'), key);
  const events = (): readonly Json[] =>
    [...server.objects].filter(([path]) => path.includes('/events/')).map(([, e]) => e);

  it('releases all that is held in the namespace, and says so', async () => {
    put(`${JOBS}/etl`, heldJob('etl', { annotations: DEFERRABLE }));
    put(`${PODS}/batch`, heldPod('batch', { annotations: DEFERRABLE }));

    const { out, code } = await run('--all');

    assert.deepEqual(out.slice(0, 2).sort(), [
      'job/team/etl released (released-by-hand)',
      'pod/team/batch released (released-by-hand)',
    ]);
    assert.equal(out.at(-1), '2 released');
    assert.equal(code, 0);
    assert.equal(suspended('etl'), false);
    assert.ok(annotation(`${JOBS}/etl`, RELEASED_AT));
    assert.match(String(annotation(`${JOBS}/etl`, DECISION)), /"reason":"released-by-hand"/);
    assert.deepEqual(
      events().map((event) => [event['action'], event['reason']]),
      [
        ['Released', 'released-by-hand'],
        ['Released', 'released-by-hand'],
      ],
    );
  });

  it('finds held work whose label somebody took off, and leaves alone what its owner suspended', async () => {
    put(`${JOBS}/unlabelled`, heldJob('unlabelled', { labels: { [HELD_LABEL]: 'no' } }));
    put(`${JOBS}/owners`, {
      metadata: { name: 'owners', creationTimestamp: '2026-03-02T12:00:00Z' },
      spec: { suspend: true },
    });

    const { out } = await run('--all');

    assert.equal(out.at(-1), '1 released');
    assert.equal(suspended('unlabelled'), false);
    assert.equal(suspended('owners'), true);
  });

  it('releases by name, and says what is not held or not there', async () => {
    put(`${JOBS}/etl`, heldJob('etl'));
    put(`${JOBS}/other`, heldJob('other'));
    put(`${PODS}/free`, heldPod('free', { spec: { schedulingGates: [] } }));

    const { out, err, code } = await run('job/etl', 'pod/free', 'job/none');

    assert.deepEqual(out, [
      'pod/team/free is not held',
      'job/team/etl released (released-by-hand)',
      '1 released, 1 not held, 1 failed',
    ]);
    assert.match(err.join(), /job\/team\/none: not-found/);
    assert.equal(code, 1);
    assert.equal(suspended('other'), true);
  });

  it('stays within the namespace unless told', async () => {
    put(`${JOBS}/etl`, heldJob('etl'));
    put('/apis/batch/v1/namespaces/else/jobs/etl', heldJob('etl'), 'else');

    assert.equal((await run('--all', '-n', 'else')).out.at(-1), '1 released');
    assert.equal(suspended('etl'), true);
    assert.equal((await run('--all', '-A')).out.at(-1), '1 released');
    assert.equal(suspended('etl'), false);
  });

  it('with --overdue releases only what is past its end and the grace', async () => {
    const delay = (text: string): Json => heldJob(text, { annotations: { ...DEFERRABLE, [MAX_DELAY]: text } });
    put(`${JOBS}/1h`, delay('1h'));
    put(`${JOBS}/119m`, delay('119m'));
    put(`${JOBS}/3h`, delay('3h'));
    put(`${JOBS}/lost`, heldJob('lost', { annotations: { [CLASS]: 'no-longer-known' } }));

    const { out, code } = await run('--all', '--overdue', '--grace', '2m');

    assert.deepEqual(out.slice(0, -1).sort(), [
      'job/team/1h released (max-delay-reached)',
      'job/team/lost released (max-delay-reached)',
    ]);
    assert.equal(out.at(-1), '2 released, 2 not overdue');
    assert.equal(code, 0);
  });

  it('counts the ceiling of the namespace', async () => {
    server.put('/api/v1/namespaces/team', {
      metadata: { name: 'team', annotations: { 'lowtide.dev/limit-max-delay': '30m' } },
    });
    put(`${JOBS}/etl`, heldJob('etl', { annotations: DEFERRABLE }));

    assert.equal((await run('--all', '--overdue')).out.at(-1), '1 released');
  });

  it('writes residency anew', async () => {
    put(`${JOBS}/etl`, heldJob('etl', { annotations: { ...DEFERRABLE, 'lowtide.dev/residency': 'us-only' } }));

    await run('--all', '--region-label', 'region');

    const spec = ['spec', 'template', 'spec', 'affinity', 'nodeAffinity'].reduce<unknown>(
      member,
      server.get(`${JOBS}/etl`),
    );
    const values = ['us-east-1', 'us-west-1', 'us-west-2'];
    assert.deepEqual(spec, {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'region', operator: 'In', values }] }],
      },
    });
  });

  it('with --dry-run changes nothing', async () => {
    put(`${JOBS}/etl`, heldJob('etl'));

    const { out, code } = await run('--all', '--dry-run');

    assert.deepEqual(out, ['job/team/etl would be released (released-by-hand)', '1 would be released']);
    assert.equal(code, 0);
    assert.deepEqual(new Set(server.requests.map(({ method }) => method)), new Set(['GET']));
  });

  it('prints one JSON document for programs', async () => {
    put(`${JOBS}/etl`, heldJob('etl'));

    const { out } = await run('job/etl', '--json');

    const work = {
      kind: 'job',
      namespace: 'team',
      name: 'etl',
      outcome: 'released',
      reason: 'released-by-hand',
      trouble: null,
    };
    const counts = { released: 1, planned: 0, kept: 0, 'not-held': 0, failed: 0 };
    assert.deepEqual(JSON.parse(out.join('\n')), { ...counts, works: [work] });
  });

  it('goes on where one cannot be released, and ends with 1', async () => {
    put(`${JOBS}/etl`, heldJob('etl'));
    put(`${JOBS}/bad`, heldJob('bad'));
    const list = server.intercept;
    server.intercept = (request) =>
      request.method === 'PATCH' && request.path.endsWith('/bad') ? { status: 403 } : list(request);

    const { out, err, code } = await run('--all');

    assert.equal(out.at(-1), '1 released, 1 failed');
    assert.match(err.join(), /job\/team\/bad: forbidden/);
    assert.equal(code, 1);
  });

  it('releases without reading the namespace where that is forbidden, but tells no overdue work without', async () => {
    put(`${JOBS}/etl`, heldJob('etl', { annotations: DEFERRABLE }));
    server.intercept = ({ method, path }) => {
      if (path === '/api/v1/namespaces') return { status: 403 };
      return method === 'GET' ? listed(path) : undefined;
    };

    const overdue = await run('--all', '--overdue');
    assert.equal(overdue.code, 1);
    assert.match(overdue.err.join(), /forbidden/);
    assert.equal(suspended('etl'), true);
    assert.equal((await run('--all')).code, 0);
    assert.equal(suspended('etl'), false);
  });

  it('says that an Event could not be written, and counts the release all the same', async () => {
    put(`${JOBS}/etl`, heldJob('etl'));
    const list = server.intercept;
    server.intercept = (request) => (request.path.endsWith('/events') ? { status: 403 } : list(request));

    const { out, err, code } = await run('--all');

    assert.equal(out.at(-1), '1 released');
    assert.match(err.join(), /no Event: forbidden/);
    assert.equal(code, 0);
  });

  it('refuses a policy that cannot be used, before it touches anything', async () => {
    await assert.rejects(run('--all', '--policy', join(folder, 'none.yaml')), UsageError);

    assert.deepEqual(server.requests, []);
  });

  it('keeps since when the work was held', async () => {
    put(`${JOBS}/etl`, heldJob('etl'));

    await run('--all');

    assert.equal(annotation(`${JOBS}/etl`, HELD_SINCE), '2026-03-02T12:00:00Z');
  });
});
