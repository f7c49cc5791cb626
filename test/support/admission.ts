import type { Express } from 'express';
import type { Operation } from 'rfc6902';
import { applyPatch } from 'rfc6902';
import type { World } from '../../src/placement/facts.ts';
import type { NodeSelectorTerm } from '../../src/placement/types.ts';
import type { NamespaceFacts } from '../../src/policy/namespace.ts';
import { Admission } from '../../src/service/admission/admission.ts';
import type { AdmissionObserver, Outcome, Purpose, Resource } from '../../src/service/admission/admission.ts';
import type { AdmissionAnswer } from '../../src/service/admission/answer.ts';
import { admissionApp } from '../../src/service/admission/http.ts';
import type { AdmissionHttpObserver } from '../../src/service/admission/http.ts';
import type { AdmissionRequest } from '../../src/service/admission/review.ts';
import type { ClusterState } from '../../src/service/cluster-state.ts';
import type { CronJobFacts, RolloutFacts } from '../../src/timing/types.ts';
import { hours } from './hold.ts';
import { ClassDurations } from '../../src/timing/class-durations.ts';
import { FakeCatalog, grams, policy, signal, world, workClass } from './world.ts';

export const REGION_LABEL = 'topology.kubernetes.io/region';
export const CLASSES = [
  workClass('urgent', { maxDelay: hours(0), maxIntensity: null }),
  workClass('standard', { maxDelay: hours(1), maxIntensity: grams(400) }),
  workClass('deferrable', { maxDelay: hours(12), maxIntensity: grams(250) }),
];

/** Three regions with a node each, all above the threshold of the class `deferrable`. */
export function dirtyWorld(part: Partial<World> = {}): World {
  return world({
    policy: policy({ classes: CLASSES }),
    signal: signal({ 'eu-west-1': 300, 'eu-central-1': 320, 'us-east-1': 500 }),
    catalog: new FakeCatalog({ west: 'eu-west-1', central: 'eu-central-1', east: 'us-east-1', nowhere: null }),
    ...part,
  });
}

/** The same, with one region at 100 g. */
export function cleanWorld(part: Partial<World> = {}): World {
  return dirtyWorld({ signal: signal({ 'eu-west-1': 100, 'eu-central-1': 320, 'us-east-1': 500 }), ...part });
}

interface StateSketch {
  /** Annotations and labels' flags of namespaces other than `default`; null: not known. */
  namespaces?: Record<string, Partial<NamespaceFacts> | null>;
  cronJob?: CronJobFacts | null;
  rollout?: RolloutFacts | null;
  volumes?: readonly (readonly NodeSelectorTerm[])[];
}

export function clusterState(sketch: StateSketch = {}): ClusterState {
  return {
    namespace: (name) => {
      const facts = sketch.namespaces?.[name];
      return facts === null ? undefined : { name, annotations: {}, managed: false, enforced: false, ...facts };
    },
    cronJob: () => sketch.cronJob ?? null,
    rollout: () => sketch.rollout ?? null,
    volumeTerms: (_namespace, claims) => (claims.length === 0 ? [] : (sketch.volumes ?? [])),
  };
}

/** Remembers what it was told. */
export class RecordingAdmissionObserver implements AdmissionObserver, AdmissionHttpObserver {
  readonly decided: { resource: Resource; request: AdmissionRequest; outcome: Outcome }[] = [];
  readonly answered: { resource: Resource; status: number }[] = [];
  readonly failures: unknown[] = [];

  onDecided(resource: Resource, request: AdmissionRequest, outcome: Outcome): void {
    this.decided.push({ resource, request, outcome });
  }

  onAnswered(resource: Resource, status: number): void {
    this.answered.push({ resource, status });
  }

  onFailure(_resource: Resource, error: unknown): void {
    this.failures.push(error);
  }
}

export interface AdmissionSketch extends StateSketch {
  world?: World;
  /** The pods that bindings name, by `namespace/name`. */
  pods?: Record<string, unknown>;
  podOf?: (namespace: string, name: string) => Promise<unknown>;
  observer?: AdmissionObserver;
}

/** Admission in a world of the test's own: dirty unless said otherwise. */
export function admissionIn(sketch: AdmissionSketch = {}): Admission {
  const at = sketch.world ?? dirtyWorld();
  const state = clusterState(sketch);
  return new Admission({
    gather: () => ({ world: at, state }),
    ownNamespace: 'lowtide',
    regionLabel: REGION_LABEL,
    regionOfNode: (name) => new Map(at.catalog.regions()).get(name),
    durations: new ClassDurations(),
    podOf:
      sketch.podOf ?? ((namespace, name) => Promise.resolve<unknown>(sketch.pods?.[`${namespace}/${name}`] ?? null)),
    observer: sketch.observer ?? new RecordingAdmissionObserver(),
  });
}

