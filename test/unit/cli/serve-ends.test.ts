import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');

describe('lowtide serve, told to end', function () {
  this.timeout(30_000);

  it('ends though nobody reads its log any more', async () => {
    const world = ['--nodes', join(ROOT, 'config/nodes.json'), '--trace', join(ROOT, 'config/traces/grid-28d.csv')];
    const ports = ['--extender', '--admission', '--operations'].flatMap((flag) => [flag, '127.0.0.1:0']);
    const args = [join(ROOT, 'src/main.ts'), 'serve', ...world, ...ports];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.resume();
    try {
      await once(child.stdout, 'data');
      const ended = once(child, 'exit');
      child.stderr.destroy();
      child.kill('SIGTERM');
      const [code] = (await Promise.race([ended, after(10_000)])) as unknown[];

      assert.equal(code, 0);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

async function after(ms: number): Promise<readonly string[]> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
  return [`not within ${ms} ms`];
}
