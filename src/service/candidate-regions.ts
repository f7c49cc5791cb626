import type { Region } from '../carbon/units.ts';
import { candidateRegions } from '../placement/candidates.ts';
import type { World } from '../placement/facts.ts';
import type { PodScheduling } from '../placement/types.ts';
import type { ClusterState } from './cluster-state.ts';

/** Distinct ways to choose nodes that are remembered at once; the pods of a cluster know few. */
const MOST = 10_000;
/** Characters of a way to choose nodes; an object of 1.5 MB has room for one that is not worth the memory. */
const LONGEST = 8_192;

/** What regions are asked for. */
interface CandidatesAsked {
  readonly namespace: string;
  readonly scheduling: PodScheduling;
  readonly world: World;
  readonly state: Pick<ClusterState, 'volumeTerms'>;
}

/**
 * Regions that could run a pod, whatever residency and carbon say: found once for all pods that schedule alike, as long
 * as nodes and policy are what they were, since finding out costs a look at every node.
 */
export class CandidateRegions {
  readonly #regionLabel: string;
  readonly #known = new Map<string, readonly Region[]>();
  #basis = '';

  constructor(regionLabel: string) {
    this.#regionLabel = regionLabel;
  }

  of({ namespace, scheduling, world, state }: CandidatesAsked): readonly Region[] {
    this.#forgetOutdated(world);
    const volumes = state.volumeTerms(namespace, scheduling.claims);
    const { nodeSelector, nodeAffinity, tolerations } = scheduling;
    const key = JSON.stringify([nodeSelector, nodeAffinity, tolerations, volumes]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { catalog, policy } = world;
    const found = candidateRegions({ scheduling, volumes, catalog, policy, regionLabel: this.#regionLabel });
    if (key.length <= LONGEST) this.#known.set(key, found);
    return found;
  }

  #forgetOutdated({ catalog, policyGeneration }: World): void {
    const basis = `${catalog.revision} ${policyGeneration}`;
    if (basis === this.#basis && this.#known.size < MOST) return;
    this.#basis = basis;
    this.#known.clear();
  }
}
