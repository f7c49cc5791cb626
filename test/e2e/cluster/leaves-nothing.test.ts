import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { skipBecause } from '../../../hack/cluster/skip.ts';
import { chooseBackend } from '../../../hack/cluster/backend.ts';
import { eventually } from '../../support/eventually.ts';

const UP = join(import.meta.dirname, '..', '..', '..', 'hack', 'controlplane', 'up.ts');

describe('a control plane in the foreground', () => {
  before(function () {
    if (chooseBackend(process.env) !== 'own') skipBecause(this, 'there is no control plane of ours to leave behind');
  });

  it('leaves no process running when its parent is killed outright', async () => {
    const { child, pids, stateDir } = await startUp();

    child.kill('SIGKILL');

    await eventually(() => pids.every(isGone), { within: 5000 });
    assert.equal(pids.length, 5);
    // Whoever is killed cannot clean up: the logs stay.
    assert.ok(existsSync(stateDir));
    await rm(stateDir, { recursive: true });
  });

  it('ends everything and removes its folder at Ctrl-C', async () => {
    const { child, pids, stateDir } = await startUp();

    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number];

    assert.equal(code, 0);
    assert.deepEqual(
      pids.filter((pid) => !isGone(pid)),
      [],
    );
    assert.ok(!existsSync(stateDir));
  });

  it('names the folder of the logs, and leaves no process, when it cannot start', async () => {
    const child = spawn(
      process.execPath,
      [UP, '--scheduler-config', join(import.meta.dirname, 'broken-scheduler.json')],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
    const [code] = (await once(child, 'close')) as [number];

    assert.equal(code, 1);
    assert.match(complaint, /unknown field .*enableHttps/);
    const logs = /logs are kept in (\S+)/.exec(complaint)?.[1] ?? '';
    assert.ok(existsSync(join(logs, 'kube-scheduler-default.log')));
    assert.equal(spawnSync('pgrep', ['-f', dirname(logs)]).status, 1);
    await rm(dirname(logs), { recursive: true });
  });
});

async function startUp(): Promise<{ child: ChildProcess; pids: number[]; stateDir: string }> {
  const child = spawn(process.execPath, [UP, '--nodes', 'eu-west-1=2'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pids: number[] = [];
  for await (const line of createInterface(child.stdout)) {
    const pid = /pid=(\d+)/.exec(line)?.[1];
    if (pid !== undefined) pids.push(Number(pid));
    const kubeconfig = /^export KUBECONFIG=(.+)$/.exec(line)?.[1];
    if (kubeconfig !== undefined) return { child, pids, stateDir: dirname(dirname(kubeconfig)) };
  }
  throw new Error('up.ts ended before it was ready');
}

/** A process that nobody has waited for yet (a zombie) runs no more. */
function isGone(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() === '' || stdout.startsWith('Z');
}
