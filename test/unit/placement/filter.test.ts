import assert from 'node:assert/strict';
import { region } from '../../../src/carbon/units.ts';
import { instant, millis } from '../../../src/carbon/units.ts';
import { filterPlaces } from '../../../src/placement/filter.ts';
import type { Place } from '../../../src/placement/filter.ts';
import { placementIntent } from '../../../src/policy/intent.ts';
import type { World } from '../../../src/placement/facts.ts';
import type { Policy, SchedulerSettings } from '../../../src/policy/types.ts';
import { grams, known, NOW, policy, signal, world, workClass } from '../../support/world.ts';

const LATENCY = { 'eu-west-1': { latency: { 'us-east-1': 70 } }, 'eu-central-1': {}, 'us-east-1': {} };

function verdicts(
  places: readonly (string | null | undefined)[],
  annotations: Record<string, string>,
  part: Partial<World> = {},
): readonly (string | null | undefined)[] {
  const here = world(part);
  const prefixed = Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [`lowtide.dev/${name}`, value]),
  );
  const found = filterPlaces(places as readonly Place[], placementIntent(prefixed, here.policy), here);
  return places.map((place) => found.get(place as Place));
}

function scheduler(settings: Partial<SchedulerSettings>): { policy: Policy } {
  return { policy: policy({ scheduler: settings }) };
}

const ALL = ['eu-west-1', 'eu-central-1', 'us-east-1'];
const ABOVE = 'intensity-above-ceiling';

