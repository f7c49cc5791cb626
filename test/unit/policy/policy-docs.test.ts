import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { NOT_YET } from '../../../src/policy/not-yet.ts';
import { policyDocument } from '../../../src/policy/schema/document.ts';
import { policyJsonSchema } from '../../../src/policy/schema/json-schema.ts';
import { keyPaths } from '../../../src/policy/schema/walk.ts';

interface DocumentedKey {
  path: string;
  initial: string;
  acts: string;
}

/** The rows of docs/policy.md whose first cell is a key. */
function documentedKeys(): DocumentedKey[] {
  const text = readFileSync(new URL('../../../docs/policy.md', import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, key = '', , initial = '', acts = '']) => ({ path: key.replaceAll('`', ''), initial, acts }));
}

const isNotYet = (path: string): boolean =>
  NOT_YET.some(
    ({ keys, unless }) => unless === undefined && keys.some((key) => path === key || path.startsWith(`${key}.`)),
  );

describe('docs/policy.md', () => {
  const documented = documentedKeys();

  it('has a row for every key of the schema, and no other', () => {
    assert.deepEqual(documented.map(({ path }) => path).sort(), [...keyPaths(policyDocument)].sort());
  });

  it('says of each key whether it acts, as the code does', () => {
    const notYet = documented.filter(({ acts }) => acts === 'not yet').map(({ path }) => path);

    assert.deepEqual(notYet, documented.map(({ path }) => path).filter(isNotYet));
  });

  it('names the default that the schema has', () => {
    const plain = documented.filter(({ initial }) => initial.startsWith('`'));

    const wrong = plain.filter(({ path, initial }) => defaultOf(path) !== initial.replaceAll('`', ''));

    assert.ok(plain.length > 10);
    assert.deepEqual(wrong, []);
  });
});

/** The default of a key in the JSON Schema, as text; undefined where there is none. */
function defaultOf(path: string): string | undefined {
  let node: unknown = policyJsonSchema();
  for (const key of path.split('.')) {
    const { properties, additionalProperties } = node as Record<string, unknown>;
    node = key === '*' ? additionalProperties : (properties as Record<string, unknown>)[key];
  }
  const initial = (node as Record<string, unknown>)['default'];
  return initial === undefined ? undefined : JSON.stringify(initial).replaceAll('"', '');
}
