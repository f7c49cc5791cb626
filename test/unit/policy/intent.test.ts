import assert from 'node:assert/strict';
import fc from 'fast-check';
import { placementIntent } from '../../../src/policy/intent.ts';
import type { WorkClass } from '../../../src/policy/types.ts';
import { millis, region } from '../../../src/carbon/units.ts';
import { grams, policy, workClass } from '../../support/world.ts';

const deferrable: WorkClass = workClass('deferrable', { maxDelay: millis(0), maxIntensity: grams(250) });
const POLICY = policy({ classes: [deferrable], tenants: [{ name: 'acme', primaryRegion: region('eu-west-1') }] });

function intentOf(annotations: Record<string, unknown>) {
  const prefixed = Object.entries(annotations).map(([name, value]) => [`lowtide.dev/${name}`, value]);
  return placementIntent(Object.fromEntries(prefixed) as Record<string, unknown>, POLICY);
}

describe('placementIntent', () => {
  it('wants nothing of a pod without annotations', () => {
    const intent = intentOf({});

    assert.deepEqual(intent, {
      workClass: null,
      residency: { state: 'none' },
      regions: null,
      primaryRegion: null,
      ceiling: null,
      latency: null,
      problems: [],
    });
  });

  const ceilings: Record<string, { annotations: Record<string, string>; want: number | null }> = {
    'takes the annotation': { annotations: { 'max-intensity': '200' }, want: 200 },
    'takes a fraction': { annotations: { 'max-intensity': '99.5' }, want: 99.5 },
    "takes the class's where the pod has none": { annotations: { class: 'deferrable' }, want: 250 },
    "takes the pod's where it is below the class's": {
      annotations: { class: 'deferrable', 'max-intensity': '200' },
      want: 200,
    },
    "never widens the class's": { annotations: { class: 'deferrable', 'max-intensity': '900' }, want: 250 },
    'has none for a malformed value': { annotations: { 'max-intensity': 'clean' }, want: null },
    'has none for a negative value': { annotations: { 'max-intensity': '-1' }, want: null },
    'has none for an exponent': { annotations: { 'max-intensity': '1e3' }, want: null },
  };
  for (const [sentence, { annotations, want }] of Object.entries(ceilings)) {
    it(`ceiling: ${sentence}`, () => {
      assert.equal(intentOf(annotations).ceiling, want);
    });
  }

  it('keeps a residency that no set answers to as unknown, and says which sets there are', () => {
    const intent = intentOf({ residency: 'eu-strct' });

    assert.deepEqual(intent.residency, { state: 'unknown-set', name: 'eu-strct' });
    assert.match(intent.problems[0]?.accepted ?? '', /eu-strict/);
  });

  it('permits nothing by a residency that is no string', () => {
    assert.deepEqual(intentOf({ residency: true }).residency, { state: 'unknown-set', name: '' });
    assert.deepEqual(intentOf({ regions: ['eu-west-1'] }).regions, []);
  });

  it('splits the list of regions and drops blanks', () => {
    assert.deepEqual(intentOf({ regions: ' eu-west-1, ,us-east-1 ' }).regions, ['eu-west-1', 'us-east-1']);
  });

  it('reads an empty list of regions as one that permits none, and says so', () => {
    const intent = intentOf({ regions: ' , ' });

    assert.deepEqual(intent.regions, []);
    assert.equal(intent.problems[0]?.annotation, 'lowtide.dev/regions');
  });

  const primaries: Record<string, { annotations: Record<string, string>; want: string | null }> = {
    "the tenant's": { annotations: { tenant: 'acme' }, want: 'eu-west-1' },
    "the tenant's before the pod's": { annotations: { tenant: 'acme', regions: 'us-east-1' }, want: 'eu-west-1' },
    "the pod's only region": { annotations: { regions: 'us-east-1' }, want: 'us-east-1' },
    'none of two regions': { annotations: { regions: 'us-east-1,eu-west-1' }, want: null },
    'none of an unknown tenant': { annotations: { tenant: 'nobody' }, want: null },
  };
  for (const [sentence, { annotations, want }] of Object.entries(primaries)) {
    it(`primary region: ${sentence}`, () => {
      assert.equal(intentOf(annotations).primaryRegion, want);
    });
  }

  const latencies: Record<string, { annotations: Record<string, string>; want: unknown; problems: number }> = {
    'origin and budget': {
      annotations: { 'latency-origin': 'us-east-1', 'latency-budget': '60ms' },
      want: { origin: 'us-east-1', budget: 60 },
      problems: 0,
    },
    'an origin alone prefers the near': {
      annotations: { 'latency-origin': 'us-east-1' },
      want: { origin: 'us-east-1', budget: null },
      problems: 0,
    },
    'a budget without an origin binds nothing, and is a problem': {
      annotations: { 'latency-budget': '60ms' },
      want: null,
      problems: 1,
    },
    'an empty origin is none': {
      annotations: { 'latency-origin': '', 'latency-budget': '60ms' },
      want: null,
      problems: 1,
    },
    'a malformed budget falls away, and is a problem': {
      annotations: { 'latency-origin': 'us-east-1', 'latency-budget': 'soon' },
      want: { origin: 'us-east-1', budget: null },
      problems: 1,
    },
  };
  for (const [sentence, { annotations, want, problems }] of Object.entries(latencies)) {
    it(`latency: ${sentence}`, () => {
      const intent = intentOf(annotations);

      assert.deepEqual(intent.latency, want);
      assert.equal(intent.problems.length, problems);
    });
  }

  it('says of an unknown class which classes there are', () => {
    const intent = intentOf({ class: 'lazy' });

    assert.equal(intent.workClass, null);
    assert.deepEqual(intent.problems, [
      { annotation: 'lowtide.dev/class', value: 'lazy', accepted: 'a class: deferrable' },
    ]);
  });

  it('never throws, whatever stands in the annotations', () => {
    const names = ['class', 'max-intensity', 'residency', 'regions', 'tenant', 'latency-budget', 'latency-origin'];
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.anything(), fc.constant('__proto__'));

    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (annotations) => {
        const intent = intentOf(annotations);
        assert.ok(intent.ceiling === null || intent.ceiling >= 0);
      }),
    );
  });
});