describe('filterPlaces', () => {
  // The world of the builder: eu-west-1 300, eu-central-1 320, us-east-1 100 gCO2eq/kWh.
  const cases: Record<
    string,
    {
      places?: readonly (string | null | undefined)[];
      annotations: Record<string, string>;
      part?: Partial<World>;
      want: readonly (string | null)[];
    }
  > = {
    'passes everything for a pod that asks for nothing': { annotations: {}, want: [null, null, null] },
    'refuses for residency with its reason': {
      annotations: { residency: 'eu-strict' },
      want: [null, null, 'residency-jurisdiction'],
    },
    'refuses what is above the ceiling while another region is below it': {
      annotations: { 'max-intensity': '200' },
      want: [ABOVE, ABOVE, null],
    },
    'counts a region exactly at the ceiling as below it': {
      annotations: { 'max-intensity': '300' },
      want: [null, ABOVE, null],
    },
    'passes all permitted regions where none is below the ceiling': {
      annotations: { 'max-intensity': '50' },
      want: [null, null, null],
    },
    'does not count a region that residency refuses as one that is below': {
      annotations: { 'max-intensity': '200', residency: 'eu-strict' },
      want: [null, null, 'residency-jurisdiction'],
    },
    'refuses all that is above a hard ceiling': {
      annotations: { 'max-intensity': '50' },
      part: scheduler({ ceiling: 'hard' }),
      want: [ABOVE, ABOVE, ABOVE],
    },
    'never refuses a region without data for its carbon': {
      annotations: { 'max-intensity': '50' },
      part: { ...scheduler({ ceiling: 'hard' }), signal: signal({ 'us-east-1': 40 }) },
      want: [null, null, null],
    },
    'counts marginal values as no data where the policy ranks by average': {
      annotations: { 'max-intensity': '50' },
      part: { ...scheduler({ ceiling: 'hard' }), signal: signal({ 'eu-west-1': known(900, { kind: 'marginal' }) }) },
      want: [null, null, null],
    },
    'counts direct values as no data where the policy ranks by lifecycle': {
      annotations: { 'max-intensity': '50' },
      part: { ...scheduler({ ceiling: 'hard' }), signal: signal({ 'eu-west-1': known(900, { factor: 'direct' }) }) },
      want: [null, null, null],
    },
    'counts a value that outlived its validity as no data': {
      annotations: { 'max-intensity': '50' },
      part: { ...scheduler({ ceiling: 'hard' }), signal: signal({ 'eu-west-1': known(900, { validUntil: NOW }) }) },
      want: [null, null, null],
    },
    'counts a value up to its last millisecond': {
      annotations: { 'max-intensity': '50' },
      part: {
        ...scheduler({ ceiling: 'hard' }),
        signal: signal({ 'eu-west-1': known(900, { validUntil: instant(NOW + 1) }) }),
      },
      want: [ABOVE, null, null],
    },
    'passes nodes without a region as the policy says': {
      places: [null, 'eu-west-1'],
      annotations: {},
      want: [null, null],
    },
    'refuses nodes without a region as the policy says': {
      places: [null, 'eu-west-1'],
      annotations: {},
      part: scheduler({ regionlessNodes: 'refuse' }),
      want: ['no-region', null],
    },
    'passes nodes that the catalogue does not know to a pod without residency': {
      places: [undefined, 'eu-west-1'],
      annotations: { 'max-intensity': '300' },
      want: [null, null],
    },
    'refuses nodes that the catalogue does not know for a latency budget': {
      places: [undefined],
      annotations: { 'latency-origin': 'us-east-1', 'latency-budget': '60ms' },
      want: ['latency-unknown'],
    },
    'refuses regions beyond the latency budget': {
      annotations: { 'latency-origin': 'us-east-1', 'latency-budget': '60ms' },
      part: { policy: policy({ regions: LATENCY }) },
      want: ['latency-above-budget', 'latency-unknown', null],
    },
    'passes a region exactly at the latency budget': {
      annotations: { 'latency-origin': 'us-east-1', 'latency-budget': '70ms' },
      part: { policy: policy({ regions: LATENCY }) },
      want: [null, 'latency-unknown', null],
    },
    'refuses a node without a region for a latency budget': {
      places: [null],
      annotations: { 'latency-origin': 'us-east-1', 'latency-budget': '70ms' },
      want: ['latency-unknown'],
    },
    'binds nothing by an origin without a budget': {
      annotations: { 'latency-origin': 'us-east-1' },
      part: { policy: policy({ regions: LATENCY }) },
      want: [null, null, null],
    },
  };
  for (const [sentence, { places = ALL, annotations, part, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.deepEqual(verdicts(places, annotations, part), want);
    });
  }

  it("takes a class's maxIntensity as the ceiling", () => {
    const classes = [workClass('deferrable', { maxDelay: millis(0), maxIntensity: grams(200) })];

    const found = verdicts(ALL, { class: 'deferrable' }, { policy: policy({ classes }) });

    assert.deepEqual(found, [ABOVE, ABOVE, null]);
  });

  it('substitutes the average of a region without data only where the policy says so', () => {
    const regions = { 'eu-west-1': { average: 500 }, 'us-east-1': {} };
    const places = ['eu-west-1', 'us-east-1'];
    const sight = { signal: signal({ 'us-east-1': 100 }) };
    const ceiling = { 'max-intensity': '200' };

    const neutral = verdicts(places, ceiling, { ...sight, policy: policy({ regions }) });
    const average = verdicts(places, ceiling, {
      ...sight,
      policy: policy({ regions, scheduler: { noData: 'regionAverage' } }),
    });
    const marginal = verdicts(places, ceiling, {
      signal: signal({ 'us-east-1': known(100, { kind: 'marginal' }) }),
      policy: policy({ regions, scheduler: { noData: 'regionAverage', signal: 'marginal' } }),
    });

    assert.deepEqual(neutral, [null, null]);
    assert.deepEqual(average, [ABOVE, null]);
    assert.deepEqual(marginal, [null, null]);
  });

  it('judges each region once, however many nodes it has', () => {
    const found = filterPlaces(
      [region('eu-west-1'), region('eu-west-1')],
      placementIntent({}, world().policy),
      world(),
    );

    assert.equal(found.size, 1);
  });
});
