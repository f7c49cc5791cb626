import assert from 'node:assert/strict';
import fc from 'fast-check';
import { region } from '../../../src/carbon/units.ts';
import { withoutPinnedRegion, withPinnedRegion, withRequired } from '../../../src/placement/affinity.ts';
import { isEmptyTerm, labelMatches, nodeMatches } from '../../../src/placement/node-selector.ts';
import type { NodeAffinity, NodeRequirement, NodeSelectorTerm } from '../../../src/placement/types.ts';

const REGION = 'topology.kubernetes.io/region';
const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1'];
const KEYS = ['disk', 'cpus', REGION];
const VALUES = ['ssd', '16', '8', ...REGIONS];

const requirement: fc.Arbitrary<NodeRequirement> = fc.oneof(
  fc.record({
    key: fc.constantFrom(...KEYS),
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.subarray(VALUES, { minLength: 1 }),
  }),
  fc.record({ key: fc.constantFrom(...KEYS), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
  fc.record({
    key: fc.constantFrom(...KEYS),
    operator: fc.constantFrom('Gt', 'Lt'),
    values: fc.constantFrom(['8'], ['16']),
  }),
);
const field: fc.Arbitrary<NodeRequirement> = fc.record({
  key: fc.constant('metadata.name'),
  operator: fc.constantFrom('In', 'NotIn'),
  values: fc.constantFrom(['n1'], ['n2']),
});
const term: fc.Arbitrary<NodeSelectorTerm> = fc.record(
  { matchExpressions: fc.array(requirement, { maxLength: 3 }), matchFields: fc.array(field, { maxLength: 1 }) },
  { requiredKeys: [] },
);
const affinity: fc.Arbitrary<NodeAffinity | null> = fc.oneof(
  fc.constant(null),
  fc.constant({}),
  fc
    .array(term, { maxLength: 3 })
    .map((nodeSelectorTerms) => ({ requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } })),
);
const ours: fc.Arbitrary<NodeRequirement> = fc.oneof(
  fc.constant({ key: REGION, operator: 'Exists' }),
  fc.subarray(REGIONS, { minLength: 1 }).map((values) => ({ key: REGION, operator: 'In', values })),
);
const node = fc.record({
  name: fc.constantFrom('n1', 'n2', 'n3'),
  labels: fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES)),
});

function terms(of: NodeAffinity | null): readonly NodeSelectorTerm[] | null {
  return of?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? null;
}

function admits(of: NodeAffinity | null, candidate: { name: string; labels: Record<string, string> }): boolean {
  const required = terms(of);
  return required === null || nodeMatches(candidate, required);
}

describe('withRequired: what always holds', () => {
  it('admits a node exactly if it was admitted before and satisfies the requirement', () => {
    fc.assert(
      fc.property(affinity, ours, node, (before, wanted, candidate) => {
        const after = withRequired(before, wanted);

        assert.equal(admits(after, candidate), admits(before, candidate) && labelMatches(candidate.labels, wanted));
      }),
      { numRuns: 1_000 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(affinity, ours, (before, wanted) => {
        const once = withRequired(before, wanted);

        assert.deepEqual(withRequired(once, wanted), once);
      }),
    );
  });

  it('makes only changes that the API server accepts on a gated pod', () => {
    fc.assert(
      fc.property(affinity, ours, (before, wanted) => {
        const old = terms(before);
        if (old === null) return;

        const now = terms(withRequired(before, wanted)) ?? [];

        assert.equal(now.length, old.length);
        for (const [index, was] of old.entries()) {
          const is = now[index] ?? {};
          const { matchExpressions = [], matchFields = [] } = was;
          assert.deepEqual((is.matchExpressions ?? []).slice(0, matchExpressions.length), matchExpressions);
          assert.deepEqual(is.matchFields ?? [], matchFields);
          assert.equal(isEmptyTerm(is), isEmptyTerm(was));
        }
      }),
    );
  });
});

describe('withPinnedRegion: what always holds', () => {
  it('admits as many nodes as before once it is taken back', () => {
    fc.assert(
      fc.property(affinity, fc.constantFrom(...REGIONS), node, (before, name, candidate) => {
        const pinned = withPinnedRegion(before, region(name), REGION);
        const after = withoutPinnedRegion(pinned, REGION);

        assert.equal(admits(after, candidate), admits(before, candidate));
        assert.equal(admits(pinned, candidate), admits(before, candidate) && candidate.labels[REGION] === name);
      }),
      { numRuns: 1_000 },
    );
  });
});
