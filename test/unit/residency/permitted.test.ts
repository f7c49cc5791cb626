import assert from 'node:assert/strict';
import { region } from '../../../src/carbon/units.ts';
import { placementIntent } from '../../../src/policy/intent.ts';
import { permittedRegions } from '../../../src/residency/permitted.ts';
import { prefixed } from '../../support/intents.ts';
import { policy } from '../../support/world.ts';

const POLICY = policy({
  tenants: [{ name: 'acme', primaryRegion: region('eu-central-1') }],
});

describe('permittedRegions', () => {
  const cases: Record<string, { annotations: Record<string, string>; want: readonly string[] | 'any' | 'labelled' }> = {
    'is any without residency': { annotations: { tenant: 'acme' }, want: 'any' },
    'is every labelled node for a set that restricts nothing': {
      annotations: { residency: 'global' },
      want: 'labelled',
    },
    'lists the regions of a jurisdiction': {
      annotations: { residency: 'eu-strict' },
      want: ['eu-west-1', 'eu-central-1'],
    },
    'lists the regions of a set': { annotations: { residency: 'named' }, want: ['eu-west-1', 'us-east-1'] },
    "lists the workload's own, unlisted ones too": {
      annotations: { regions: 'us-east-1,office' },
      want: ['us-east-1', 'office'],
    },
    'lists own regions under a set that restricts nothing': {
      annotations: { residency: 'global', regions: 'office' },
      want: ['office'],
    },
    'lists no unlisted region under a jurisdiction': {
      annotations: { residency: 'eu-strict', regions: 'eu-west-1,office' },
      want: ['eu-west-1'],
    },
    "lists the tenant's primary region": {
      annotations: { residency: 'single-region', tenant: 'acme' },
      want: ['eu-central-1'],
    },
    'is empty without a primary region': { annotations: { residency: 'single-region' }, want: [] },
    'is empty for a set that nobody wrote': { annotations: { residency: 'eu-strct' }, want: [] },
    'is empty for an empty list': { annotations: { regions: ' , ' }, want: [] },
  };
  for (const [sentence, { annotations, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.deepEqual(permittedRegions(placementIntent(prefixed(annotations), POLICY), POLICY), want);
    });
  }
});
