import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, '..', '..', '..', 'hack', 'kind', 'kind.sh');
const CLUSTER = 'lowtide-test';

/** kind.sh with stand-ins for docker and kind that write down how they were called. */
describe('kind.sh', () => {
  let folder: string;

  const standIn = (name: string, script: string): void => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >>"${folder}/calls"\n${script}\n`);
    chmodSync(file, 0o755);
  };
  const run = (...args: string[]) => {
    const env = {
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      XDG_CACHE_HOME: join(folder, 'cache'),
      LOWTIDE_KIND_NAME: CLUSTER,
      HOME: folder,
    };
    return spawnSync('bash', [SCRIPT, ...args], { env, encoding: 'utf8' });
  };
  const rendered = (name: string): string =>
    readFileSync(join(folder, 'cache', 'lowtide', 'kind', CLUSTER, name), 'utf8');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lowtide-kind-'));
    // The gateway where it is asked for; else the plain question whether the network is there: it is not.
    standIn('docker', 'case "$*" in *--format*) echo 172.30.0.1 ;; *inspect*) exit 1 ;; esac');
    standIn(
      'kind',
      'case "$*" in "get clusters") [ -e "$0.stands" ] && echo lowtide-test ;; "get kubeconfig"*) echo config ;; esac',
    );
    standIn('uname', 'echo Linux');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('makes the network, then a cluster whose scheduler calls this machine', () => {
    const { status, stderr } = run('up');

    const calls = readFileSync(join(folder, 'calls'), 'utf8');
    assert.equal(status, 0, stderr);
    assert.match(calls, /docker network create lowtide-kind\n[^]*kind create cluster --name lowtide-test --config /);
    assert.match(rendered('scheduler.yaml'), /^ {2}- urlPrefix: http:\/\/172\.30\.0\.1:9480\/extender\/v1$/m);
    assert.match(rendered('cluster.yaml'), new RegExp(`hostPath: ${folder}/cache/lowtide/kind/${CLUSTER}$`, 'm'));
  });

  it('leaves a cluster that stands as it is', () => {
    writeFileSync(join(folder, 'kind.stands'), '');

    const { status } = run('up');

    assert.equal(status, 0);
    assert.doesNotMatch(readFileSync(join(folder, 'calls'), 'utf8'), /create/);
  });

  it('writes the kubeconfig into the file that is named', () => {
    const { status } = run('kubeconfig', join(folder, 'there'));

    assert.equal(status, 0);
    assert.equal(readFileSync(join(folder, 'there'), 'utf8'), 'config\n');
  });

  it('prints the address of this machine and nothing else', () => {
    assert.equal(run('host-address').stdout, '172.30.0.1\n');
  });

  it('removes cluster, network and folder', () => {
    run('up');
    writeFileSync(join(folder, 'kind.stands'), '');

    const { status } = run('down');

    assert.equal(status, 0);
    assert.match(readFileSync(join(folder, 'calls'), 'utf8'), /kind delete cluster [^]*docker network rm lowtide-kind/);
    assert.ok(!existsSync(join(folder, 'cache', 'lowtide', 'kind', CLUSTER)));
  });

  for (const args of [[], ['sideways'], ['up', 'now'], ['kubeconfig']]) {
    it(`refuses ${JSON.stringify(args.join(' '))} with its usage`, () => {
      const { status, stderr } = run(...args);

      assert.equal(status, 2);
      assert.match(stderr, /kind\.sh COMMAND/);
    });
  }
});
