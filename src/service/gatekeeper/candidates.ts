import type { Region } from '../../carbon/units.ts';
import { candidateRegions } from '../../placement/candidates.ts';
import type { World } from '../../placement/facts.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import type { ClusterState } from '../cluster-state.ts';

/** More kinds of scheduling than this, and what is known is begun anew. */
const MOST_KINDS = 10_000;

/** Regions that work could run in, found once for all work that schedules alike, until nodes or policy change. */
export class Candidates {
  readonly #state: Pick<ClusterState, 'volumeTerms'>;
  readonly #regionLabel: string;
  #basis = '';
  readonly #found = new Map<string, readonly Region[]>();

  constructor(state: Pick<ClusterState, 'volumeTerms'>, regionLabel: string) {
    this.#state = state;
    this.#regionLabel = regionLabel;
  }

  of({ namespace, scheduling }: Pick<HeldWork, 'namespace' | 'scheduling'>, world: World): readonly Region[] {
    this.#refresh(world);
    const volumes = this.#state.volumeTerms(namespace, scheduling.claims);
    const { nodeSelector, nodeAffinity, tolerations } = scheduling;
    const key = JSON.stringify([nodeSelector, nodeAffinity, tolerations, volumes]);
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const { catalog, policy } = world;
    const found = candidateRegions({ scheduling, volumes, catalog, policy, regionLabel: this.#regionLabel });
    this.#found.set(key, found);
    return found;
  }

  #refresh({ catalog, policyGeneration }: World): void {
    const basis = `${catalog.revision} ${policyGeneration}`;
    if (basis === this.#basis && this.#found.size < MOST_KINDS) return;
    this.#basis = basis;
    this.#found.clear();
  }
}
