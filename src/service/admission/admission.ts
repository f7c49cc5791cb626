import type { Millis, Region } from '../../carbon/units.ts';
import { podScheduling } from '../../kubernetes/pod-scheduling.ts';
import type { World } from '../../placement/facts.ts';
import type { Intent } from '../../policy/workload-intent.ts';
import { usualOf } from '../../timing/class-durations.ts';
import type { Durations } from '../../timing/class-durations.ts';
import type { WorkKind } from '../../timing/types.ts';
import { CandidateRegions } from '../candidate-regions.ts';
import type { ClusterState } from '../cluster-state.ts';
import { PASSED } from './answer.ts';
import type { AdmissionAnswer, Refusal } from './answer.ts';
import { applyJob, applyPod } from './apply.ts';
import { auditOfPlan, auditOfRefusal } from './audit.ts';
import { decideJob } from './decide-job.ts';
import { decidePod } from './decide-pod.ts';
import { checkBinding, checkPod } from './node-guard.ts';
import type { PodOf } from './node-guard.ts';
import { jsonPatch } from './patch.ts';
import { namespaceUnknown } from './refusals.ts';
import type { AdmissionRequest } from './review.ts';
import type { Scene } from './scene.ts';
import { warningsOf } from './words-for-people.ts';
import type { Told } from './words-for-people.ts';

/** The two kinds of objects that are admitted. */
export type Resource = 'pods' | 'jobs';

/**
 * What the webhook that asks is for: `carbon` changes objects and lets pass what it cannot judge, `enforced` changes
 * objects of enforced namespaces and refuses that, `guard` changes nothing and judges named nodes and bindings there.
 */
export type Purpose = 'carbon' | 'enforced' | 'guard';

/** What became of a request: refused, decided upon, or let pass as none of Lowtide's business. */
export type Outcome =
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  | { readonly outcome: 'decided'; readonly told: Told; readonly patched: boolean }
  | { readonly outcome: 'passed' };

/** Who is told of each decision: metrics and log. */
export interface AdmissionObserver {
  onDecided(resource: Resource, request: AdmissionRequest, outcome: Outcome): void;
}

/** What decisions rest on: all of it in memory, nothing waits. */
export interface Gathered {
  readonly world: World;
  readonly state: ClusterState;
}

export interface AdmissionOptions {
  readonly gather: () => Gathered;
  /** Where Lowtide lives; nothing there is held. */
  readonly ownNamespace: string;
  readonly regionLabel: string;
  /** Where a node stands; null without a region label, undefined where the node is not known. */
  readonly regionOfNode: (name: string) => Region | null | undefined;
  /** How long finished work of each class took. */
  readonly durations: Durations;
  /** The pod that a binding names, for enforced namespaces. */
  readonly podOf: PodOf;
  readonly observer: AdmissionObserver;
}

/** Answers the API server: gather, decide, apply; without I/O, but for bindings in enforced namespaces. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #candidates: CandidateRegions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#candidates = new CandidateRegions(options.regionLabel);
  }

  /** Rejects with whatever `podOf` rejects with: the webhook's failure policy decides then. */
  async answer(resource: Resource, purpose: Purpose, request: AdmissionRequest): Promise<AdmissionAnswer> {
    if (request.operation !== 'CREATE' || !isAbout(resource, purpose, request)) return PASSED;
    const scene = this.#sceneOf(request);
    // By the path that it takes the API server says that the namespace enforces: who does not know is behind.
    if (purpose !== 'carbon' && scene.facts?.enforced !== true) {
      return this.#refused(resource, request, namespaceUnknown(request.namespace));
    }
    if (purpose === 'guard') return this.#guarded(resource, request, scene);
    if (request.subResource !== '') return PASSED;
    return resource === 'pods' ? this.#pod(request, scene) : this.#job(request, scene);
  }

  #sceneOf({ namespace }: AdmissionRequest): Scene {
    const { ownNamespace, regionLabel, regionOfNode, durations, gather } = this.#options;
    const { world, state } = gather();
    const candidates = (podSpec: unknown): readonly Region[] =>
      this.#candidates.of({ namespace, scheduling: podScheduling(podSpec), world, state });
    const facts = state.namespace(namespace) ?? null;
    const usual = (intent: Intent): Millis | null => usualOf(durations, intent);
    const around = { namespace, ownNamespace, state, now: world.now };
    return { ...around, world, facts, regionLabel, candidates, usual, regionOfNode };
  }

  #pod(request: AdmissionRequest, scene: Scene): AdmissionAnswer {
    const decision = decidePod(request.object, scene);
    if (decision === null) return this.#passed('pods', request);
    const { plan, refusal } = decision;
    if (plan === null) return this.#refused('pods', request, refusal);
    return this.#planned('pods', request, { after: applyPod(plan, scene.regionLabel), told: told('pod', plan) });
  }

  #job(request: AdmissionRequest, scene: Scene): AdmissionAnswer {
    const { plan, refusal } = decideJob(request.object, scene);
    if (plan === null) return this.#refused('jobs', request, refusal);
    return this.#planned('jobs', request, { after: applyJob(plan), told: told('job', plan) });
  }

  async #guarded(resource: Resource, request: AdmissionRequest, scene: Scene): Promise<AdmissionAnswer> {
    if (resource !== 'pods') return PASSED;
    const ofBinding = request.subResource === 'binding' || request.resource === BINDINGS;
    const refusal = ofBinding ? await checkBinding(request, scene, this.#options.podOf) : checkPod(request, scene);
    return refusal === null ? this.#passed(resource, request) : this.#refused(resource, request, refusal);
  }

  #passed(resource: Resource, request: AdmissionRequest): AdmissionAnswer {
    this.#options.observer.onDecided(resource, request, { outcome: 'passed' });
    return PASSED;
  }

  #refused(resource: Resource, request: AdmissionRequest, refusal: Refusal): AdmissionAnswer {
    this.#options.observer.onDecided(resource, request, { outcome: 'refused', refusal });
    return { refusal, patch: [], warnings: [], audit: auditOfRefusal(refusal) };
  }

  #planned(
    resource: Resource,
    request: AdmissionRequest,
    { after, told }: { readonly after: unknown; readonly told: Told },
  ): AdmissionAnswer {
    const patch = jsonPatch(request.object, after);
    this.#options.observer.onDecided(resource, request, { outcome: 'decided', told, patched: patch.length > 0 });
    return { refusal: null, patch, warnings: warningsOf(told), audit: auditOfPlan(told.hold, told.wanted) };
  }
}

/** A resource of its own for what is otherwise `pods/binding`; the API server still serves it. */
const BINDINGS = 'bindings';

function isAbout(resource: Resource, purpose: Purpose, request: AdmissionRequest): boolean {
  return request.resource === resource || (purpose === 'guard' && request.resource === BINDINGS);
}

function told(kind: WorkKind, { wanted, hold, controlled, notes }: Omit<Told, 'kind'>): Told {
  return { kind, wanted, hold, controlled, notes };
}
