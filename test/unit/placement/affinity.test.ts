import assert from 'node:assert/strict';
import { region } from '../../../src/carbon/units.ts';
import {
  regionRequirement,
  requiresRegion,
  withoutPinnedRegion,
  withPinnedRegion,
  withPreferredRegions,
  withRequired,
} from '../../../src/placement/affinity.ts';
import type { RankedRegion } from '../../../src/placement/rank.ts';
import type { RequiredRegions } from '../../../src/placement/required-regions.ts';
import type { NodeAffinity, NodeRequirement, PreferredTerm } from '../../../src/placement/types.ts';
import { isIn, required, term } from '../../support/hold.ts';

const REGION = 'topology.kubernetes.io/region';
const EU = isIn(REGION, 'eu-west-1', 'eu-central-1');
const SSD = isIn('disk', 'ssd');
const NAMED = [{ key: 'metadata.name', operator: 'In', values: ['n1'] }];

describe('regionRequirement', () => {
  const cases: Record<string, { permitted: RequiredRegions; want: NodeRequirement | null }> = {
    'is none where every node is permitted': { permitted: 'any', want: null },
    'is the label alone where every labelled node is': {
      permitted: 'labelled',
      want: { key: REGION, operator: 'Exists' },
    },
    'lists the permitted regions': {
      permitted: [region('eu-west-1'), region('eu-central-1')],
      want: EU,
    },
  };
  for (const [sentence, { permitted, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.deepEqual(regionRequirement(permitted, REGION), want);
    });
  }
});

describe('withRequired', () => {
  const preferred: readonly PreferredTerm[] = [{ weight: 5, preference: term(SSD) }];
  const cases: Record<string, { before: NodeAffinity | null; want: NodeAffinity }> = {
    'makes a term of its own where there is no affinity': { before: null, want: required(term(EU)) },
    'makes a term of its own beside preferences': {
      before: { preferredDuringSchedulingIgnoredDuringExecution: preferred },
      want: { ...required(term(EU)), preferredDuringSchedulingIgnoredDuringExecution: preferred },
    },
    'appends to every term, since they are ORed': {
      before: required(term(SSD), term(isIn('gpu', 'yes'))),
      want: required(term(SSD, EU), term(isIn('gpu', 'yes'), EU)),
    },
    'appends to a term of fields alone': {
      before: required({ matchFields: NAMED }),
      want: required({ matchFields: NAMED, matchExpressions: [EU] }),
    },
    'leaves an empty term, which matches nothing': {
      before: required({}, term(SSD)),
      want: required({}, term(SSD, EU)),
    },
    'leaves a term of empty lists': {
      before: required({ matchExpressions: [], matchFields: [] }),
      want: required({ matchExpressions: [], matchFields: [] }),
    },
    'leaves an empty list, which matches nothing': { before: required(), want: required() },
    'leaves a term that has it already': {
      before: required(term(EU, SSD), term(SSD)),
      want: required(term(EU, SSD), term(SSD, EU)),
    },
    'leaves a term that has it in another order': {
      before: required(term(isIn(REGION, 'eu-central-1', 'eu-west-1'))),
      want: required(term(isIn(REGION, 'eu-central-1', 'eu-west-1'))),
    },
    'appends to a term of a wider list': {
      before: required(term(isIn(REGION, 'eu-central-1', 'eu-west-1', 'us-east-1'))),
      want: required(term(isIn(REGION, 'eu-central-1', 'eu-west-1', 'us-east-1'), EU)),
    },
  };
  for (const [sentence, { before, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.deepEqual(withRequired(before, EU), want);
    });
  }

  it('adds the bare label once', () => {
    const exists = { key: REGION, operator: 'Exists' };

    const twice = withRequired(withRequired(required(term(SSD)), exists), exists);

    assert.deepEqual(twice, required(term(SSD, exists)));
  });
});

