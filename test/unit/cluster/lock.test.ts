import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../../hack/controlplane/lock.ts';

const LOCK = join(import.meta.dirname, '..', '..', '..', 'hack', 'controlplane', 'lock.ts');

describe('withLock', () => {
  let folder: string;
  let file: string;
  let waits: number;
  const countWait = (): void => {
    waits += 1;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lowtide-lock-'));
    file = join(folder, 'lock.db');
    waits = 0;
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('lets one work at a time, and says once that it waits', async () => {
    const log: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      log.push(`${name} ends`);
    };

    await Promise.all([withLock(file, countWait, work('first')), withLock(file, countWait, work('second'))]);

    assert.deepEqual(log, ['first begins', 'first ends', 'second begins', 'second ends']);
    assert.equal(waits, 1);
  });

  it('is free again after work that failed', async () => {
    await assert.rejects(
      withLock(file, countWait, () => Promise.reject(new Error('failed'))),
      /failed/,
    );

    assert.equal(await withLock(file, countWait, () => Promise.resolve('done')), 'done');
    assert.equal(waits, 0);
  });

  it('is free again when its holder was killed', async () => {
    const hold = `import { withLock } from ${JSON.stringify(LOCK)};
      await withLock(${JSON.stringify(file)}, () => {}, async () => {
        process.stdout.write('held'); await new Promise((resolve) => setTimeout(resolve, 60_000)); });`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', hold], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    holder.kill('SIGKILL');
    await once(holder, 'exit');

    assert.equal(await withLock(file, countWait, () => Promise.resolve('done')), 'done');
    assert.equal(waits, 0);
  });
});
