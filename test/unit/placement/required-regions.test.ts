import assert from 'node:assert/strict';
import fc from 'fast-check';
import { millis, region } from '../../../src/carbon/units.ts';
import { filterPlaces } from '../../../src/placement/filter.ts';
import { requiredRegions } from '../../../src/placement/required-regions.ts';
import { placementIntent } from '../../../src/policy/intent.ts';
import type { SchedulerSettings } from '../../../src/policy/types.ts';
import { FakeCatalog, policy, signal, world } from '../../support/world.ts';

const REGIONS = {
  'eu-west-1': { latency: { 'eu-central-1': 25, 'sa-east-1': 180 } },
  'eu-central-1': {},
  'us-east-1': { latency: { 'eu-west-1': 70 } },
};

function annotated(annotations: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).map(([name, value]) => [`lowtide.dev/${name}`, value]));
}

function ask(annotations: Record<string, string>, scheduler: Partial<SchedulerSettings> = {}): unknown {
  const table = policy({ regions: REGIONS, scheduler });
  return requiredRegions(placementIntent(annotated(annotations), table), table);
}

describe('requiredRegions', () => {
  const near = { 'latency-origin': 'eu-west-1', 'latency-budget': '70ms' };
  const cases: Record<
    string,
    { annotations: Record<string, string>; scheduler?: Partial<SchedulerSettings>; want: unknown }
  > = {
    'are any for a pod that asks for nothing': { annotations: {}, want: 'any' },
    'are those with a label where the policy refuses others': {
      annotations: {},
      scheduler: { regionlessNodes: 'refuse' },
      want: 'labelled',
    },
    'are those with a label for a set that restricts nothing': {
      annotations: { residency: 'global' },
      want: 'labelled',
    },
    "are the set's": { annotations: { residency: 'eu-strict' }, want: ['eu-west-1', 'eu-central-1'] },
    'are none for a set that nobody wrote': { annotations: { residency: 'mars' }, want: [] },
    'are those of the set within the latency budget': {
      annotations: { residency: 'us-only', ...near },
      want: ['us-east-1'],
    },
    'are none where the set is beyond the latency budget': {
      annotations: { residency: 'us-only', ...near, 'latency-budget': '69ms' },
      want: [],
    },
    'are all within the latency budget for a pod without residency': {
      annotations: near,
      want: ['eu-central-1', 'eu-west-1', 'us-east-1'],
    },
    'are those that only the origin knows too': {
      annotations: { ...near, 'latency-budget': '200ms' },
      want: ['eu-central-1', 'eu-west-1', 'sa-east-1', 'us-east-1'],
    },
    'are the origin alone where nothing is known from it': {
      annotations: { ...near, 'latency-origin': 'ap-south-1' },
      want: ['ap-south-1'],
    },
    'are not narrowed by an origin without a budget': { annotations: { 'latency-origin': 'eu-west-1' }, want: 'any' },
  };
  for (const [sentence, { annotations, scheduler, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.deepEqual(ask(annotations, scheduler), want);
    });
  }

  it("permit exactly what the extender's filter permits, carbon aside", () => {
    const places = [...Object.keys(REGIONS), 'sa-east-1', 'ap-south-1', null];
    const words = fc.record(
      {
        residency: fc.constantFrom('eu-strict', 'us-only', 'global', 'single-region', 'named', 'mars'),
        regions: fc.subarray(['eu-west-1', 'us-east-1', 'ap-south-1'], { minLength: 1 }).map(String),
        'latency-origin': fc.constantFrom('eu-west-1', 'us-east-1', 'ap-south-1'),
        'latency-budget': fc.constantFrom('0s', '25ms', '70ms', '200ms'),
      },
      { requiredKeys: [] },
    );
    const regionless = fc.constantFrom<SchedulerSettings['regionlessNodes'][]>('allow', 'refuse');
    fc.assert(
      fc.property(words, regionless, fc.constantFrom(...places), (annotations, regionlessNodes, name) => {
        const table = policy({ regions: REGIONS, scheduler: { regionlessNodes } });
        const intent = placementIntent(annotated(annotations), table);
        const place = name === null ? null : region(name);
        const here = world({ policy: table, signal: signal({}), catalog: new FakeCatalog() });
        const passes = filterPlaces([place], intent, here).get(place) === null;

        const required = requiredRegions(intent, table);

        const admitted =
          required === 'any' || (place !== null && (required === 'labelled' || required.includes(place)));
        assert.equal(admitted, passes);
      }),
      { numRuns: 500 },
    );
  });

  it('keep a budget of exactly the round trip', () => {
    const table = policy({ regions: REGIONS });
    const intent = placementIntent({}, table);
    const within = { ...intent, latency: { origin: region('eu-west-1'), budget: millis(25) } };

    assert.deepEqual(requiredRegions(within, table), ['eu-central-1', 'eu-west-1']);
  });
});
