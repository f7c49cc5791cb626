import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { traceCsv } from '../../../hack/traces/csv.ts';
import { parseTrace } from '../../../src/sources/csv-trace/schema.ts';

const run = promisify(execFile);
const GENERATOR = fileURLToPath(new URL('../../../hack/traces/generate.ts', import.meta.url));
const SHIPPED = fileURLToPath(new URL('../../../config/traces/grid-28d.csv', import.meta.url));

describe('config/traces/grid-28d.csv', () => {
  it('is what the generator writes', async () => {
    const start = Date.parse('2026-03-02T00:00:00Z');

    assert.equal(await readFile(SHIPPED, 'utf8'), traceCsv({ seed: 1, start, days: 28 }));
  });

  it('is a valid trace: 11 zones, 672 hours, under 200 kB', async () => {
    const text = await readFile(SHIPPED, 'utf8');
    const result = parseTrace(text);

    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual([result.trace.columns.length, result.trace.count, result.trace.step], [11, 672, 3_600_000]);
    assert.ok(text.length < 200_000);
  });
});

describe('hack/traces/generate.ts', () => {
  let file = '';

  before(async () => {
    file = join(await mkdtemp(join(tmpdir(), 'lowtide-traces-')), 'out.csv');
  });

  after(async () => {
    await rm(join(file, '..'), { recursive: true });
  });

  it('writes a file that --check accepts, and refuses once it is changed', async () => {
    const args = [GENERATOR, '--seed', '5', '--days', '1', '--start', '2026-06-01T00:00:00Z', '--out', file];

    await run(process.execPath, args);
    await run(process.execPath, [...args, '--check']);
    await writeFile(file, (await readFile(file, 'utf8')).replace('time', 'Time'));

    await assert.rejects(run(process.execPath, [...args, '--check']), { code: 1, stderr: /run it without --check/ });
  });

  it('refuses a start that is no whole hour', async () => {
    const args = [GENERATOR, '--start', '2026-06-01T00:30:00Z', '--out', file];

    await assert.rejects(run(process.execPath, args), { code: 2, stderr: /--start takes a whole hour/ });
  });
});
