import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { region } from '../../../src/carbon/units.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import type { Policy } from '../../../src/policy/types.ts';
import { wholeDocument } from './whole-document.ts';

const HEAD = { apiVersion: 'lowtide.dev/v1alpha1', kind: 'Policy' };
const LEAST = { ...HEAD, regions: { 'eu-central-1': { zone: 'DE' } } };

function policyOf(document: unknown): Policy {
  const result = parsePolicy(document);
  assert.ok(result.ok, JSON.stringify(result));
  return result.policy;
}

/** What a class is that says nothing of how its start is found. */
const UNSAID = { strategy: 'window', price: 0, minGain: 0 };

describe('parsePolicy', () => {
  it('fills in every default', () => {
    const policy = policyOf(LEAST);

    assert.deepEqual(policy, {
      bands: [
        { name: 'clean', below: 200 },
        { name: 'moderate', below: 400 },
        { name: 'high', below: 600 },
        { name: 'very-high', below: null },
      ],
      classes: new Map([
        ['urgent', { name: 'urgent', maxDelay: 0, maxIntensity: null, ...UNSAID }],
        ['standard', { name: 'standard', maxDelay: 3_600_000, maxIntensity: 400, ...UNSAID }],
        ['deferrable', { name: 'deferrable', maxDelay: 43_200_000, maxIntensity: 250, ...UNSAID }],
      ]),
      regions: new Map([['eu-central-1', DE]]),
      residencySets: new Map([
        ['eu-strict', { name: 'eu-strict', jurisdictions: ['eu'], regions: null, primaryRegionOnly: false }],
        ['us-only', { name: 'us-only', jurisdictions: ['us'], regions: null, primaryRegionOnly: false }],
        ['global', { name: 'global', jurisdictions: null, regions: null, primaryRegionOnly: false }],
        ['single-region', { name: 'single-region', jurisdictions: null, regions: null, primaryRegionOnly: true }],
      ]),
      tenants: new Map(),
      windows: [],
      scheduler: {
        tie: 0.02,
        weights: { carbon: 50, cost: 20, latency: 20, availability: 10 },
        signal: 'average',
        emissionFactor: 'lifecycle',
        noData: 'neutral',
        regionlessNodes: 'allow',
        ceiling: 'soft',
        placement: 'affinity',
        marks: false,
        pin: 'preferred',
        pinTimeout: 120_000,
        noSignal: 'wait',
        startupAllowance: 120_000,
        release: { perMinute: null },
        kindSwitch: 'refuse',
        refresh: 60_000,
        switchCost: 0,
        minRun: 0,
        maxPauses: null,
        shift: null,
      },
    });
  });

  it('reads the whole document of seven sections', () => {
    const policy = policyOf(wholeDocument());

    assert.deepEqual(policy.regions.get(region('us-east-1')), {
      name: 'us-east-1',
      zone: 'US-MIDA-PJM',
      jurisdiction: 'us',
      cost: 1,
      averageIntensity: 450,
      pue: 1.15,
      latency: new Map([['us-west-2', 60]]),
      provisionable: false,
      capacity: null,
    });
    assert.deepEqual(policy.tenants.get('acme'), { name: 'acme', primaryRegion: 'eu-central-1' });
    assert.equal(policy.regions.get(region('us-west-2'))?.provisionable, true);
    const { strategy, price, minGain } = policy.classes.get('deferrable') ?? {};
    assert.deepEqual({ strategy, price, minGain }, { strategy: 'window', price: 0, minGain: 0.02 });
    assert.deepEqual(policy.scheduler.shift, { allowed: true, maxDataGB: 10, moveBelow: 0.6 });
    assert.deepEqual(
      policy.windows.map(({ name, hours: { startMinute, endMinute } }) => [name, startMinute, endMinute]),
      [['solar', 660, 900]],
    );
  });

  it('replaces a built-in class or set whole, and keeps the others', () => {
    const policy = policyOf({
      ...LEAST,
      classes: { standard: { maxDelay: '5m' }, batch: {} },
      residency: { sets: { global: { regions: ['eu-central-1'] } } },
    });

    assert.deepEqual([...policy.classes.keys()], ['urgent', 'standard', 'deferrable', 'batch']);
    assert.deepEqual(policy.classes.get('standard'), {
      name: 'standard',
      maxDelay: 300_000,
      maxIntensity: null,
      ...UNSAID,
    });
    assert.deepEqual(policy.classes.get('batch'), { name: 'batch', maxDelay: 0, maxIntensity: null, ...UNSAID });
    assert.deepEqual(policy.residencySets.get('global')?.regions, ['eu-central-1']);
    assert.equal(policy.residencySets.size, 4);
  });

  it('keeps the default of a weight that is left out', () => {
    const { weights } = policyOf({ ...LEAST, scheduler: { weights: { carbon: 0 } } }).scheduler;

    assert.deepEqual(weights, { carbon: 0, cost: 20, latency: 20, availability: 10 });
  });

  it('takes names that objects inherit as names like any other', () => {
    const document = load(`
      apiVersion: lowtide.dev/v1alpha1
      kind: Policy
      regions:
        constructor: { zone: DE, latency: { toString: 5ms } }
        toString: { zone: FR }
      classes: { hasOwnProperty: { maxDelay: 1m } }
    `);

    const policy = policyOf(document);

    assert.deepEqual([...policy.regions.keys()], ['constructor', 'toString']);
    assert.deepEqual([...(policy.regions.get(region('constructor'))?.latency ?? [])], [['toString', 5]]);
    assert.equal(policy.classes.get('hasOwnProperty')?.maxDelay, 60_000);
    assert.equal(policy.classes.get('valueOf'), undefined);
  });

  it('yields a policy that nobody can change in place', () => {
    const policy = policyOf(LEAST) as { -readonly [Key in keyof Policy]: Policy[Key] };

    assert.throws(() => (policy.bands = []), TypeError);
    assert.throws(() => Object.assign(policy.scheduler.weights, { carbon: 1 }), TypeError);
    assert.throws(() => Object.assign(policy.bands[0] ?? {}, { below: 1 }), TypeError);
    assert.throws(() => (policy.bands as unknown[]).push(1), TypeError);
  });

  it('accepts the policy that ships, without a warning', () => {
    const shipped = readFileSync(new URL('../../../config/policy.yaml', import.meta.url), 'utf8');

    const result = parsePolicy(load(shipped));

    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual(result.warnings, []);
    const trace = readFileSync(new URL('../../../config/traces/grid-28d.csv', import.meta.url), 'utf8');
    const zones = trace.slice(0, trace.indexOf('\n')).trim().split(',').slice(1);
    assert.deepEqual([...result.policy.regions.values()].map(({ zone }) => zone).sort(), zones.sort());
  });
});

const DE = {
  name: 'eu-central-1',
  zone: 'DE',
  jurisdiction: null,
  cost: null,
  averageIntensity: null,
  pue: null,
  latency: new Map(),
  provisionable: false,
  capacity: null,
};
