import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTrace } from '../../../../src/sources/csv-trace/client.ts';
import { problemLines } from '../../../../src/sources/csv-trace/problems.ts';

describe('readTrace', () => {
  let folder = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lowtide-trace-'));
  });

  after(async () => {
    await rm(folder, { recursive: true });
  });

  it('reads a file', async () => {
    const file = join(folder, 'grid.csv');
    await writeFile(file, 'time,DE\n2026-03-02T00:00:00Z,1\n2026-03-02T00:05:00Z,2\n');

    const result = await readTrace(file);

    assert.ok(result.ok);
    assert.equal(result.trace.step, 300_000);
  });

  it('says why a file cannot be read', async () => {
    const result = await readTrace(join(folder, 'absent.csv'));

    assert.ok(!result.ok);
    assert.deepEqual(problemLines('absent.csv', result), [
      'absent.csv: cannot be read (ENOENT): name a readable CSV file',
    ]);
  });
});
