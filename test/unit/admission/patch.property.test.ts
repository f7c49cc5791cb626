import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Operation } from 'rfc6902';
import { instant } from '../../../src/carbon/units.ts';
import { nodeAffinity } from '../../../src/kubernetes/pod-scheduling.ts';
import { nodeMatches } from '../../../src/placement/node-selector.ts';
import { resolveIntent } from '../../../src/policy/workload-intent.ts';
import { permittedRegions } from '../../../src/residency/permitted.ts';
import type { CronJobFacts, RolloutFacts } from '../../../src/timing/types.ts';
import { admitJob, admitPod, CLASSES, cleanWorld, clusterState, dirtyWorld, patched } from '../../support/admission.ts';
import type { Admitted, AdmissionSketch, JsonObject } from '../../support/admission.ts';
import { jobArbitrary, podArbitrary } from '../../support/admission-objects.ts';
import { hours } from '../../support/hold.ts';
import { nodeFacts, NOW, policy, THREE_REGIONS } from '../../support/world.ts';

const worlds = fc
  .record({
    placement: fc.constantFrom('affinity', 'extender'),
    marks: fc.boolean(),
    clean: fc.boolean(),
  })
  .map(({ placement, marks, clean }) => {
    const part = { policy: policy({ classes: CLASSES, scheduler: { placement, marks } }) };
    return clean ? cleanWorld(part) : dirtyWorld(part);
  });
const namespaces = fc.record(
  {
    managed: fc.boolean(),
    enforced: fc.boolean(),
    annotations: fc.constantFrom<Record<string, string>[]>(
      {},
      { 'lowtide.dev/class': 'deferrable', 'lowtide.dev/expected-duration': '20m' },
      { 'lowtide.dev/residency': 'eu-strict', 'lowtide.dev/limit-max-delay': '45m' },
      { 'lowtide.dev/limit-residency': 'eu-strict', 'lowtide.dev/hold': 'false' },
    ),
  },
  { requiredKeys: ['annotations'] },
);
const sketches: fc.Arbitrary<AdmissionSketch> = fc.record({
  world: worlds,
  namespaces: fc.option(namespaces, { nil: null }).map((each) => ({ default: each })),
  cronJob: fc.option(
    fc.record<CronJobFacts>({
      concurrency: fc.constantFrom('Allow', 'Forbid', 'Replace'),
      next: fc.constantFrom(instant(NOW + hours(1)), null),
      held: fc.integer({ min: 0, max: 1 }),
    }),
    { nil: null },
  ),
  rollout: fc.option(fc.record<RolloutFacts>({ first: fc.boolean(), progressDeadline: fc.constant(hours(1)) }), {
    nil: null,
  }),
});

const KINDS = [
  { kind: 'pod', objects: podArbitrary(), admit: admitPod },
  { kind: 'Job', objects: jobArbitrary(), admit: admitJob },
] as const;
const RUNS = { numRuns: 400 };

/** Whether every operation finds what it needs, without help of a library. */
function assertApplies(before: unknown, patch: readonly Operation[]): void {
  let now = structuredClone(before);
  for (const operation of patch) {
    const keys = operation.path
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    const parent = keys.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], now);
    assert.ok(typeof parent === 'object' && parent !== null, `${operation.op} ${operation.path}: no parent`);
    if (operation.op !== 'add')
      assert.ok(Object.hasOwn(parent, last), `${operation.op} ${operation.path}: nothing there`);
    else if (Array.isArray(parent)) assert.equal(last, '-');
    now = patched(now, [operation]);
  }
}

/** Terms of required affinity; null: none. */
function requiredTerms(object: JsonObject): Terms {
  const affinity = object.spec['affinity'] as { nodeAffinity?: unknown } | undefined;
  const terms = nodeAffinity(affinity?.nodeAffinity)?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms ?? null;
}

function otherGates(object: JsonObject): unknown {
  const gates = (object.spec['schedulingGates'] ?? []) as { name: string }[];
  return gates.filter(({ name }) => name !== 'lowtide.dev/carbon');
}

