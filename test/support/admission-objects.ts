import fc from 'fast-check';
import { NOW } from './world.ts';

/** Random Kubernetes objects, such as an API server shows to a webhook: valid ones, in every shape that matters here. */
type Json = Record<string, unknown>;

/** Once in so many times; else undefined. */
const some = <Value>(value: fc.Arbitrary<Value>, onceIn = 2): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: onceIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const often = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight: 4, arbitrary: value });

/** Without the members that are undefined, as JSON has none. */
function members(parts: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Json> {
  return fc
    .record(parts)
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));
}

function texts(parts: Record<string, fc.Arbitrary<string | undefined>>): fc.Arbitrary<Record<string, string>> {
  return members(parts) as fc.Arbitrary<Record<string, string>>;
}

/** Keys as JSON Pointer must escape them. A tilde is no part of a valid key: the API server would refuse it. */
const foreign = (valid: boolean) =>
  fc.dictionary(
    fc.constantFrom('app', 'a.b/c_d', 'example.com/x.y-z', ...(valid ? [] : ['a/b~c', '~1', '~0/~'])),
    fc.constantFrom('', 'x', 'tilde'),
    { maxKeys: 3 },
  );

const RESIDENCIES = ['eu-strict', 'us-only', 'global', 'named', 'single-region'];
const wanted = {
  'lowtide.dev/class': often(fc.constantFrom('urgent', 'standard', 'deferrable', 'deferrable')),
  'lowtide.dev/max-delay': some(fc.constantFrom('30m', '1h', '90m'), 4),
  'lowtide.dev/max-intensity': some(fc.constantFrom('50', '200', '250'), 4),
  'lowtide.dev/expected-duration': some(fc.constantFrom('10m', '2h'), 3),
  'lowtide.dev/deadline': some(fc.constantFrom('2026-03-02T18:00:00Z', '2026-03-01T00:00:00Z'), 6),
  'lowtide.dev/residency': some(fc.constantFrom(...RESIDENCIES), 3),
  'lowtide.dev/regions': some(fc.constantFrom('eu-west-1', 'eu-west-1,us-east-1', 'eu-central-1, eu-west-1'), 3),
  'lowtide.dev/hold': some(fc.constantFrom('true', 'false'), 3),
};
/** What only Lowtide writes, arriving with a copy. */
const copied = {
  'lowtide.dev/held-since': some(
    fc.constantFrom('2026-03-02T11:59:50Z', '2026-03-01T00:00:00Z', 'never', new Date(NOW + 5_000).toISOString()),
    5,
  ),
  'lowtide.dev/decision': some(fc.constant('{}'), 5),
  'lowtide.dev/released-at': some(fc.constant('2026-03-01T01:00:00Z'), 6),
  'lowtide.dev/hold-limit': some(fc.constantFrom('0s', '10m'), 5),
};

function annotations(valid: boolean): fc.Arbitrary<Record<string, string>> {
  return fc
    .tuple(texts(wanted), texts(copied), foreign(valid))
    .map(([ours, written, others]) => ({ ...others, ...ours, ...written }));
}

function labels(valid: boolean): fc.Arbitrary<Record<string, string>> {
  const ours = texts({
    'lowtide.dev/held': some(fc.constant('true'), 4),
    'kueue.x-k8s.io/queue-name': some(fc.constant('queue'), 6),
  });
  return fc.tuple(foreign(valid), ours).map(([others, marks]) => ({ ...others, ...marks }));
}

/** A list that may as well be absent or, in a careless encoding, null. */
const listOf = <Value>(item: fc.Arbitrary<Value>, valid: boolean, minLength = 0) =>
  fc.oneof(fc.constant(undefined), ...(valid ? [] : [fc.constant(null)]), fc.array(item, { minLength, maxLength: 3 }));

