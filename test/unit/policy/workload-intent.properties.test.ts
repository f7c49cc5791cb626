import assert from 'node:assert/strict';
import fc from 'fast-check';
import { region } from '../../../src/carbon/units.ts';
import { READ } from '../../../src/policy/annotations.ts';
import { parseDuration } from '../../../src/policy/duration.ts';
import { parseIntensity, placementIntent } from '../../../src/policy/intent.ts';
import type { NamespaceFacts } from '../../../src/policy/namespace.ts';
import { setPermits } from '../../../src/policy/residency-set.ts';
import { resolveIntent } from '../../../src/policy/workload-intent.ts';
import type { Intent } from '../../../src/policy/workload-intent.ts';
import { residencyRefusal } from '../../../src/residency/checks.ts';
import { permittedRegions } from '../../../src/residency/permitted.ts';
import { INTENT_POLICY, prefixed } from '../../support/intents.ts';

const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1', 'office'];
const SETS = [...INTENT_POLICY.residencySets.keys()];

const duration = fc.constantFrom('0s', '5m', '59m59.9999999s', '1h', '2h', '13h', '400d', ' 90m ');
const intensity = fc.constantFrom('0', '99.5', '200', '250', '300', '0.00000001', '1000000000000000000000000');
const regions = fc.subarray(REGIONS, { minLength: 1 }).map((names) => names.join(', '));

const GOOD: Record<string, fc.Arbitrary<string>> = {
  class: fc.constantFrom('urgent', 'standard', 'deferrable'),
  'max-intensity': intensity,
  'max-delay': duration,
  deadline: fc.constantFrom('2026-03-03T06:00:00Z', '2026-03-03T06:00:00.5+01:00'),
  'expected-duration': duration,
  residency: fc.constantFrom(...SETS),
  regions,
  tenant: fc.constantFrom('acme', 'usco', 'nobody'),
  'latency-budget': duration,
  'latency-origin': fc.constantFrom('', ...REGIONS),
  hold: fc.constantFrom('true', 'false'),
};
const LIMITS: Record<string, fc.Arbitrary<string>> = {
  'limit-max-delay': duration,
  'limit-max-intensity': intensity,
  'limit-residency': fc.constantFrom(...SETS),
  'limit-regions': regions,
};

type Arbitraries = Record<string, fc.Arbitrary<unknown>>;

const bad: fc.Arbitrary<unknown> = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.anything(),
  fc.constantFrom('__proto__', 'lazy', ',', '-1h', '1e3'),
);

function wild(good: Arbitraries): fc.Arbitrary<Record<string, unknown>> {
  const each = Object.entries(good).map(([name, value]) => [name, fc.oneof({ weight: 6, arbitrary: value }, bad)]);
  return sparse(Object.fromEntries(each) as Arbitraries);
}

function sparse(all: Arbitraries): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(all, { requiredKeys: [] }).map(prefixed);
}

function without(all: Arbitraries, ...names: readonly string[]): Arbitraries {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
}

