import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { generate } from '../../../../src/cli/simulate/generate.ts';
import { readIntensity } from '../../../../src/cli/simulate/input/intensity.ts';
import { readJobs } from '../../../../src/cli/simulate/input/jobs.ts';
import { seed000 } from '../../../../src/simulation/scenario/seed-000.ts';
import { linesOfError, ownFolder } from '../../../support/simulate-files.ts';

describe('lowtide simulate --generate', () => {
  const folder = ownFolder();
  let out: string[];
  const io = {
    out: (line: string) => out.push(line),
    err: () => assert.fail('nothing goes wrong'),
    exit: () => assert.fail('the exit code is that of success'),
  };

  beforeEach(() => {
    out = [];
  });

  async function digest(name: string): Promise<string> {
    const bytes = await readFile(folder.path(name));
    return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  }

  it('writes the same bytes for the same seed on every machine', async () => {
    await generate({ name: 'seed-000', seed: 0, folder: folder.path('made/here') }, io);

    assert.deepEqual(
      [await digest('made/here/jobs.csv'), await digest('made/here/intensity.csv')],
      ['c37593ed991ea6fd', '614320b70a4bf3b7'],
    );
    assert.deepEqual(out, [
      `${folder.path('made/here/jobs.csv')}: 1000 jobs`,
      `${folder.path('made/here/intensity.csv')}: 1080 rows of us-east-1, us-west-2, eu-central-1`,
    ]);
  });

  it('writes what the simulator reads back', async () => {
    await generate({ name: 'seed-000', seed: 7, folder: folder.path('.') }, io);

    const { jobs, intensity } = seed000(7);
    assert.deepEqual(await readIntensity(folder.path('intensity.csv')), intensity);
    const read = readJobs(folder.path('jobs.csv')).jobs;
    const kind = (table: typeof jobs, job: number): unknown => table.kinds[table.kind[job] ?? -1];
    assert.deepEqual({ ...read, kind: null, kinds: null }, { ...jobs, kind: null, kinds: null });
    assert.ok(jobs.ids.every((_, job) => JSON.stringify(kind(read, job)) === JSON.stringify(kind(jobs, job))));
  });

  it('refuses a scenario that there is not, and a folder that cannot be made', async () => {
    const file = await folder.write('file', '');

    assert.deepEqual(await linesOfError(() => generate({ name: 'seed-1', seed: 0, folder: '.' }, io)), [
      '--generate seed-1: expected seed-000',
    ]);
    assert.deepEqual(await linesOfError(() => generate({ name: 'seed-000', seed: 0, folder: file }, io)), [
      `--out ${file}: cannot be written (EEXIST): name a folder that can`,
    ]);
  });
});
