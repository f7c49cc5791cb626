import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { openPolicyFile } from '../../../src/service/policy-keeper.ts';
import type { PolicyKeeper } from '../../../src/service/policy-keeper.ts';
import { PolicyRefused } from '../../../src/service/policy/refusal.ts';
import { eventually } from '../../support/eventually.ts';

const policyText = (zone: string): string =>
  `apiVersion: lowtide.dev/v1alpha1\nkind: Policy\nregions: { home: { zone: ${zone} } }\n`;
const zonesOf = (keeper: PolicyKeeper): string[] =>
  [...keeper.current().policy.regions.values()].map(({ zone }) => zone);

describe('PolicyKeeper', () => {
  let directory: string;
  let file: string;
  let lines: { level: number; msg: string; [field: string]: unknown }[];
  let events: string[];
  let log: Logger;
  const keepers: PolicyKeeper[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lowtide-policy-'));
    file = join(directory, 'policy.yaml');
    lines = [];
    events = [];
    log = pino({}, { write: (line: string) => lines.push(JSON.parse(line) as (typeof lines)[number]) });
  });

  afterEach(() => {
    for (const keeper of keepers.splice(0)) keeper.close();
    rmSync(directory, { recursive: true });
  });

  const observer = {
    onLoaded: (generation: number): void => void events.push(`loaded ${generation}`),
    onRefused: (reason: string): void => void events.push(`refused ${reason}`),
  };

  /** A keeper that looks only when told to. */
  async function open(path = file): Promise<PolicyKeeper> {
    const keeper = await openPolicyFile({ file: path, log, observer, repeat: () => () => undefined });
    keepers.push(keeper);
    return keeper;
  }

  it('loads the file as generation 1', async () => {
    writeFileSync(file, policyText('DE'));

    const keeper = await open();

    assert.equal(keeper.current().generation, 1);
    assert.deepEqual(zonesOf(keeper), ['DE']);
    assert.deepEqual(events, ['loaded 1']);
  });

  it('logs the warnings of a document with its load', async () => {
    writeFileSync(file, `${policyText('DE')}budgets: {}\n`);

    await open();

    const [line] = lines;
    assert.equal(line?.msg, 'policy loaded');
    assert.deepEqual(
      (line['warnings'] as { path: string }[]).map(({ path }) => path),
      ['budgets'],
    );
  });

  it('refuses to open a file that is not there', async () => {
    await assert.rejects(open(), (error) => {
      assert.ok(error instanceof PolicyRefused);
      assert.equal(error.reason, 'unreadable');
      assert.equal(error.code, 'POLICY_REFUSED');
      assert.match(error.message, /policy\.yaml: cannot be read \(ENOENT\); /);
      return true;
    });
  });

  it('refuses to open an invalid document, with every error', async () => {
    writeFileSync(file, 'kind: Policy\nregions: { a: {} }\n');

    await assert.rejects(open(), (error) => {
      assert.ok(error instanceof PolicyRefused);
      assert.deepEqual(
        error.notices.map(({ path }) => path),
        ['apiVersion', 'regions.a.zone'],
      );
      assert.equal(error.message.split('\n').length, 2);
      return true;
    });
  });

  it('swaps the policy whole when the bytes change, and tells its listeners', async () => {
    writeFileSync(file, policyText('DE'));
    const keeper = await open();
    const before = keeper.current();
    const heard: number[] = [];
    const stop = keeper.onChange(({ generation }) => heard.push(generation));

    writeFileSync(file, policyText('FR'));
    await keeper.poll();
    stop();
    writeFileSync(file, policyText('ES'));
    await keeper.poll();

    assert.deepEqual(zonesOf(keeper), ['ES']);
    assert.deepEqual(heard, [2]);
    assert.deepEqual(events, ['loaded 1', 'loaded 2', 'loaded 3']);
    assert.equal(before.policy.regions.size, 1);
    assert.equal(before.generation, 1);
  });

  it('parses nothing and says nothing while the bytes stay the same', async () => {
    writeFileSync(file, policyText('DE'));
    const keeper = await open();
    const before = keeper.current();

    writeFileSync(file, policyText('DE'));
    await keeper.poll();

    assert.equal(keeper.current(), before);
    assert.equal(lines.length, 1);
  });

  const broken: Record<string, { text: string; reason: string }> = {
    'broken YAML': { text: 'regions: [', reason: 'invalid' },
    'an invalid document': { text: `${policyText('FR')}extra: 1\n`, reason: 'invalid' },
    'an empty file': { text: '', reason: 'invalid' },
    'half a document': { text: policyText('FR').slice(0, 60), reason: 'invalid' },
  };
  for (const [what, { text, reason }] of Object.entries(broken)) {
    it(`keeps the last good policy over ${what}, says so once, and heals`, async () => {
      writeFileSync(file, policyText('DE'));
      const keeper = await open();

      writeFileSync(file, text);
      await keeper.poll();
      await keeper.poll();

      assert.deepEqual(zonesOf(keeper), ['DE']);
      assert.deepEqual(events.splice(0), ['loaded 1', `refused ${reason}`]);
      assert.equal(lines.filter(({ msg }) => msg.startsWith('policy refused')).length, 1);
      assert.ok((lines.at(-1)?.['errors'] as unknown[]).length > 0);

      writeFileSync(file, policyText('ES'));
      await keeper.poll();

      assert.deepEqual(zonesOf(keeper), ['ES']);
      assert.deepEqual(events, ['loaded 2']);
    });
  }

  it('keeps the last good policy while the file is away', async () => {
    writeFileSync(file, policyText('DE'));
    const keeper = await open();

    rmSync(file);
    await keeper.poll();
    await keeper.poll();

    assert.deepEqual(zonesOf(keeper), ['DE']);
    assert.deepEqual(events, ['loaded 1', 'refused unreadable']);
  });

  it('calls the refusal over when the last good content returns, without a swap', async () => {
    writeFileSync(file, policyText('DE'));
    const keeper = await open();
    writeFileSync(file, policyText('FR'));
    await keeper.poll();
    const before = keeper.current();
    keeper.onChange(() => assert.fail('nothing changed'));

    writeFileSync(file, 'regions: [');
    await keeper.poll();
    writeFileSync(file, policyText('FR'));
    await keeper.poll();

    assert.equal(keeper.current(), before);
    assert.deepEqual(events, ['loaded 1', 'loaded 2', 'refused invalid', 'loaded 2']);
  });

  it('follows a ConfigMap mount through the swap of its symlink', async () => {
    const mount = (version: string, zone: string): void => {
      mkdirSync(join(directory, version));
      writeFileSync(join(directory, version, 'policy.yaml'), policyText(zone));
      symlinkSync(version, join(directory, '..data_tmp'));
      renameSync(join(directory, '..data_tmp'), join(directory, '..data'));
    };
    mount('..2026_a', 'DE');
    symlinkSync(join('..data', 'policy.yaml'), file);
    const keeper = await open();

    mount('..2026_b', 'FR');
    rmSync(join(directory, '..2026_a'), { recursive: true });
    await keeper.poll();

    assert.deepEqual(zonesOf(keeper), ['FR']);
    assert.deepEqual(events, ['loaded 1', 'loaded 2']);
  });

  it('looks by itself, at the pace it is given, until it is closed', async () => {
    writeFileSync(file, policyText('DE'));
    const keeper = await openPolicyFile({ file, log, observer, pollEvery: 5 });
    keepers.push(keeper);

    writeFileSync(file, policyText('FR'));
    await eventually(() => {
      assert.deepEqual(zonesOf(keeper), ['FR']);
    });
    keeper.close();
    writeFileSync(file, policyText('ES'));
    await keeper.poll();

    assert.deepEqual(zonesOf(keeper), ['FR']);
  });

  it('leaves alone what a look finds after it was closed', async () => {
    writeFileSync(file, policyText('DE'));
    const keeper = await open();
    writeFileSync(file, policyText('FR'));

    const look = keeper.poll();
    keeper.close();
    await look;

    assert.deepEqual(zonesOf(keeper), ['DE']);
  });

  it('takes one look at a time', async () => {
    writeFileSync(file, policyText('DE'));
    const keeper = await open();
    writeFileSync(file, policyText('FR'));

    const first = keeper.poll().then(() => 'first');
    const second = keeper.poll().then(() => 'second');

    assert.equal(await Promise.race([first, second]), 'second');
    await first;
    assert.equal(keeper.current().generation, 2);
  });

  it('survives a listener that throws, and the policy is swapped', async () => {
    writeFileSync(file, policyText('DE'));
    const keeper = await open();
    keeper.onChange(() => {
      throw new Error('listener');
    });

    writeFileSync(file, policyText('FR'));
    await keeper.poll();

    assert.deepEqual(zonesOf(keeper), ['FR']);
    assert.equal(lines.at(-1)?.msg, 'policy reload failed');
  });
});
