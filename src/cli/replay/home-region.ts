import { region } from '../../carbon/units.ts';
import type { Region } from '../../carbon/units.ts';
import type { NodeSelectorTerm, PodScheduling } from '../../placement/types.ts';

/**
 * The region that a Job could run in, where its own selector or required affinity leaves only one; null: it leaves more,
 * or says nothing of regions.
 */
export function fixedRegion({ nodeSelector, nodeAffinity }: PodScheduling, label: string): Region | null {
  const selected = nodeSelector[label];
  if (selected !== undefined) return region(selected);
  const terms = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return only(terms.map((term) => namedBy(term, label)));
}

function namedBy({ matchExpressions = [] }: NodeSelectorTerm, label: string): Region | null {
  const named = matchExpressions.find(({ key, operator }) => key === label && operator === 'In');
  return only((named?.values ?? []).map(region));
}

/** The one region that all of them are; null: they differ, one is not known, or there are none. */
export function only(regions: readonly (Region | null)[]): Region | null {
  const [first = null, ...others] = new Set(regions);
  return others.length === 0 ? first : null;
}
