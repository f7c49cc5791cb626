import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemIo } from '../../../src/cli/io.ts';
import type { ProcessLike } from '../../../src/cli/io.ts';
import { policyCommand } from '../../../src/cli/policy-validate.ts';
import { WHOLE_DOCUMENT } from './whole-document.ts';

interface Run {
  out: string;
  err: string;
  exitCode: ProcessLike['exitCode'];
}

async function run(...args: string[]): Promise<Run> {
  const written = { out: '', err: '' };
  const target: ProcessLike = {
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.err += text) },
  };
  await policyCommand(systemIo(target)).parseAsync(['validate', ...args], { from: 'user' });
  return { ...written, exitCode: target.exitCode };
}

describe('lowtide policy validate', () => {
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lowtide-validate-'));
    file = join(directory, 'policy.yaml');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('says what the shipped policy holds, in one line, exit 0', async () => {
    const shipped = fileURLToPath(new URL('../../../config/policy.yaml', import.meta.url));

    assert.deepEqual(await run(shipped), {
      out: `${shipped} is valid: 11 regions, 3 classes, 4 residency sets, 4 bands\n`,
      err: '',
      exitCode: 0,
    });
  });

  it('warns of what does not act yet, a line each on standard error, and still exits 0', async () => {
    writeFileSync(file, WHOLE_DOCUMENT);

    const { out, err, exitCode } = await run(file);

    assert.match(out, /is valid: 3 regions/);
    assert.equal(exitCode, 0);
    assert.equal(err.match(/^warning: \S+: does not act yet: .+ \(.+\)$/gm)?.length, err.split('\n').length - 1);
    assert.ok(err.split('\n').length >= 4);
  });

  it('counts one of a kind as one', async () => {
    writeFileSync(file, 'apiVersion: lowtide.dev/v1alpha1\nkind: Policy\nregions: { a: { zone: DE } }\n');

    assert.match((await run(file)).out, /: 1 region, 3 classes,/);
  });

  it('tells each error in one line with file, path and what is accepted, exit 2', async () => {
    writeFileSync(file, 'apiVersion: lowtide.dev/v1alpha1\nkind: Policy\nregions: { a: { cost: -1 } }\n');

    const { out, err, exitCode } = await run(file);

    assert.equal(out, '');
    assert.equal(exitCode, 2);
    assert.deepEqual(err.trimEnd().split('\n'), [
      `${file}: regions.a.zone: is required; accepted: a grid zone: letters, digits, "-", "_" and ".", at most 63`,
      `${file}: regions.a.cost: -1 is not accepted; accepted: a relative price of compute as a number from 0 up`,
    ]);
  });

  it('tells in one line that a file is not there, exit 2', async () => {
    const { err, exitCode } = await run(file);

    assert.equal(exitCode, 2);
    assert.match(err, /^\S+policy\.yaml: cannot be read \(ENOENT\); .+\n$/);
  });

  it('prints JSON of a valid document', async () => {
    writeFileSync(file, 'apiVersion: lowtide.dev/v1alpha1\nkind: Policy\nregions: { a: { zone: DE, pue: 1.1 } }\n');

    const { out, err, exitCode } = await run(file, '--json');

    const { valid, errors, warnings } = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual([valid, errors, (warnings as unknown[]).length, err, exitCode], [true, [], 1, '', 0]);
  });

  it('prints JSON of a document that is not', async () => {
    writeFileSync(file, '');

    const { out, err, exitCode } = await run(file, '--json');

    const { valid, errors, warnings } = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual([valid, (errors as unknown[]).length, warnings, err, exitCode], [false, 1, [], '', 2]);
  });
});