function namespaces(annotations: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<NamespaceFacts> {
  return fc.record({ name: fc.constant('team-a'), annotations, managed: fc.boolean(), enforced: fc.boolean() });
}

const anyWords = wild(GOOD);
const anyNamespace = fc.option(namespaces(wild({ ...GOOD, ...LIMITS })));

function resolve(annotations: Record<string, unknown>, namespace: NamespaceFacts | null): Intent {
  return resolveIntent({ annotations, namespace, policy: INTENT_POLICY });
}

function holds(
  check: (intent: Intent, namespace: NamespaceFacts | null, annotations: Record<string, unknown>) => void,
): void {
  const property = fc.property(anyWords, anyNamespace, (annotations, namespace) => {
    check(resolve(annotations, namespace), namespace, annotations);
  });
  fc.assert(property, { numRuns: 1000 });
}

/** A namespace's own text, where it says anything to this workload. */
function said(namespace: NamespaceFacts | null, annotations: Record<string, unknown>, name: string): string {
  const heard = namespace !== null && (namespace.managed || namespace.enforced || Object.keys(annotations).length > 0);
  const text = heard ? namespace.annotations[`lowtide.dev/${name}`] : '';
  return typeof text === 'string' ? text.trim() : '';
}

/** An intent as it acts: without the report of what was wrong. */
function acting({ placement, hold, optedIn, effective }: Intent): unknown {
  return { placement: { ...placement, problems: [] }, hold, optedIn, effective };
}

describe('resolveIntent, whatever is written', () => {
  it('keeps the maximum delay below every ceiling', () => {
    holds(({ hold, placement }, namespace, annotations) => {
      const limit = parseDuration(said(namespace, annotations, 'limit-max-delay')) ?? Infinity;
      const ofClass = hold.deadline === null ? (placement.workClass?.maxDelay ?? Infinity) : Infinity;

      assert.ok(hold.maxDelay <= Math.min(limit, ofClass));
      assert.ok(Number.isFinite(hold.maxDelay) || hold.deadline !== null);
    });
  });

  it('keeps the threshold below every ceiling', () => {
    holds(({ hold, placement }, namespace, annotations) => {
      const limit = parseIntensity(said(namespace, annotations, 'limit-max-intensity')) ?? Infinity;

      assert.ok((hold.threshold ?? Infinity) <= Math.min(limit, placement.workClass?.maxIntensity ?? Infinity));
    });
  });

  it('permits no region that a ceiling of the namespace does not permit', () => {
    holds(({ placement }, namespace, annotations) => {
      const ceilings = namespace?.enforced === true ? ['limit-', ''] : ['limit-'];
      const permitted = REGIONS.filter((name) => permits(placement, name));

      for (const prefix of ceilings) {
        const residency = said(namespace, annotations, `${prefix}residency`);
        const listed = said(namespace, annotations, `${prefix}regions`);
        const words = { ...(residency !== '' && { residency }), ...(listed !== '' && { regions: listed }) };
        const ceiling = placementIntent(prefixed(words), INTENT_POLICY);
        const refused = permitted.filter(
          (name) => !permits({ ...ceiling, primaryRegion: placement.primaryRegion }, name),
        );
        assert.deepEqual(refused, []);
      }
    });
  });

  it('has in force only annotations that are read, none with a problem unless it permits nothing', () => {
    holds(({ effective, placement }) => {
      assert.ok(Object.keys(effective).every((name) => (READ as readonly string[]).includes(name)));
      if (placement.problems.length > 0) assert.deepEqual(permittedRegions(placement, INTENT_POLICY), []);
    });
  });

  it('gives the same intent for what is in force, alone', () => {
    holds((intent) => {
      const again = resolve(intent.effective, null);

      assert.deepEqual(acting(again), acting(intent));
      assert.ok(again.problems.length <= intent.problems.length);
    });
  });

  it('gives the same intent for what is in force, in the same namespace', () => {
    holds((intent, namespace) => {
      if (intent.problems.length > 0) return;
      const again = resolve(intent.effective, namespace);

      assert.deepEqual(acting(again), acting(intent));
      assert.deepEqual(again.problems, []);
    });
  });

  it('finds no problem where the workload says nothing and the namespace does not contradict itself', () => {
    const defaults = { ...without(GOOD, 'hold', 'regions'), ...LIMITS };
    const eitherResidency = fc.oneof(
      sparse(without(defaults, 'residency')),
      sparse(without(defaults, 'limit-residency')),
    );

    fc.assert(
      fc.property(namespaces(eitherResidency), (namespace) => {
        assert.deepEqual(resolve({}, namespace).problems, []);
      }),
    );
  });
});

describe('a residency set', () => {
  it('permits what the checks of residency permit', () => {
    const words = sparse({ residency: fc.constantFrom(...SETS), regions, tenant: fc.constantFrom('acme', 'usco') });

    fc.assert(
      fc.property(words, fc.constantFrom(...REGIONS), (annotations, name) => {
        const intent = { ...placementIntent(annotations, INTENT_POLICY), regions: null };
        if (intent.residency.state !== 'set') return;
        const context = { policy: INTENT_POLICY, primaryRegion: intent.primaryRegion };

        assert.equal(setPermits(intent.residency.set, region(name), context), permits(intent, name));
      }),
    );
  });
});

function permits(intent: Intent['placement'], name: string): boolean {
  return residencyRefusal({ place: region(name), intent, policy: INTENT_POLICY }) === null;
}
