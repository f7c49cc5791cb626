import assert from 'node:assert/strict';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { parsePolicy } from '../../../src/policy/parse.ts';
import type { PolicyNotice } from '../../../src/policy/types.ts';

const HEAD = 'apiVersion: lowtide.dev/v1alpha1\nkind: Policy\n';
const REGIONS = 'regions: { eu-central-1: { zone: DE }, us-east-1: { zone: US-MIDA-PJM } }\n';

function errorsOf(document: unknown): readonly PolicyNotice[] {
  const result = parsePolicy(document);
  return result.ok ? [] : result.errors;
}

/** What follows HEAD, and the one error it makes: its path and a part of message and hint. */
interface Fault {
  yaml: string;
  path: string;
  says: RegExp;
}

const withRegions = (yaml: string): string => REGIONS + yaml;

const FAULTS: Record<string, Fault> = {
  'a missing table of regions': { yaml: '', path: 'regions', says: /is required; accepted: a table with at least one/ },
  'a table of no regions': { yaml: 'regions: {}', path: 'regions', says: /a table is not accepted/ },
  'a region without zone': { yaml: 'regions: { a: { cost: 1 } }', path: 'regions.a.zone', says: /is required/ },
  'an empty row': { yaml: 'regions: { a: }', path: 'regions.a', says: /an empty value .* a table with keys zone,/ },
  'an unknown key, with the one that was meant': {
    yaml: withRegions('scheduler: { wieghts: {} }'),
    path: 'scheduler.wieghts',
    says: /not a known key; did you mean "weights"\?/,
  },
  'an unknown section': { yaml: withRegions('region: {}'), path: 'region', says: /did you mean "regions"\?/ },
  'an unknown key that objects inherit': {
    yaml: withRegions('toString: {}'),
    path: 'toString',
    says: /is not a known key/,
  },
  'an unknown key in a list': {
    yaml: withRegions('carbonIntensity: { bands: [{ name: a, blow: 5 }] }'),
    path: 'carbonIntensity.bands.0.blow',
    says: /did you mean "below"\?/,
  },
  'a duration without unit': {
    yaml: withRegions('classes: { a: { maxDelay: 90 } }'),
    path: 'classes.a.maxDelay',
    says: /^90 is not accepted; accepted: a duration with its unit .*"90m"/,
  },
  'a duration too long to count': {
    yaml: withRegions('classes: { a: { maxDelay: 999999999999999h } }'),
    path: 'classes.a.maxDelay',
    says: /a duration/,
  },
  'a negative latency': {
    yaml: 'regions: { a: { zone: DE, latency: { b: -1ms } }, b: { zone: FR } }',
    path: 'regions.a.latency.b',
    says: /"-1ms" is not accepted/,
  },
  'an intensity that is not finite': {
    yaml: 'regions: { a: { zone: DE, averageIntensity: .inf } }',
    path: 'regions.a.averageIntensity',
    says: /Infinity is not accepted; accepted: gCO2eq\/kWh/,
  },
  'an intensity that is no number': {
    yaml: 'regions: { a: { zone: DE, averageIntensity: .nan } }',
    path: 'regions.a.averageIntensity',
    says: /NaN is not accepted/,
  },
  'a negative cost': { yaml: 'regions: { a: { zone: DE, cost: -1 } }', path: 'regions.a.cost', says: /from 0 up/ },
  'a PUE below 1': { yaml: 'regions: { a: { zone: DE, pue: 0.9 } }', path: 'regions.a.pue', says: /from 1 up/ },
  'a jurisdiction in upper case': {
    yaml: 'regions: { a: { zone: DE, jurisdiction: EU } }',
    path: 'regions.a.jurisdiction',
    says: /lower case/,
  },
  'a region by a name that no label can carry': {
    yaml: 'regions: { "a b": { zone: DE } }',
    path: 'regions.a b',
    says: /"a b" is not accepted as a name/,
  },
  'a region named __proto__': {
    yaml: 'regions: { a: { zone: DE }, __proto__: { zone: FR } }',
    path: 'regions.__proto__',
    says: /not accepted as a name/,
  },
  'a latency to __proto__': {
    yaml: 'regions: { a: { zone: DE, latency: { __proto__: 5ms } } }',
    path: 'regions.a.latency.__proto__',
    says: /not accepted as a name/,
  },
  'a class named __proto__': {
    yaml: withRegions('classes: { __proto__: { maxDelay: 1m } }'),
    path: 'classes.__proto__',
    says: /not accepted as a name/,
  },
  'a tie as a number': { yaml: withRegions('scheduler: { tie: 0.02 }'), path: 'scheduler.tie', says: /e\.g\. "2%"/ },
  'a kind of signal that there is not': {
    yaml: withRegions('scheduler: { signal: mean }'),
    path: 'scheduler.signal',
    says: /"mean" is not accepted; accepted: average \| marginal/,
  },
  'a negative weight': {
    yaml: withRegions('scheduler: { weights: { carbon: -1 } }'),
    path: 'scheduler.weights.carbon',
    says: /-1 is not accepted/,
  },
  'weights that are all 0': {
    yaml: withRegions('scheduler: { weights: { carbon: 0, cost: 0, latency: 0, availability: 0 } }'),
    path: 'scheduler.weights',
    says: /nothing to rank by/,
  },
  'no bands': {
    yaml: withRegions('carbonIntensity: { bands: [] }'),
    path: 'carbonIntensity.bands',
    says: /a list with at least one entry/,
  },
  'bands that stand still': {
    yaml: withRegions('carbonIntensity: { bands: [{ name: a, below: 5 }, { name: b, below: 5 }, { name: c }] }'),
    path: 'carbonIntensity.bands.1.below',
    says: /5 is not above 5/,
  },
  'a band without bound before the last': {
    yaml: withRegions('carbonIntensity: { bands: [{ name: a }, { name: b, below: 5 }, { name: c }] }'),
    path: 'carbonIntensity.bands.0.below',
    says: /only the last band/,
  },
  'a last band with a bound': {
    yaml: withRegions('carbonIntensity: { bands: [{ name: a, below: 5 }] }'),
    path: 'carbonIntensity.bands.0.below',
    says: /the last band has an upper bound/,
  },
  'two bands of one name': {
    yaml: withRegions('carbonIntensity: { bands: [{ name: a, below: 5 }, { name: a }] }'),
    path: 'carbonIntensity.bands.1.name',
    says: /"a" is the name of band 0 too/,
  },
  'a set that permits nothing': {
    yaml: withRegions('residency: { sets: { a: { jurisdictions: [] } } }'),
    path: 'residency.sets.a.jurisdictions',
    says: /at least one jurisdiction/,
  },
  "a set's region that the table lacks": {
    yaml: withRegions('residency: { sets: { a: { regions: [eu-central-1, us-east-2] } } }'),
    path: 'residency.sets.a.regions.1',
    says: /"us-east-2" is not in the regions table; did you mean "us-east-1"\?/,
  },
  "a set's region that only objects have": {
    yaml: withRegions('residency: { sets: { a: { regions: [constructor] } } }'),
    path: 'residency.sets.a.regions.0',
    says: /not in the regions table/,
  },
  "a window's region that the table lacks": {
    yaml: withRegions('windows: { w: { hours: "11:00-15:00", regions: [nowhere] } }'),
    path: 'windows.w.regions.0',
    says: /"nowhere" is not in the regions table/,
  },
  'empty hours': {
    yaml: withRegions('windows: { w: { hours: "11:00-11:00", regions: [us-east-1] } }'),
    path: 'windows.w.hours',
    says: /not empty/,
  },
  "a tenant's set that there is not": {
    yaml: withRegions('residency: { tenants: { t: { set: eu-stict } } }'),
    path: 'residency.tenants.t.set',
    says: /not a residency set; did you mean "eu-strict"\?/,
  },
  "a tenant's region that the table lacks": {
    yaml: withRegions('residency: { tenants: { t: { primaryRegion: nowhere } } }'),
    path: 'residency.tenants.t.primaryRegion',
    says: /not in the regions table/,
  },
  'a budget that is no mass': {
    yaml: withRegions('budgets: { b: { monthly: 500 } }'),
    path: 'budgets.b.monthly',
    says: /e\.g\. "500kg"/,
  },
  'a release rate of none': {
    yaml: withRegions('scheduler: { release: { perMinute: 0 } }'),
    path: 'scheduler.release.perMinute',
    says: /whole number from 1 up/,
  },
  'a fraction above 1': {
    yaml: withRegions('scheduler: { shift: { moveBelow: 1.5 } }'),
    path: 'scheduler.shift.moveBelow',
    says: /from 0 to 1/,
  },
  'a flag in words': {
    yaml: withRegions('scheduler: { marks: yes }'),
    path: 'scheduler.marks',
    says: /"yes" is not accepted; accepted: true or false/,
  },
};

