import assert from 'node:assert/strict';
import fc from 'fast-check';
import { region } from '../../../src/carbon/units.ts';
import { placementIntent } from '../../../src/policy/intent.ts';
import { residencyRefusal } from '../../../src/residency/checks.ts';
import type { NodePlace } from '../../../src/residency/checks.ts';
import type { ResidencyRefusal } from '../../../src/residency/reasons.ts';
import { policy } from '../../support/world.ts';

const POLICY = policy({
  regions: { 'eu-west-1': {}, 'eu-central-1': {}, 'us-east-1': {}, 'nowhere-1': { jurisdiction: null } },
  tenants: [{ name: 'acme', primaryRegion: region('eu-central-1') }],
});

function refusal(place: NodePlace | string, annotations: Record<string, string>): ResidencyRefusal | null {
  const prefixed = Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [`lowtide.dev/${name}`, value]),
  );
  return residencyRefusal({
    place: place as NodePlace,
    intent: placementIntent(prefixed, POLICY),
    policy: POLICY,
  });
}

describe('residencyRefusal', () => {
  const eu = { residency: 'eu-strict' };
  const single = { residency: 'single-region' };
  const cases: Record<
    string,
    { place: string | null | undefined; annotations: Record<string, string>; want: ResidencyRefusal | null }
  > = {
    'permits a region of the jurisdiction': { place: 'eu-west-1', annotations: eu, want: null },
    'refuses a region of another jurisdiction': { place: 'us-east-1', annotations: eu, want: 'residency-jurisdiction' },
    'refuses a region without a jurisdiction': { place: 'nowhere-1', annotations: eu, want: 'residency-jurisdiction' },
    'refuses a region that the table lacks': {
      place: 'eu-south-9',
      annotations: eu,
      want: 'residency-region-unlisted',
    },
    'refuses a node without a region': { place: null, annotations: eu, want: 'residency-no-region' },
    'refuses a node that is not known': { place: undefined, annotations: eu, want: 'residency-node-unknown' },
    'permits everything without residency': { place: 'us-east-1', annotations: {}, want: null },
    'permits a node without a region without residency': { place: null, annotations: {}, want: null },
    'permits a node that is not known without residency': { place: undefined, annotations: {}, want: null },
    'permits every region to a set that restricts nothing': {
      place: 'eu-south-9',
      annotations: { residency: 'global' },
      want: null,
    },
    'refuses a node without a region even to a set that restricts nothing': {
      place: null,
      annotations: { residency: 'global' },
      want: 'residency-no-region',
    },
    'refuses all for a set that nobody wrote': {
      place: 'eu-west-1',
      annotations: { residency: 'mars' },
      want: 'residency-unknown-set',
    },
    "permits a region of the set's list": { place: 'us-east-1', annotations: { residency: 'named' }, want: null },
    "refuses a region outside the set's list": {
      place: 'eu-central-1',
      annotations: { residency: 'named' },
      want: 'residency-region-not-in-set',
    },
    'refuses all for a primary region that nobody named': {
      place: 'eu-west-1',
      annotations: single,
      want: 'residency-no-primary-region',
    },
    "permits the tenant's primary region": {
      place: 'eu-central-1',
      annotations: { ...single, tenant: 'acme' },
      want: null,
    },
    'refuses a region that is not the primary': {
      place: 'eu-west-1',
      annotations: { ...single, tenant: 'acme' },
      want: 'residency-not-primary-region',
    },
    "refuses a region that the pod's own list lacks": {
      place: 'eu-west-1',
      annotations: { regions: 'eu-central-1' },
      want: 'residency-regions',
    },
    "refuses a node without a region for the pod's own list": {
      place: null,
      annotations: { regions: 'eu-central-1' },
      want: 'residency-no-region',
    },
    "lets the pod's own list narrow, never widen": {
      place: 'us-east-1',
      annotations: { ...eu, regions: 'us-east-1' },
      want: 'residency-jurisdiction',
    },
  };
  for (const [sentence, { place, annotations, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.equal(refusal(place as NodePlace, annotations), want);
    });
  }

  it('permits no more with an own list of regions than without', () => {
    const names = ['eu-west-1', 'eu-central-1', 'us-east-1', 'nowhere-1', 'eu-south-9'];
    const set = fc.constantFrom('eu-strict', 'us-only', 'global', 'named', 'mars');

    fc.assert(
      fc.property(fc.constantFrom(...names), set, fc.subarray(names), (place, residency, regions) => {
        const without = refusal(place, { residency });
        const narrowed = refusal(place, { residency, regions: regions.join(',') });
        assert.ok(without === null || narrowed !== null);
      }),
    );
  });
});
