import type { Region } from '../carbon/units.ts';
import type { Policy } from '../policy/types.ts';
import { isEmptyTerm, labelMatches, nodeMatches, nodeSuits, selectorRequirements } from './node-selector.ts';
import type { NodeCatalog, NodeFacts, NodeRequirement, NodeSelectorTerm, PodScheduling } from './types.ts';

/** All that decides which regions could run a pod, whatever residency and carbon say. */
export interface CandidateQuestion {
  readonly scheduling: PodScheduling;
  /** For each bound volume its node affinity; a node must satisfy every one of them. */
  readonly volumes: readonly (readonly NodeSelectorTerm[])[];
  readonly catalog: NodeCatalog;
  readonly policy: Policy;
  /** The label that carries a node's region. */
  readonly regionLabel: string;
}

/**
 * Regions that could run a pod, by name: those with an available node that its selectors, tolerations and volumes
 * allow, and the policy's provisionable ones that nothing of these contradicts. Costs up to one look at every node;
 * where that would take too long, every region that could run some pod is a candidate.
 */
export function candidateRegions(question: CandidateQuestion): readonly Region[] {
  const { catalog, policy } = question;
  const unread = sizeOf(question) * catalog.size > MOST_COMPARISONS;
  const runsOn = (node: NodeFacts): boolean => node.available && (unread || couldRunOn(node, question));
  const provided = (region: Region): boolean => unread || couldBeProvisioned(region, question);
  const found = new Set<Region>();
  for (const node of catalog.nodes()) {
    if (node.region !== null && !found.has(node.region) && runsOn(node)) found.add(node.region);
  }
  for (const { name, provisionable } of policy.regions.values()) {
    if (provisionable && !found.has(name) && provided(name)) found.add(name);
  }
  return [...found].sort();
}

/** What one question may cost: about a tenth of a second, in which nobody else is answered. */
const MOST_COMPARISONS = 2_000_000;

/** How much there is to compare with each node: an object of 1.5 MB has room for thousands of terms. */
function sizeOf({ scheduling: { nodeSelector, nodeAffinity, tolerations }, volumes }: CandidateQuestion): number {
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const sizes = [required, ...volumes].flat().map(({ matchExpressions = [], matchFields = [] }) => {
    return [...matchExpressions, ...matchFields].reduce((sum, { values = [] }) => sum + 1 + values.length, 1);
  });
  return Object.keys(nodeSelector).length + tolerations.length + sizes.reduce((sum, size) => sum + size, 0);
}

function couldRunOn(node: NodeFacts, { scheduling, volumes }: CandidateQuestion): boolean {
  return nodeSuits(node, scheduling) && volumes.every((terms) => nodeMatches(node, terms));
}

/** Of a node that is still to be made only the region is known: its other labels and taints are assumed to suit. */
function couldBeProvisioned(region: Region, { scheduling, volumes, policy, regionLabel }: CandidateQuestion): boolean {
  const required = scheduling.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const lists = required === undefined ? volumes : [...volumes, required.nodeSelectorTerms];
  const allowed = (requirement: NodeRequirement): boolean => allowsRegion(requirement, region, policy, regionLabel);
  return (
    selectorRequirements(scheduling.nodeSelector).every(allowed) &&
    lists.every((terms) => terms.some((term) => termAllows(term, allowed)))
  );
}

function termAllows(term: NodeSelectorTerm, allowed: (requirement: NodeRequirement) => boolean): boolean {
  if (isEmptyTerm(term)) return false;
  const { matchExpressions = [], matchFields = [] } = term;
  // A field names one node that exists already: only its exclusion can hold for a new one.
  return matchExpressions.every(allowed) && matchFields.every(({ operator }) => operator === 'NotIn');
}

function allowsRegion(requirement: NodeRequirement, region: Region, policy: Policy, regionLabel: string): boolean {
  const { key, operator, values = [] } = requirement;
  if (key === regionLabel) return labelMatches({ [regionLabel]: region }, requirement);
  if (!key.endsWith('/zone') || operator !== 'In') return true;
  return values.some((zone) => [region, null].includes(regionOfZone(zone, policy)));
}

/** Providers name a zone after its region (`us-east-1a`, `us-east1-b`, `eastus-1`); null: no region of the policy. */
function regionOfZone(zone: string, policy: Policy): Region | null {
  const prefixes = [...policy.regions.keys()].filter((region) => zone.startsWith(region));
  return prefixes.reduce<Region | null>((best, each) => (each.length > (best?.length ?? 0) ? each : best), null);
}