describe('parsePolicy refuses', () => {
  for (const [fault, { yaml, path, says }] of Object.entries(FAULTS)) {
    it(fault, () => {
      const errors = errorsOf(load(HEAD + yaml));

      assert.deepEqual(
        errors.map((error) => error.path),
        [path],
      );
      assert.match(errors.map(({ message, hint }) => `${message}; ${hint}`).join(), says);
    });
  }

  it('another version and kind', () => {
    const errors = errorsOf(load(`apiVersion: lowtide.dev/v2\nkind: Rules\n${REGIONS}`));

    assert.deepEqual(
      errors.map(({ path, hint }) => [path, hint]),
      [
        ['apiVersion', 'accepted: lowtide.dev/v1alpha1'],
        ['kind', 'accepted: Policy'],
      ],
    );
  });

  for (const [what, document] of Object.entries({
    null: null,
    'a list': [],
    text: 'kind: Policy',
    nothing: undefined,
  })) {
    it(`${what} in place of a table`, () => {
      const errors = errorsOf(document);

      assert.deepEqual(
        errors.map(({ path }) => path),
        [''],
      );
    });
  }

  it('all faults at once: of fields, of unknown keys and between keys', () => {
    const document = load(`
      kind: Policy
      extra: 1
      carbonIntensity: { bands: [{ name: a, below: 5 }, { name: a, below: x }] }
      regions: { a: { zone: 5 }, __proto__: 1 }
      residency: { mode: off, sets: { s: { regions: [b] } }, tenants: { t: { set: none } } }
      scheduler: { weights: { carbon: 0, cost: 0, latency: 0, availability: 0, speed: 1 } }
    `);

    const paths = errorsOf(document).map(({ path }) => path);

    assert.deepEqual(paths.sort(), [
      'apiVersion',
      'carbonIntensity.bands.1.below',
      'carbonIntensity.bands.1.below',
      'carbonIntensity.bands.1.name',
      'extra',
      'regions.__proto__',
      'regions.a.zone',
      'residency.mode',
      'residency.sets.s.regions.0',
      'residency.tenants.t.set',
      'scheduler.weights',
      'scheduler.weights.speed',
    ]);
  });

  it('a long value without repeating all of it', () => {
    const errors = errorsOf(load(`${HEAD}${REGIONS}scheduler: { tie: ${'9'.repeat(500)}% }`));

    assert.ok((errors[0]?.message.length ?? 0) < 100);
  });

  it('or accepts, but never throws, whatever stands in the sections', () => {
    const sections = ['carbonIntensity', 'classes', 'regions', 'windows', 'residency', 'budgets', 'scheduler'];
    const document = fc.record(Object.fromEntries(sections.map((name) => [name, fc.object()])), { requiredKeys: [] });
    fc.assert(
      fc.property(document, (parts) => {
        const result = parsePolicy({ apiVersion: 'lowtide.dev/v1alpha1', kind: 'Policy', ...parts });
        return result.ok || (result.errors.length > 0 && result.errors.every(({ hint }) => hint !== ''));
      }),
    );
  });
});
