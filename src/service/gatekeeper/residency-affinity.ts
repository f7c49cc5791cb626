import { regionRequirement, withRequired } from '../../placement/affinity.ts';
import { requiredRegions } from '../../placement/required-regions.ts';
import type { NodeAffinity } from '../../placement/types.ts';
import type { PlacementIntent } from '../../policy/intent.ts';
import type { Policy } from '../../policy/types.ts';

/** Whom residency is written for, and by what rules. */
interface ResidencyQuestion {
  readonly intent: PlacementIntent;
  readonly policy: Policy;
  readonly regionLabel: string;
}

/** Affinity narrowed to the regions that residency and latency budget permit now; the same where nothing is required. */
export function withResidency(
  own: NodeAffinity | null,
  { intent, policy, regionLabel }: ResidencyQuestion,
): NodeAffinity | null {
  const requirement = regionRequirement(requiredRegions(intent, policy), regionLabel);
  // The API server takes no empty list. Where nothing is permitted any more, what admission wrote still stands.
  if (requirement === null || requirement.values?.length === 0) return own;
  return withRequired(own, requirement);
}
