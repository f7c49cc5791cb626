import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { NOT_YET } from '../../../src/policy/not-yet.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { policyDocument } from '../../../src/policy/schema/document.ts';
import { keyPaths } from '../../../src/policy/schema/walk.ts';
import type { PolicyNotice } from '../../../src/policy/types.ts';
import { wholeDocument } from './whole-document.ts';

const LEAST = `
apiVersion: lowtide.dev/v1alpha1
kind: Policy
regions: { a: { zone: DE }, b: { zone: FR } }
`;

function warningsOf(document: unknown): readonly PolicyNotice[] {
  const result = parsePolicy(document);
  assert.ok(result.ok, JSON.stringify(result));
  return result.warnings;
}

const pathsOf = (yaml: string): string[] => warningsOf(load(yaml)).map(({ path }) => path);

describe('warnings of a policy', () => {
  it('tell each key of the whole document that does not act yet, once', () => {
    const warnings = warningsOf(wholeDocument());

    assert.deepEqual(
      warnings.map(({ path }) => path),
      ['regions.us-east-1.pue', 'residency.tenants', 'budgets'],
    );
    assert.ok(warnings.every(({ message }) => message.startsWith('does not act yet: it will ')));
  });

  it('are none for a policy that holds only what acts', () => {
    assert.deepEqual(pathsOf(LEAST), []);
  });

  it('are one for a key that several rows hold', () => {
    const yaml = LEAST.replace('{ zone: DE }', '{ zone: DE, pue: 1.1 }').replace(
      '{ zone: FR }',
      '{ zone: FR, pue: 1.2 }',
    );

    assert.deepEqual(pathsOf(yaml), ['regions.*.pue']);
  });

  it('say that another mode of residency is treated as strict', () => {
    const [warning] = warningsOf(load(`${LEAST}residency: { mode: disabled }`));

    assert.equal(warning?.path, 'residency.mode');
    assert.match(warning.hint, /treated as strict/);
  });

  it('are none for the mode that holds anyway', () => {
    assert.deepEqual(pathsOf(`${LEAST}residency: { mode: strict }`), []);
  });

  it('are none for a tenant that has only a primary region', () => {
    assert.deepEqual(pathsOf(`${LEAST}residency: { tenants: { t: { primaryRegion: a } } }`), []);
  });

  it('are one for tenants with more, which names what acts', () => {
    const tenants = '{ t: { primaryRegion: a, set: global, retention: 365d }, u: { mode: advisory } }';
    const warnings = warningsOf(load(`${LEAST}residency: { tenants: ${tenants} }`));

    assert.deepEqual(
      warnings.map(({ path }) => path),
      ['residency.tenants'],
    );
    assert.match(warnings[0]?.hint ?? '', /only primaryRegion acts/);
  });

  const marks: Record<string, { scheduler: string; want: string[] }> = {
    'tell marks without the extender': { scheduler: '{ marks: true }', want: ['scheduler.marks'] },
    'are none for marks with the extender': { scheduler: '{ marks: true, placement: extender }', want: [] },
    'are none without marks': { scheduler: '{ marks: false }', want: [] },
  };
  for (const [sentence, { scheduler, want }] of Object.entries(marks)) {
    it(sentence, () => {
      assert.deepEqual(pathsOf(`${LEAST}scheduler: ${scheduler}`), want);
    });
  }

  it('tell a latency to a region that the table lacks', () => {
    const [warning, ...others] = warningsOf(
      load(LEAST.replace('{ zone: DE }', '{ zone: DE, latency: { office: 9ms } }')),
    );

    assert.deepEqual(others, []);
    assert.equal(warning?.path, 'regions.a.latency.office');
    assert.match(warning.message, /only as a latency-origin/);
  });
});

describe('the table of what does not act yet', () => {
  it('names only keys that the schema has', () => {
    const known = keyPaths(policyDocument);

    const unknown = NOT_YET.flatMap(({ keys }) => keys).filter((key) => !known.includes(key));

    assert.deepEqual(unknown, []);
  });
});