for (const { kind, objects, admit } of KINDS) {
  describe(`the patch of any ${kind}`, () => {
    const always = (check: (object: JsonObject, answer: Admitted, sketch: AdmissionSketch) => unknown) =>
      fc.assert(
        fc.asyncProperty(objects, sketches, async (object, sketch) => {
          const before = structuredClone(object);
          const answer = await admit(object, sketch);
          assert.deepEqual(object, before, 'the request is left as it came');
          await check(object as unknown as JsonObject, answer, sketch);
        }),
        RUNS,
      );

    it('applies to it', async () => {
      await always((object, { patch }) => {
        assertApplies(object, patch);
      });
    });

    it('gives nothing new the second time', async () => {
      await always(async (_object, { after }, sketch) => {
        const again = await admit(after, sketch);

        assert.deepEqual(again.patch, []);
      });
    });

    it('gives nothing new ten seconds later, where it is held', async () => {
      await always(async (_object, { after, audit }, sketch) => {
        const world = { ...(sketch.world ?? dirtyWorld()), now: instant(NOW + 10_000) };
        const again = await admit(after, { ...sketch, world });

        if (audit['decision'] === 'held' && again.audit['decision'] === 'held') assert.deepEqual(again.patch, []);
      });
    });

    it('keeps what other people wrote', async () => {
      await always((object, { after }) => {
        for (const part of ['annotations', 'labels'] as const) {
          const others = Object.entries(object.metadata[part] ?? {}).filter(([key]) => !key.startsWith('lowtide.dev/'));
          for (const [key, value] of others) assert.equal(after.metadata[part]?.[key], value);
        }
        assert.deepEqual(otherGates(after), otherGates(object));
      });
    });

    it('never makes a Job run that its owner suspended', async () => {
      await always((object, { after }) => {
        const ours = object.metadata.labels?.['lowtide.dev/held'] === 'true';
        const { 'lowtide.dev/held-since': since, 'lowtide.dev/released-at': released } =
          object.metadata.annotations ?? {};
        if (object.spec['suspend'] === true && !ours && (since === undefined || released !== undefined)) {
          assert.equal(after.spec['suspend'], true);
        }
      });
    });
  });
}

type Terms = Parameters<typeof nodeMatches>[1] | null;

/** Whether required affinity lets a pod onto the node `west`, were it in that region. */
function lets(terms: Terms, region: string | null): boolean {
  return terms === null || nodeMatches(nodeFacts('west', region), terms);
}

const PLACES = [...Object.keys(THREE_REGIONS), 'mars-1', null];
type Words = Readonly<Record<string, string>>;

/** Where residency lets such a workload run in its namespace; asked of the pure rooms. */
function permitted(
  annotations: Words,
  { world = dirtyWorld(), ...state }: AdmissionSketch,
): (region: string | null) => boolean {
  const namespace = clusterState(state).namespace('default') ?? null;
  const intent = resolveIntent({ annotations, namespace, policy: world.policy });
  const regions = permittedRegions(intent.placement, world.policy);
  if (regions === 'any') return () => true;
  return (region) => (regions === 'labelled' ? region !== null : regions.some((each) => each === region));
}

/** The pod that the Job controller makes. */
function podOf(job: JsonObject): JsonObject {
  const template = job.spec['template'] as { metadata?: JsonObject['metadata']; spec: Record<string, unknown> };
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name: 'work', uid: 'u', controller: true };
  return { metadata: { ...template.metadata, ownerReferences: [owner] }, spec: template.spec };
}

describe('residency', () => {
  it('of any pod is never widened by the patch, and required of every node', async () => {
    await fc.assert(
      fc.asyncProperty(podArbitrary(), sketches, async (object, sketch) => {
        const pod = object as unknown as JsonObject;
        const { after, refusal } = await admitPod(pod, sketch);
        fc.pre(refusal === null);
        const mayRun = permitted(pod.metadata.annotations ?? {}, sketch);

        for (const region of PLACES) {
          const want = mayRun(region) && lets(requiredTerms(pod), region);
          assert.equal(lets(requiredTerms(after), region), want, region ?? 'without a region');
        }
      }),
      RUNS,
    );
  });

  it('of any Job, its own word over its template’s, is required of the nodes of its pods', async () => {
    await fc.assert(
      fc.asyncProperty(jobArbitrary(), sketches, async (object, sketch) => {
        const job = object as unknown as JsonObject;
        const admitted = await admitJob(job, sketch);
        fc.pre(admitted.refusal === null);
        const pod = podOf(admitted.after);
        const { after, refusal } = await admitPod(pod, sketch);
        assert.equal(refusal?.message, undefined);
        const mayRun = permitted({ ...podOf(job).metadata.annotations, ...job.metadata.annotations }, sketch);

        for (const region of PLACES) {
          const want = mayRun(region) && lets(requiredTerms(pod), region);
          assert.equal(lets(requiredTerms(after), region), want, region ?? 'without a region');
        }
      }),
      RUNS,
    );
  });
});
