import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replayCommand } from '../../../../src/cli/replay/command.ts';
import { UsageError } from '../../../../src/cli/usage-error.ts';
import { pastJobObject } from '../../../support/past-jobs.ts';

const CPU = { requests: { cpu: '1' } };

describe('lowtide replay of a file', () => {
  let folder: string;
  let out: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lowtide-replay-'));
    out = join(folder, 'jobs.csv');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function run(
    items: unknown,
    ...args: readonly string[]
  ): Promise<{ out: string[]; err: string[]; code: number }> {
    const file = join(folder, 'jobs.json');
    await writeFile(file, JSON.stringify(items));
    const result = { out: [] as string[], err: [] as string[], code: 0 };
    const io = {
      out: (line: string) => void result.out.push(line),
      err: (line: string) => void result.err.push(line),
      exit: (code: number) => {
        result.code = code;
      },
    };
    await replayCommand({ io, env: {} })
      .exitOverride()
      .parseAsync(['--jobs-json', file, '--out', out, ...args], { from: 'user' });
    return result;
  }

  const list = (...items: readonly unknown[]): unknown => ({ apiVersion: 'v1', kind: 'List', items });
  const lines = async (): Promise<readonly string[]> => (await readFile(out, 'utf8')).trimEnd().split('\n').slice(1);

  it('writes a line a finished Job, the first to arrive first, and says what comes next', async () => {
    const early = { ...pastJobObject('early', CPU) };
    (early['metadata'] as Record<string, unknown>)['creationTimestamp'] = '2026-03-01T00:00:00Z';

    const result = await run(list(pastJobObject('late', CPU), early));

    assert.deepEqual(
      (await lines()).map((line) => line.split(',')[0]),
      ['team/early', 'team/late'],
    );
    assert.equal(result.code, 0);
    assert.match(result.out[0] ?? '', /^2 jobs, 0\.00722 kWh, home region known of 0, written to /);
    assert.match(result.out[1] ?? '', /^next: lowtide simulate --jobs \S+jobs\.csv --intensity INTENSITY\.csv/);
    assert.match(result.out[2] ?? '', /from 2026-03-01T00:00:00Z or before until 2026-03-02T13:28:00Z and/);
  });

  it('counts on standard error what it leaves out, and says what is estimated', async () => {
    const failed = pastJobObject('failed', { status: { conditions: [{ type: 'Failed', status: 'True' }] } });

    const { err } = await run(list(pastJobObject('a', CPU), failed, pastJobObject('b'), pastJobObject('c')));

    assert.deepEqual(err, [
      'lowtide: 1 left out: failed: nobody knows what it would have used',
      'lowtide: 2 left out: without requests of CPU or memory and without lowtide.dev/energy: give --default-power WATTS to keep them',
      'lowtide: 1 with an ESTIMATED energy: 2.12 W a vCPU and 0.392 W a GB requested, times PUE 1.135 (Cloud Carbon Footprint: average AWS server, 50 % load)',
    ]);
  });

  it('takes the namespace that is asked for alone, and fills in what Jobs leave out', async () => {
    const other = pastJobObject('other', { namespace: 'other' });

    await run(
      list(pastJobObject('mine'), other),
      ...['-n', 'other', '--class', 'deferrable', '--residency', 'eu-strict', '--default-power', '200'],
    );

    assert.deepEqual(await lines(), ['other/other,2026-03-02T11:58:00Z,deferrable,90,0.3,eu-strict,,false,,,']);
  });

  it('prints JSON for programs', async () => {
    const { out: printed } = await run(list(pastJobObject('a', CPU), pastJobObject('b')), '--json');

    const { notes, energyKwh, ...rest } = JSON.parse(printed.join('\n')) as Record<string, unknown>;
    assert.equal((notes as string[]).length, 2);
    assert.ok(Math.abs(Number(energyKwh) - 0.0036093) < 1e-9);
    assert.deepEqual(rest, {
      jobs: 1,
      energyFrom: { 'CPU and memory requests': 1 },
      withHomeRegion: 0,
      skipped: { 'no-energy': 1 },
      span: { first: '2026-03-02T11:58:00Z', last: '2026-03-02T13:28:00Z' },
      out,
      next: `lowtide simulate --jobs ${out} --intensity INTENSITY.csv --forecast rolling`,
    });
  });

  it('writes to standard output, and words elsewhere', async () => {
    const result = await run(list(pastJobObject('a', CPU)), '--out', '-');

    assert.equal(result.out.length, 2);
    assert.ok(result.err.some((line) => line.startsWith('next: ')));
  });

  it('fails where there is nothing to replay, and writes nothing', async () => {
    const { code, err } = await run(list());

    assert.equal(code, 1);
    assert.deepEqual(err, ['lowtide: no finished Job to replay, nothing written']);
    await assert.rejects(readFile(out));
  });

  const wrong: Record<string, readonly [unknown, readonly string[], RegExp]> = {
    'a file that is no list': [{ kind: 'Job', metadata: {} }, [], /not a list of objects: write it with kubectl/],
    'a file that is not there': [list(), ['--jobs-json', '/nowhere/jobs.json'], /cannot be read \(ENOENT\)/],
    'an output that cannot be written': [
      list(pastJobObject('a', CPU)),
      ['--out', '/nowhere/jobs.csv'],
      /cannot be written/,
    ],
    'a file and a cluster': [list(), ['--kubeconfig', 'x'], /--jobs-json or --kubeconfig, not both/],
    'one namespace and all': [list(), ['-A', '-n', 'x'], /not both/],
    'a power that is none': [list(), ['--default-power', 'much'], /expected watts/],
    'JSON where the file goes': [list(), ['--json', '--out', '-'], /name a file with --out/],
  };
  for (const [name, [items, args, message]] of Object.entries(wrong)) {
    it(`refuses ${name}`, async () => {
      await assert.rejects(run(items, ...args), (error) => error instanceof UsageError && message.test(error.message));
    });
  }
});
