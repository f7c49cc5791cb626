import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const TRACE = join(ROOT, 'config/traces/grid-28d.csv');
const NODE = { metadata: { name: 'n1', labels: { 'topology.kubernetes.io/region': 'eu-west-1' } } };

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
}

async function lowtide(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts'), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [errors, code] = await Promise.all([
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
  ]);
  // What is no JSON is for people; the log is for machines.
  return { code, lines: errors.split('\n').filter((line) => line !== '' && !line.startsWith('{')) };
}

describe('lowtide serve, asked what it cannot do', function () {
  this.timeout(20_000);
  let folder: string;
  const file = async (name: string, content: string): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lowtide-serve-'));
  });
  after(() => rm(folder, { recursive: true }));

  const cases: Record<string, { args: () => Promise<string[]> | string[]; want: RegExp[] }> = {
    'no cluster': { args: () => [], want: [/^lowtide: no cluster named: give --kubeconfig FILE, or --nodes FILE/] },
    'two places for nodes': {
      args: () => ['--nodes', 'a', '--kubeconfig', 'b'],
      want: [/nodes come from one place/],
    },
    'a missing nodes file': { args: () => ['--nodes', 'none.json'], want: [/nodes file none\.json cannot be read/] },
    'a missing kubeconfig': { args: () => ['--kubeconfig', 'none'], want: [/kubeconfig none cannot be read/] },
    'a missing policy': { args: () => ['--policy', 'none.yaml'], want: [/none\.yaml: /] },
    'a policy with three errors: a line each': {
      args: async () => [
        '--policy',
        await file(
          'bad.yaml',
          'apiVersion: lowtide.dev/v1alpha1\nkind: Policy\nregions: {}\nregion: 1\nscheduler: { tie: 2 }\n',
        ),
      ],
      want: [/regions: /, /scheduler\.tie: /, /region: is not a known key; did you mean "regions"/],
    },
    'a ConfigMap where there is no cluster': {
      args: async () => {
        const nodes = await file('nodes.json', JSON.stringify({ kind: 'NodeList', items: [NODE] }));
        return ['--nodes', nodes, '--config', await file('azure.yaml', 'sources: [{ azureConfigMap: {} }]\n')];
      },
      want: [/sources: azureConfigMap: is read from the cluster: give --kubeconfig in place of --nodes/],
    },
    'a missing trace': {
      args: async () => ['--trace', 'none.csv', '--nodes', await nodes()],
      want: [/none\.csv: cannot be read/],
    },
    'a trace with bad rows': {
      args: async () => ['--trace', await file('bad.csv', 'time,DE\n2026-01-01T00:00:00Z,-1\nyesterday,2\n')],
      want: [/bad\.csv:2:/, /bad\.csv:3:/],
    },
    'a trace whose columns contradict one another': {
      args: async () => [
        '--trace',
        await file('two.csv', 'time,DE,eu-central-1\n2026-01-01T00:00:00Z,1,2\n2026-01-01T01:00:00Z,1,1\n'),
      ],
      want: [/columns DE and eu-central-1 both stand for zone DE and differ first at 2026-01-01T00:00:00/],
    },
    'a speed that is no number': {
      args: () => ['--trace', TRACE, '--trace-speed', 'fast'],
      want: [/--trace-speed fast/],
    },
    'a speed without a trace': { args: () => ['--trace-speed', '60'], want: [/go with --trace FILE/] },
    'a start that is no time': {
      args: () => ['--trace', TRACE, '--trace-start', 'noon'],
      want: [/^lowtide: --trace-start: expected a time such as/],
    },
    'a start that is thousands of years away': {
      args: () => ['--trace', TRACE, '--trace-start', '0001-01-01T00:00:00Z', '--trace-speed', '0.001'],
      want: [/trace start 0001-01-01T00:00:00Z: .*more than a thousand years away/],
    },
    'a source of no kind': {
      args: async () => [
        '--config',
        await file('source.yaml', 'sources: [{ trace: { fil: x } }, { static: { values: { DE: -4 } } }]'),
      ],
      want: [/sources\.0\.trace\.file/, /sources\.0\.trace: .*fil/, /sources\.1\.static\.values\.DE: .*not negative/],
    },
    'an address that is none': {
      args: () => ['--extender', '9480'],
      want: [/^lowtide: --extender: expected HOST:PORT/],
    },
    'a port beyond all ports': { args: () => ['--extender', '127.0.0.1:70000'], want: [/70000.*above 65535/] },
    'an unknown key in the configuration': {
      args: async () => ['--config', await file('typo.yaml', 'extendr: {}\n')],
      want: [/typo\.yaml: .*extendr/],
    },
    'a configuration that is no YAML': {
      args: async () => ['--config', await file('broken.yaml', 'a: [1,\n')],
      want: [/broken\.yaml: cannot be read as YAML/],
    },
    'a missing configuration': {
      args: () => ['--config', 'none.yaml'],
      want: [/none\.yaml: cannot be read \(ENOENT\)/],
    },
    'an unknown flag': {
      args: () => ['--extendr', 'x'],
      want: [/unknown option '--extendr'/, /Did you mean/, /--help/],
    },
    'certificates that are not there': {
      args: async () => [
        ...['--nodes', await nodes(), '--operations', '127.0.0.1:0'],
        ...['--config', await file('tls.yaml', 'extender: { tls: { certFile: no.crt, keyFile: no.key } }')],
      ],
      want: [/extender\.tls: .*no\.crt/],
    },
  };

  async function nodes(): Promise<string> {
    return file('nodes.json', JSON.stringify({ kind: 'NodeList', items: [NODE] }));
  }

  for (const [sentence, { args, want }] of Object.entries(cases)) {
    it(`ends with 2 and one clear line each: ${sentence}`, async () => {
      const { code, lines } = await lowtide('serve', ...(await args()));

      assert.equal(code, 2, lines.join('\n'));
      assert.equal(lines.length, want.length, lines.join('\n'));
      for (const [index, pattern] of want.entries()) assert.match(lines[index] ?? '', pattern);
    });
  }

  it('says which address is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;

    const { code, lines } = await lowtide(
      ...['serve', '--nodes', await nodes(), '--operations', '127.0.0.1:0', '--extender', `127.0.0.1:${port}`],
    );
    taken.close();

    assert.equal(code, 2);
    assert.match(
      lines[0] ?? '',
      /extender cannot listen on 127\.0\.0\.1:\d+: it is in use; choose another with --extender/,
    );
  });
});
