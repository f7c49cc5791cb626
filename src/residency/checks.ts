import type { Region } from '../carbon/units.ts';
import type { PlacementIntent } from '../policy/intent.ts';
import type { Policy, ResidencySet } from '../policy/types.ts';
import type { ResidencyRefusal } from './reasons.ts';

/** Where a node stands: a region, null without a region label, undefined where the node itself is unknown. */
export type NodePlace = Region | null | undefined;

/** All that a check may look at. */
export interface ResidencyQuestion {
  readonly place: NodePlace;
  readonly intent: PlacementIntent;
  readonly policy: Policy;
}

/** A check names what it finds wrong, or finds nothing. */
export type ResidencyCheck = (question: ResidencyQuestion) => ResidencyRefusal | null;

const setUnknown: ResidencyCheck = ({ intent }) =>
  intent.residency.state === 'unknown-set' ? 'residency-unknown-set' : null;

const nodeUnknown: ResidencyCheck = ({ place, intent }) =>
  place === undefined && hasResidency(intent) ? 'residency-node-unknown' : null;

const regionMissing: ResidencyCheck = ({ place, intent }) =>
  place === null && hasResidency(intent) ? 'residency-no-region' : null;

const jurisdictionOutside: ResidencyCheck = ({ place, intent, policy }) => {
  const permitted = setOf(intent)?.jurisdictions ?? null;
  if (permitted === null || place === null || place === undefined) return null;
  const facts = policy.regions.get(place);
  if (facts === undefined) return 'residency-region-unlisted';
  return facts.jurisdiction !== null && permitted.includes(facts.jurisdiction) ? null : 'residency-jurisdiction';
};

const regionOutsideSet: ResidencyCheck = ({ place, intent }) =>
  isOutside(place, setOf(intent)?.regions ?? null) ? 'residency-region-not-in-set' : null;

const primaryRegionElsewhere: ResidencyCheck = ({ place, intent }) => {
  if (setOf(intent)?.primaryRegionOnly !== true) return null;
  if (intent.primaryRegion === null) return 'residency-no-primary-region';
  return place === intent.primaryRegion ? null : 'residency-not-primary-region';
};

const regionNotListedByWorkload: ResidencyCheck = ({ place, intent }) =>
  isOutside(place, intent.regions) ? 'residency-regions' : null;

/** In the order in which they are asked; the first finding stands. */
export const RESIDENCY_CHECKS: readonly ResidencyCheck[] = [
  setUnknown, // nothing is permitted by a rule that nobody wrote
  nodeUnknown, // a node just born: its region is not known yet
  regionMissing, // no label, no proof of where it stands
  jurisdictionOutside, // the set's jurisdictions
  regionOutsideSet, // the set's regions
  primaryRegionElsewhere, // the set's primary region
  regionNotListedByWorkload, // the workload's own, narrower list
];

/** Whether residency may run the workload there: null, or the first reason why not. */
export function residencyRefusal(question: ResidencyQuestion): ResidencyRefusal | null {
  for (const check of RESIDENCY_CHECKS) {
    const finding = check(question);
    if (finding !== null) return finding;
  }
  return null;
}

/** Whether the workload has residency: any set, `global` too, or regions of its own. */
export function hasResidency(intent: PlacementIntent): boolean {
  return intent.residency.state !== 'none' || intent.regions !== null;
}

/** The set of the policy that it asks for; null: none, or one that the policy lacks. */
export function setOf(intent: PlacementIntent): ResidencySet | null {
  return intent.residency.state === 'set' ? intent.residency.set : null;
}

function isOutside(place: NodePlace, permitted: readonly Region[] | null): boolean {
  return permitted !== null && (place === null || place === undefined || !permitted.includes(place));
}
