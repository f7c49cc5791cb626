import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import { pino } from 'pino';
import { readTls, watchTls } from '../../../src/service/tls-files.ts';
import { certificateFiles } from '../../support/certificates.ts';
import { eventually } from '../../support/eventually.ts';

describe('certificates from files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lowtide-tls-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are handed on when they are renewed, and a pair that does not fit is left for the next look', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
    const { cert, key, ca } = await certificateFiles(folder);
    const files = { certFile: cert, keyFile: key, clientCaFile: ca };
    const renewed: SecureContextOptions[] = [];
    const stop = watchTls({
      files,
      current: await readTls(files),
      onRenewed: (tls) => renewed.push(tls),
      log,
      every: 5,
    });

    await writeFile(key, 'half a key');
    await eventually(() => lines.some((line) => line.includes('certificate refused, last good one kept')));
    assert.equal(renewed.length, 0);

    await certificateFiles(folder);
    await eventually(() => renewed.length === 1);
    stop();
    assert.equal(lines.filter((line) => line.includes('certificate refused')).length, 1);
  });

  it('that do not belong together are refused at once', async () => {
    const other = await mkdtemp(join(folder, 'other-'));
    const [one, two] = [await certificateFiles(folder), await certificateFiles(other)];

    await assert.rejects(readTls({ certFile: one.cert, keyFile: two.key }), /key values mismatch/i);
  });
});
