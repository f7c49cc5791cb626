import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { z } from 'zod';
import { Sources } from '../../../src/cli/sources/config.ts';
import { paced } from '../../../src/cli/sources/fields.ts';
import { PROVIDERS } from '../../../src/cli/sources/providers.ts';
import { FAILURE_SCOPE } from '../../../src/sources/failure.ts';

const TEXT = readFileSync(new URL('../../../docs/providers.md', import.meta.url), 'utf8');
const PACE = ['refresh', 'softAge', 'hardAge', 'timeout', 'requestsPerDay', 'requestsPerMinute'] as const;
const COMMON = Object.keys(paced({ refresh: '1m', softAge: '1m', hardAge: '1m' }));

function rowsOf(section: string): string[][] {
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

function sectionWith(text: string): string {
  return TEXT.split(/^## /m).find((section) => section.includes(text)) ?? '';
}

/** Dotted keys of a schema with their defaults as a reader would write them. */
function keysOf(shape: Readonly<Record<string, unknown>>, prefix = ''): [string, string][] {
  return Object.entries(shape).flatMap(([key, schema]): [string, string][] => {
    const path = `${prefix}${key}`;
    if (key === 'zones' || COMMON.includes(path)) return [];
    const inner = tableOf(schema);
    const initial = (schema as z.ZodType<string | number | boolean | null | undefined>).safeParse(undefined);
    const value = inner === null && initial.success ? initial.data : undefined;
    return [[path, value === undefined ? '' : `\`${String(value)}\``], ...(inner ? keysOf(inner, `${path}.`) : [])];
  });
}

function tableOf(schema: unknown): Readonly<Record<string, unknown>> | null {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) return tableOf(schema.unwrap());
  if (!(schema instanceof z.ZodObject)) return null;
  return 'env' in schema.shape ? null : schema.shape;
}

describe('docs/providers.md', () => {
  for (const [key, schema] of Object.entries(PROVIDERS)) {
    it(`lists every key of ${key} with its default, and nothing else`, () => {
      const documented = rowsOf(sectionWith(`\nKey \`${key}\`.`)).map(([name, , initial]) => [
        name?.replaceAll('`', ''),
        initial,
      ]);

      const keys = keysOf(schema.shape);
      assert.deepEqual(
        documented.map(([name]) => name),
        keys.map(([name]) => name),
      );
      for (const [index, [name, initial]] of keys.entries()) {
        if (initial !== '') assert.equal(documented[index]?.[1], initial, name);
        else assert.doesNotMatch(documented[index]?.[1] ?? '', /^`(true|false|\d.*)`$/, name);
      }
    });

    it(`tells the pace of ${key}`, () => {
      const row = rowsOf(sectionWith('Settings of every provider')).find(([name]) => name === `\`${key}\``);

      const shape = schema.shape as unknown as Record<(typeof PACE)[number], z.ZodType>;
      assert.deepEqual(
        row?.slice(1),
        PACE.map((name) => `\`${String(shape[name].parse(undefined))}\``),
      );
    });
  }

  it('lists every setting that providers have in common', () => {
    const documented = rowsOf(sectionWith('Settings of every provider')).map(([name]) => name?.replaceAll('`', ''));

    assert.deepEqual(documented.slice(0, COMMON.length), COMMON);
  });

  it('lists every reason of failure with whom it counts against, and nothing else', () => {
    const rows = rowsOf(sectionWith('Why a provider could not be used'));

    const documented = rows.map(([reason, against]) => [
      reason?.replaceAll('`', ''),
      against === 'us' ? 'own' : against,
    ]);
    assert.deepEqual(Object.fromEntries(documented), FAILURE_SCOPE);
  });

  const examples = [...TEXT.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
  for (const [index, yaml] of examples.entries()) {
    it(`shows configuration that is accepted: example ${index + 1}`, () => {
      const [document] = loadAll(yaml) as [{ sources: unknown }];

      assert.deepEqual(Sources.safeParse(document.sources).error?.issues ?? [], []);
    });
  }

  it('has an example of every provider', () => {
    const shown = Object.keys(PROVIDERS).filter((key) => examples.some((yaml) => yaml.includes(`- ${key}:`)));

    assert.deepEqual(shown, Object.keys(PROVIDERS));
  });
});