const requirement = fc.oneof(
  fc.record({
    key: fc.constantFrom('topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'disk'),
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.uniqueArray(fc.constantFrom('eu-west-1', 'us-east-1', 'ssd'), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ key: fc.constantFrom('gpu', 'topology.kubernetes.io/region'), operator: fc.constantFrom('Exists') }),
);
const term = members({
  matchExpressions: some(fc.array(requirement, { minLength: 1, maxLength: 2 })),
  matchFields: some(fc.constant([{ key: 'metadata.name', operator: 'In', values: ['west'] }]), 5),
});
const requiredTerms = (valid: boolean) =>
  fc
    .array(term, { minLength: 1, maxLength: 3 })
    .map((nodeSelectorTerms) =>
      valid ? nodeSelectorTerms.filter((each) => Object.keys(each).length > 0) : nodeSelectorTerms,
    )
    .map((nodeSelectorTerms) => (nodeSelectorTerms.length === 0 ? undefined : { nodeSelectorTerms }));
const preference = fc.record({
  weight: fc.integer({ min: 1, max: 100 }),
  preference: fc.record({ matchExpressions: fc.array(requirement, { minLength: 1, maxLength: 1 }) }),
});

const nodeAffinity = (valid: boolean) =>
  members({
    requiredDuringSchedulingIgnoredDuringExecution: fc.oneof(fc.constant(undefined), requiredTerms(valid)),
    preferredDuringSchedulingIgnoredDuringExecution: listOf(preference, valid),
  });
const affinity = (valid: boolean) =>
  fc.oneof(
    fc.constant(undefined),
    members({ nodeAffinity: some(nodeAffinity(valid)), podAntiAffinity: some(fc.constant({})) }),
  );

const resources = members({
  requests: some(fc.constantFrom({ cpu: '100m' }, { cpu: '100m', memory: '64Mi' })),
  limits: some(fc.constant({ memory: '128Mi' })),
});
const containers = fc
  .array(members({ image: fc.constant('work'), resources: some(resources), stdin: some(fc.constant(true), 8) }), {
    minLength: 1,
    maxLength: 2,
  })
  .map((all) => all.map((each, index) => ({ name: `c${index}`, ...each })));

const gates = (valid: boolean) =>
  listOf(fc.constantFrom('lowtide.dev/carbon', 'kueue.x-k8s.io/admission', 'example.com/other'), valid).map((names) =>
    names === undefined || names === null ? names : [...new Set(names)].map((name) => ({ name })),
  );

interface SpecOptions {
  readonly valid: boolean;
  readonly template: boolean;
}

const podSpec = ({ valid, template }: SpecOptions) =>
  fc
    .tuple(
      members({
        containers,
        affinity: affinity(valid),
        nodeSelector: some(fc.constantFrom({}, { disk: 'ssd' }), 3),
        tolerations: listOf(fc.constant({ key: 'spot', operator: 'Exists' }), valid),
        activeDeadlineSeconds: some(fc.integer({ min: 1, max: 100_000 }), 5),
      }),
      gates(valid),
      some(fc.constant('west'), 6),
    )
    .map(([spec, schedulingGates, nodeName]) => ({
      ...spec,
      ...(template ? { restartPolicy: 'Never' } : {}),
      // The API server refuses the two together.
      ...(nodeName !== undefined && !template
        ? { nodeName }
        : schedulingGates === undefined
          ? {}
          : { schedulingGates }),
    }));

const owner = (kinds: readonly string[]) =>
  fc.constantFrom(...kinds).map((each) => {
    const [apiVersion, kind] = each.split(' ');
    return [{ apiVersion, kind, name: 'its-owner', uid: '11111111-2222-3333-4444-555555555555', controller: true }];
  });
const POD_OWNERS = ['batch/v1 Job', 'apps/v1 ReplicaSet', 'apps/v1 StatefulSet', 'apps/v1 DaemonSet', 'x.io/v1 Other'];

const metadata = (valid: boolean, owners: readonly string[]) =>
  members({
    annotations: often(annotations(valid)),
    labels: some(labels(valid), 3),
    ownerReferences: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: owner(owners) },
    ),
  });

/** As it comes from the wire: plain objects, no member undefined. */
function fromWire(objects: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return objects.map((object) => JSON.parse(JSON.stringify(object)) as Json);
}

/** A pod; with `valid` one that a real API server takes. */
export const podArbitrary = ({ valid = false } = {}): fc.Arbitrary<Json> =>
  fromWire(fc.record({ metadata: metadata(valid, POD_OWNERS), spec: podSpec({ valid, template: false }) }));

/** A Job; with `valid` one that a real API server takes. */
export const jobArbitrary = ({ valid = false } = {}): fc.Arbitrary<Json> =>
  fromWire(
    fc.record({
      metadata: metadata(valid, ['batch/v1 CronJob', 'x.io/v1 Other']),
      spec: members({
        suspend: some(fc.boolean()),
        activeDeadlineSeconds: some(fc.integer({ min: 1, max: 100_000 }), 3),
        template: members({
          metadata: fc.oneof(
            fc.constant(undefined),
            members({ annotations: some(annotations(valid)), labels: some(foreign(valid)) }),
          ),
          spec: podSpec({ valid, template: true }),
        }),
      }),
    }),
  );
