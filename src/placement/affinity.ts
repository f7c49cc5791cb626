import type { Region } from '../carbon/units.ts';
import { isEmptyTerm } from './node-selector.ts';
import type { RankedRegion } from './rank.ts';
import type { RequiredRegions } from './required-regions.ts';
import type { NodeAffinity, NodeRequirement, NodeSelectorTerm, PreferredTerm } from './types.ts';

const MAX_WEIGHT = 100;

/** What a node's region label must satisfy; null: nothing. A list that permits nothing gives what nothing satisfies. */
export function regionRequirement(permitted: RequiredRegions, regionLabel: string): NodeRequirement | null {
  if (permitted === 'any') return null;
  if (permitted === 'labelled') return { key: regionLabel, operator: 'Exists' };
  return { key: regionLabel, operator: 'In', values: permitted };
}

/**
 * Narrows required affinity by one more requirement. Terms are ORed, so it is appended to each, behind what stands
 * there (a gated pod's terms may only grow at their end), and only once. A term or a list that is empty matches nothing
 * and stays as it is.
 */
export function withRequired(affinity: NodeAffinity | null, requirement: NodeRequirement): NodeAffinity {
  const same = sameAs(requirement);
  return mapTerms(affinity, requirement, (term) =>
    (term.matchExpressions ?? []).some(same) ? term : appended(term, requirement),
  );
}

/**
 * Prefers regions by their totals, the best with weight 100, behind the user's own preferences. Where no region is
 * ranked, or the pod prefers regions of its own, the affinity stays as it is.
 */
export function withPreferredRegions(
  affinity: NodeAffinity | null,
  ranking: readonly RankedRegion[],
  regionLabel: string,
): NodeAffinity | null {
  const own = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const best = Math.max(0, ...ranking.map(({ total }) => total));
  const ours = ranking.flatMap(({ region, total }) =>
    region === null ? [] : [preferred(region, best > 0 ? total / best : 1, regionLabel)],
  );
  if (ours.length === 0 || own.some((term) => prefersRegion(term, regionLabel))) return affinity;
  return { ...affinity, preferredDuringSchedulingIgnoredDuringExecution: [...own, ...ours] };
}

/**
 * Requires one region, in a way that `withoutPinnedRegion` can take back: appended to every term even where the same
 * already stands there.
 */
export function withPinnedRegion(affinity: NodeAffinity | null, region: Region, regionLabel: string): NodeAffinity {
  const pin = { key: regionLabel, operator: 'In', values: [region] };
  return mapTerms(affinity, pin, (term) => appended(term, pin));
}

/**
 * Takes a pinned region back: the last requirement of each term, where it names one region. Null: nothing is left. For
 * affinity that was pinned; of any other it might take what its owner required.
 */
export function withoutPinnedRegion(affinity: NodeAffinity | null, regionLabel: string): NodeAffinity | null {
  const { requiredDuringSchedulingIgnoredDuringExecution: required, ...rest } = affinity ?? {};
  if (required === undefined) return affinity;
  const terms = required.nodeSelectorTerms.map((term) => withoutPin(term, regionLabel));
  const [only] = terms;
  // The term that the pin made for itself goes with it: left empty, it would match nothing.
  if (terms.length === 1 && only !== required.nodeSelectorTerms[0] && only !== undefined && isEmptyTerm(only)) {
    return Object.keys(rest).length === 0 ? null : rest;
  }
  return { ...rest, requiredDuringSchedulingIgnoredDuringExecution: { ...required, nodeSelectorTerms: terms } };
}

/** Whether required affinity already leaves this one region alone. */
export function requiresRegion(affinity: NodeAffinity | null, region: Region, regionLabel: string): boolean {
  const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const only = sameAs({ key: regionLabel, operator: 'In', values: [region] });
  return terms.length > 0 && terms.every(({ matchExpressions = [] }) => matchExpressions.some(only));
}

function mapTerms(
  affinity: NodeAffinity | null,
  requirement: NodeRequirement,
  change: (term: NodeSelectorTerm) => NodeSelectorTerm,
): NodeAffinity {
  const required = affinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = required?.nodeSelectorTerms.map((term) => (isEmptyTerm(term) ? term : change(term)));
  return {
    ...affinity,
    requiredDuringSchedulingIgnoredDuringExecution: {
      ...required,
      nodeSelectorTerms: terms ?? [{ matchExpressions: [requirement] }],
    },
  };
}

function appended(term: NodeSelectorTerm, requirement: NodeRequirement): NodeSelectorTerm {
  return { ...term, matchExpressions: [...(term.matchExpressions ?? []), requirement] };
}

function withoutPin(term: NodeSelectorTerm, regionLabel: string): NodeSelectorTerm {
  const last = term.matchExpressions?.at(-1);
  if (last?.key !== regionLabel || last.operator !== 'In' || last.values?.length !== 1) return term;
  const { matchExpressions = [], ...fields } = term;
  const left = matchExpressions.slice(0, -1);
  return left.length === 0 ? fields : { ...term, matchExpressions: left };
}

function preferred(region: Region, share: number, regionLabel: string): PreferredTerm {
  const weight = Math.min(MAX_WEIGHT, Math.max(1, Math.round(MAX_WEIGHT * share)));
  return { weight, preference: { matchExpressions: [{ key: regionLabel, operator: 'In', values: [region] }] } };
}

function prefersRegion({ preference }: PreferredTerm, regionLabel: string): boolean {
  return (preference.matchExpressions ?? []).some(({ key }) => key === regionLabel);
}

/** The order of values says nothing. */
function sameAs(wanted: NodeRequirement): (each: NodeRequirement) => boolean {
  const sorted = ({ values = [] }: NodeRequirement): string => JSON.stringify([...new Set(values)].sort());
  const values = sorted(wanted);
  return (each) => each.key === wanted.key && each.operator === wanted.operator && sorted(each) === values;
}
