import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const TRACE = join(ROOT, 'config/traces/grid-28d.csv');

describe('lowtide intensity, read by a program that wants less', function () {
  this.timeout(20_000);

  for (const how of ['--all', '--watch']) {
    it(`ends without a complaint: ${how}`, async () => {
      const args = ['intensity', '--trace', TRACE, '--json', how];
      const child = spawn(process.execPath, [join(ROOT, 'src/main.ts'), ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.destroy();

      const [errors] = await Promise.all([text(child.stderr), once(child, 'exit')]);

      assert.doesNotMatch(errors, /EPIPE|at /);
      assert.equal(child.exitCode, 0);
    });
  }
});
