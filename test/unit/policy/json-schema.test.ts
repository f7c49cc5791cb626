import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { policyDocument } from '../../../src/policy/schema/document.ts';
import { policyJsonSchema, policyJsonSchemaText } from '../../../src/policy/schema/json-schema.ts';
import { keyPaths } from '../../../src/policy/schema/walk.ts';

type Node = Readonly<Record<string, unknown>>;

/** Every named key of a JSON Schema with its own schema. */
function keysOf(node: Node, prefix = ''): (readonly [path: string, schema: Node])[] {
  const properties = Object.entries((node['properties'] ?? {}) as Record<string, Node>);
  const named = properties.flatMap(([key, child]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [[path, child] as const, ...keysOf(child, path)];
  });
  const rows = node['additionalProperties'];
  const row = typeof rows === 'object' && rows !== null ? keysOf(rows as Node, `${prefix}.*`) : [];
  const items = node['items'] === undefined ? [] : keysOf(node['items'] as Node, `${prefix}[]`);
  return [...named, ...row, ...items];
}

describe('the JSON Schema of the policy', () => {
  const keys = keysOf(policyJsonSchema() as Node);

  it('is committed as it is now (else: node hack/policy-schema.ts)', () => {
    const committed = readFileSync(new URL('../../../config/policy.schema.json', import.meta.url), 'utf8');

    assert.equal(committed, policyJsonSchemaText());
  });

  it('has every key of the document, each with a description', () => {
    assert.deepEqual(
      keys.map(([path]) => path),
      keyPaths(policyDocument),
    );
    const silent = keys.filter(([, schema]) => typeof schema['description'] !== 'string').map(([path]) => path);
    assert.deepEqual(silent, []);
  });

  it('shows the pattern of a quantity and of names, and refuses unknown keys', () => {
    const schemas = new Map(keys);

    assert.match(String(schemas.get('classes.*.maxDelay')?.['pattern']), /ms\|s\|m\|h\|d/);
    assert.ok(JSON.stringify(schemas.get('regions')?.['propertyNames']).includes('A-Za-z0-9'));
    assert.equal(schemas.get('regions')?.['minProperties'], 1);
    assert.equal(schemas.get('scheduler')?.['additionalProperties'], false);
  });
});