describe('withPreferredRegions', () => {
  const ranked = (name: string | null, total: number): RankedRegion => ({
    region: name === null ? null : region(name),
    total,
    score: 0,
    terms: { carbon: null, cost: null, latency: null, availability: null },
    view: {
      region: name === null ? null : region(name),
      reading: { state: 'unknown', reason: 'stale' },
      intensity: null,
      cost: null,
      latency: null,
      availability: null,
    },
  });
  const prefers = (weight: number, name: string): PreferredTerm => ({ weight, preference: term(isIn(REGION, name)) });
  const preferring = (...terms: PreferredTerm[]): NodeAffinity => ({
    preferredDuringSchedulingIgnoredDuringExecution: terms,
  });
  const two = [ranked('eu-west-1', 0.8), ranked('us-east-1', 0.6)];
  const ours = [prefers(100, 'eu-west-1'), prefers(75, 'us-east-1')];
  const own: PreferredTerm = { weight: 7, preference: term(SSD) };
  const cases: Record<
    string,
    { before?: NodeAffinity | null; ranking?: readonly RankedRegion[]; want: NodeAffinity | null }
  > = {
    'weighs regions by their totals against the best': { want: preferring(...ours) },
    'weighs none below 1': {
      ranking: [ranked('eu-west-1', 1), ranked('us-east-1', 0.001)],
      want: preferring(prefers(100, 'eu-west-1'), prefers(1, 'us-east-1')),
    },
    'weighs all alike where every total is 0': {
      ranking: [ranked('eu-west-1', 0), ranked('us-east-1', 0)],
      want: preferring(prefers(100, 'eu-west-1'), prefers(100, 'us-east-1')),
    },
    "appends to the pod's own preferences": { before: preferring(own), want: preferring(own, ...ours) },
    'keeps what is required': {
      before: required(term(EU)),
      want: { ...required(term(EU)), ...preferring(...ours) },
    },
    "leaves a pod's own preference among regions": {
      before: preferring(prefers(1, 'us-east-1')),
      want: preferring(prefers(1, 'us-east-1')),
    },
    'has nothing to say of nodes without a region': { ranking: [ranked(null, 1)], want: null },
    'adds nothing where nothing is ranked': { before: required(term(EU)), ranking: [], want: required(term(EU)) },
  };
  for (const [sentence, { before = null, ranking = two, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.deepEqual(withPreferredRegions(before, ranking, REGION), want);
    });
  }

  it('adds nothing a second time', () => {
    const once = withPreferredRegions(null, two, REGION);

    assert.deepEqual(withPreferredRegions(once, two.toReversed(), REGION), once);
  });
});

describe('a pinned region', () => {
  const west = region('eu-west-1');
  const pin = isIn(REGION, 'eu-west-1');
  const cases: Record<string, { before: NodeAffinity | null; want: NodeAffinity }> = {
    'stands alone where there was no affinity': { before: null, want: required(term(pin)) },
    'stands behind what was required, in every term': {
      before: required(term(SSD), term(EU)),
      want: required(term(SSD, pin), term(EU, pin)),
    },
    'stands twice where its owner required it, so that it can be taken back': {
      before: required(term(pin)),
      want: required(term(pin, pin)),
    },
    'leaves an empty term': { before: required({}), want: required({}) },
    'stands behind fields': {
      before: required({ matchFields: NAMED }),
      want: required({ matchFields: NAMED, matchExpressions: [pin] }),
    },
  };
  for (const [sentence, { before, want }] of Object.entries(cases)) {
    it(`${sentence}, and can be taken back`, () => {
      const pinned = withPinnedRegion(before, west, REGION);

      assert.deepEqual(pinned, want);
      assert.deepEqual(withoutPinnedRegion(pinned, REGION), before);
    });
  }

  it('leaves preferences when it is taken back', () => {
    const preferences: NodeAffinity = {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: term(SSD) }],
    };

    assert.deepEqual(withoutPinnedRegion(withPinnedRegion(preferences, west, REGION), REGION), preferences);
  });

  it('is not taken for a list of several regions', () => {
    assert.deepEqual(withoutPinnedRegion(required(term(SSD, EU)), REGION), required(term(SSD, EU)));
  });

  it('is not taken back from affinity without requirements', () => {
    assert.equal(withoutPinnedRegion(null, REGION), null);
  });
});

describe('requiresRegion', () => {
  const pin = isIn(REGION, 'eu-west-1');
  const cases: Record<string, { affinity: NodeAffinity | null; want: boolean }> = {
    'says yes where every term requires it': { affinity: required(term(SSD, pin), term(pin)), want: true },
    'says no where one term does not': { affinity: required(term(pin), term(SSD)), want: false },
    'says no where a term allows others too': { affinity: required(term(EU)), want: false },
    'says no without requirements': { affinity: null, want: false },
    'says no of an empty list': { affinity: required(), want: false },
  };
  for (const [sentence, { affinity, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.equal(requiresRegion(affinity, region('eu-west-1'), REGION), want);
    });
  }
});
