import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainCommand } from '../../../../src/cli/explain/command.ts';
import { UsageError } from '../../../../src/cli/usage-error.ts';
import { explained, foreseen } from '../../../support/explain.ts';
import { hours } from '../../../support/hold.ts';

const ANSWER = explained({
  intent: { hold: { expectedDuration: hours(2) } },
  energyKwh: 10,
  values: {
    'eu-west-1': foreseen(400, 400, 400, 400, 100, 100, 400, 400),
    'eu-central-1': { state: 'unknown', reason: 'stale' },
    'us-east-1': 500,
  },
});

describe('lowtide explain', () => {
  let server: Server;
  let folder: string;
  let asked: string[];
  let answer: { status: number; body: unknown };

  beforeEach(async () => {
    asked = [];
    answer = { status: 200, body: ANSWER };
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    folder = await mkdtemp(join(tmpdir(), 'lowtide-explain-'));
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function run(...args: readonly string[]): Promise<{ out: string[]; err: string[]; code: number }> {
    const result = { out: [] as string[], err: [] as string[], code: 0 };
    const io = {
      out: (line: string) => void result.out.push(line),
      err: (line: string) => void result.err.push(line),
      exit: (code: number) => {
        result.code = code;
      },
    };
    await explainCommand({ io, env: {} }).exitOverride().parseAsync(args, { from: 'user' });
    return result;
  }

  /** A cluster whose API server is ours. */
  async function kubeconfig(): Promise<string> {
    const file = join(folder, 'kubeconfig');
    const config = {
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'own' } }],
      clusters: [{ name: 'c', cluster: { server: url(), 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user: {} }],
    };
    await writeFile(file, JSON.stringify(config));
    return file;
  }

  it('prints what is decided, what it rests on and the alternatives, with units', async () => {
    const { out } = await run('job/train', '-n', 'team', '--server', url());

    assert.deepEqual(asked, ['/api/v1/explain?kind=job&namespace=team&name=train']);
    assert.deepEqual(out, [
      'job/train in team: held',
      '  why      a later start is expected to be cleaner (cleaner-later)',
      '  now      eu-west-1 at 400 gCO2eq/kWh; threshold 250 gCO2eq/kWh (class)',
      '  until    16:00 UTC (in 4h) as expected, 2026-03-03 00:00 UTC (in 12h) at the latest',
      '  plan     window: eu-west-1 16:00 UTC–18:00 UTC',
      '  gain     75 %, 3 kgCO2eq: 100 gCO2eq/kWh on average, 400 gCO2eq/kWh if it ran now',
      '  wants    class none · delay up to 12h · takes 2h · 10 kWh',
      '  pausing  no: it does not say lowtide.dev/interruptible: "true" (not-interruptible)',
      '  moving   no: it is not paused, so it stays where it starts (never-paused)',
      '  looks    again 16:00 UTC (in 4h), sooner if anything changes',
      '',
      'REGION        NOW g/kWh  BEST START  MEAN g/kWh',
      'eu-west-1           400  16:00 UTC          100  above the threshold',
      'eu-central-1    unknown  –                    –  the value outlived its validity and no newer one came (stale)',
      'us-east-1           500  –                    –  above the threshold',
    ]);
  });

  it('prints the whole answer for programs', async () => {
    const { out } = await run('pod/train', '--server', url(), '--json');

    assert.deepEqual(JSON.parse(out.join('\n')), JSON.parse(JSON.stringify(ANSWER)));
    assert.deepEqual(asked, ['/api/v1/explain?kind=pod&namespace=default&name=train']);
  });

  it("goes through the API server's service proxy where no server is named", async () => {
    await run('job/train', '--kubeconfig', await kubeconfig(), '--service', 'mine:9481', '--service-namespace', 'ops');

    assert.deepEqual(asked, [
      '/api/v1/namespaces/ops/services/http:mine:9481/proxy/api/v1/explain?kind=job&namespace=own&name=train',
    ]);
  });

  const failures: Record<string, readonly [number, unknown, RegExp]> = {
    "the service's own words": [
      404,
      { code: 'explain-not-found', message: 'there is no such object', fix: 'look at its name' },
      /^lowtide: job\/train: there is no such object \(look at its name\)$/,
    ],
    'that there is no such service': [
      404,
      { kind: 'Status', code: 404, message: 'services "lowtide-extender" not found' },
      /^lowtide: service lowtide\/lowtide-extender:operations is not answered by Lowtide: services "lowtide-extender" not found \(--service/,
    ],
    'which right is missing': [
      403,
      { kind: 'Status', code: 403, message: 'services is forbidden' },
      /services is forbidden \(you need the right to get services\/proxy there; or port-forward and use --server\)$/,
    ],
    'that somebody else answers': [200, { hello: 'world' }, /is not answered by Lowtide: HTTP status 200/],
  };
  for (const [name, [status, body, line]] of Object.entries(failures)) {
    it(`says in one line ${name}`, async () => {
      answer = { status, body };

      const { code, err, out } = await run('job/train', '--kubeconfig', await kubeconfig());

      assert.equal(code, 1);
      assert.deepEqual(out, []);
      assert.equal(err.length, 1);
      assert.match(err[0] ?? '', line);
    });
  }

  it('says in one line that nobody listens there', async () => {
    const { code, err } = await run('job/train', '--server', 'http://127.0.0.1:1');

    assert.equal(code, 1);
    assert.equal(err.length, 1);
    assert.match(err[0] ?? '', /^lowtide: http:\/\/127\.0\.0\.1:1 cannot be reached: /);
  });

  const wrong: Record<string, readonly [readonly string[], RegExp]> = {
    'another kind': [['cronjob/train'], /expected job\/NAME or pod\/NAME/],
    'a server that is no address': [['job/train', '--server', 'here'], /expected http:\/\/HOST:PORT/],
    'a service without a port': [['job/train', '--service', 'lowtide'], /expected NAME:PORT/],
    'no cluster': [['job/train'], /no cluster named: give --kubeconfig FILE, or --server URL, or run in a pod/],
  };
  for (const [name, [args, message]] of Object.entries(wrong)) {
    it(`refuses ${name}`, async () => {
      await assert.rejects(run(...args), (error) => error instanceof UsageError && message.test(error.message));
    });
  }
});
