import type { Region } from '../../carbon/units.ts';
import { podScheduling } from '../../kubernetes/pod-scheduling.ts';
import { candidateRegions } from '../../placement/candidates.ts';
import type { World } from '../../placement/facts.ts';
import type { ClusterState } from '../cluster-state.ts';

/** Distinct ways to choose nodes that are remembered at once; the pods of a cluster know few. */
const MOST = 1_000;
/** Characters of a way to choose nodes; an object of 1.5 MB has room for one that is not worth the memory. */
const LONGEST = 8_192;

/** What regions are asked for. */
export interface CandidatesAsked {
  readonly podSpec: unknown;
  readonly namespace: string;
  readonly world: World;
  readonly state: ClusterState;
}

/**
 * Remembers which regions could run a pod, as long as nodes and policy are what they were: finding out costs a look at
 * every node.
 */
export class CandidateMemo {
  readonly #regionLabel: string;
  readonly #known = new Map<string, readonly Region[]>();
  #revision = -1;
  #policyGeneration = -1;

  constructor(regionLabel: string) {
    this.#regionLabel = regionLabel;
  }

  /** Regions that could run a pod of this spec, whatever residency and carbon say. */
  regions({ podSpec, namespace, world, state }: CandidatesAsked): readonly Region[] {
    this.#forgetOutdated(world);
    const scheduling = podScheduling(podSpec);
    const volumes = state.volumeTerms(namespace, scheduling.claims);
    const { nodeSelector, nodeAffinity, tolerations } = scheduling;
    const key = JSON.stringify([nodeSelector, nodeAffinity, tolerations, volumes]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { catalog, policy } = world;
    const found = candidateRegions({ scheduling, volumes, catalog, policy, regionLabel: this.#regionLabel });
    if (key.length > LONGEST) return found;
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(key, found);
    return found;
  }

  #forgetOutdated({ catalog, policyGeneration }: World): void {
    if (catalog.revision === this.#revision && policyGeneration === this.#policyGeneration) return;
    this.#known.clear();
    this.#revision = catalog.revision;
    this.#policyGeneration = policyGeneration;
  }
}