/** Admission over HTTP. */
export function admissionOver(
  sketch: AdmissionSketch = {},
  bodyLimit = 1_000_000,
): { app: Express; observer: RecordingAdmissionObserver } {
  const observer = new RecordingAdmissionObserver();
  const admission = admissionIn({ ...sketch, observer });
  return { app: admissionApp({ admission, observer, bodyLimit, monotonic: () => performance.now() }), observer };
}

/** A request to create the object. */
export function creation(object: unknown, part: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return {
    uid: 'a-review',
    operation: 'CREATE',
    resource: 'pods',
    subResource: '',
    namespace: 'default',
    name: '',
    dryRun: false,
    user: 'somebody',
    object,
    ...part,
  };
}

/** What was answered, with the object as the API server would have it after the patch. */
export interface Admitted extends AdmissionAnswer {
  readonly after: JsonObject;
}

/** Kubernetes JSON as tests read it. */
export interface JsonObject {
  metadata: {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [key: string]: unknown;
  };
  spec: Record<string, unknown>;
}

export async function admitPod(
  pod: unknown,
  sketch: AdmissionSketch = {},
  part: Partial<AdmissionRequest> & { purpose?: Purpose } = {},
): Promise<Admitted> {
  return admit('pods', pod, sketch, part);
}

export async function admitJob(
  job: unknown,
  sketch: AdmissionSketch = {},
  part: Partial<AdmissionRequest> & { purpose?: Purpose } = {},
): Promise<Admitted> {
  return admit('jobs', job, sketch, part);
}

async function admit(
  resource: Resource,
  object: unknown,
  sketch: AdmissionSketch,
  { purpose = 'carbon', ...part }: Partial<AdmissionRequest> & { purpose?: Purpose },
): Promise<Admitted> {
  const answer = await admissionIn(sketch).answer(resource, purpose, creation(object, { resource, ...part }));
  return { ...answer, after: patched(object, answer.patch) };
}

/** A copy of the object after the patch; throws where it does not apply. */
export function patched(object: unknown, patch: readonly Operation[]): JsonObject {
  const after = structuredClone(object) as JsonObject;
  const faults = applyPatch(after, structuredClone([...patch])).filter((fault) => fault !== null);
  if (faults[0] !== undefined) throw faults[0];
  return after;
}

interface PodSketch {
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
  spec?: Record<string, unknown>;
  /** Kind of its controller, with its API version: `batch/v1 Job`. */
  owner?: string;
}

const CONTAINER = { name: 'work', image: 'work' };

/** A pod as a person writes it. */
export function podObject({ annotations, labels, spec = {}, owner }: PodSketch = {}): JsonObject {
  return {
    metadata: metadata({ annotations, labels, owner }),
    spec: { containers: [CONTAINER], ...spec },
  };
}

interface JobSketch extends PodSketch {
  /** Annotations of its pod template. */
  template?: Record<string, string>;
  podSpec?: Record<string, unknown>;
}

/** A Job as a person writes it. */
export function jobObject({
  annotations,
  labels,
  template,
  spec = {},
  podSpec = {},
  owner,
}: JobSketch = {}): JsonObject {
  return {
    metadata: metadata({ annotations, labels, owner }),
    spec: {
      template: {
        metadata: template === undefined ? {} : { annotations: template },
        spec: { containers: [CONTAINER], restartPolicy: 'Never', ...podSpec },
      },
      ...spec,
    },
  };
}

function metadata({
  annotations,
  labels,
  owner,
}: {
  annotations: Record<string, string> | undefined;
  labels: Record<string, string> | undefined;
  owner: string | undefined;
}): JsonObject['metadata'] {
  const [apiVersion, kind] = owner?.split(' ') ?? [];
  return {
    name: 'work',
    ...(annotations === undefined ? {} : { annotations }),
    ...(labels === undefined ? {} : { labels }),
    ...(owner === undefined
      ? {}
      : { ownerReferences: [{ apiVersion, kind, name: 'its-owner', uid: 'u', controller: true }] }),
  };
}

/** The annotations of a Job's template after admission. */
export function templateAnnotations(job: JsonObject): Record<string, string> {
  const template = job.spec['template'] as { metadata?: { annotations?: Record<string, string> } };
  return template.metadata?.annotations ?? {};
}

/** Names of the scheduling gates. */
export function gatesOf(pod: JsonObject): readonly string[] {
  return ((pod.spec['schedulingGates'] ?? []) as { name: string }[]).map(({ name }) => name);
}
