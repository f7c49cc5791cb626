import { regionRequirement } from '../../placement/affinity.ts';
import { rankPermitted } from '../../placement/permitted-ranking.ts';
import type { RankedRegion } from '../../placement/rank.ts';
import type { RequiredRegions } from '../../placement/required-regions.ts';
import type { NodeRequirement } from '../../placement/types.ts';
import type { HoldCandidate } from '../../timing/types.ts';
import { at } from './edit.ts';
import type { HoldVerdict } from './hold.ts';
import type { Scene, Wanted } from './scene.ts';

/** What is written into a pod about its nodes. */
export interface PodPlacement {
  /** For required affinity; null: nothing is required. */
  readonly requirement: NodeRequirement | null;
  /** For preferred affinity, best first; empty: nothing is preferred. */
  readonly preferred: readonly RankedRegion[];
  /** Whether the pod requests the extended resource that calls the extender. */
  readonly marked: boolean;
}

/** Nothing is written. */
export const UNPLACED: PodPlacement = { requirement: null, preferred: [], marked: false };

/** What a placement rests on, beside the scene. */
export interface Placing {
  readonly pod: unknown;
  readonly wanted: Wanted;
  readonly candidate: HoldCandidate;
  readonly permitted: RequiredRegions;
  readonly hold: HoldVerdict;
}

/**
 * Where a pod must, and where it should run. A held pod's preference is written when it is released, with the values of
 * that moment; a pod whose node is settled has none.
 */
export function placePod(placing: Placing, scene: Scene): PodPlacement {
  const { wanted, candidate, permitted, hold } = placing;
  if (!wanted.concerned) return UNPLACED;
  const { placement, marks } = scene.world.policy.scheduler;
  const settled = candidate.assigned || candidate.controller === 'daemon-set';
  return {
    requirement: regionRequirement(permitted, scene.regionLabel),
    preferred: placement === 'affinity' && !settled && !hold.held ? preferredRegions(placing, scene) : [],
    marked: placement === 'extender' && marks && !settled,
  };
}

/** Those below the carbon ceiling; where none is, the least bad ones are still better than chance. */
function preferredRegions({ pod, wanted }: Placing, { world, candidates }: Scene): readonly RankedRegion[] {
  const { passing, permitted } = rankPermitted(candidates(at(pod, ['spec'])), wanted.intent.placement, world);
  return passing.length > 0 ? passing : permitted;
}
