import type { Region } from '../carbon/units.ts';
import type { Policy, ResidencySet } from './types.ts';

/** What a set's permission depends on beside the set. */
export interface SetContext {
  readonly policy: Policy;
  /** The workload's primary region; null: none is named. */
  readonly primaryRegion: Region | null;
  /** The list that narrows whatever the set permits; null: none. */
  readonly regions: readonly Region[] | null;
}

/** Whether a set permits a region, by the rules of src/residency/checks.ts (a test compares the two). */
export function setPermits(set: ResidencySet, place: Region, context: Omit<SetContext, 'regions'>): boolean {
  const { policy, primaryRegion } = context;
  const jurisdiction = policy.regions.get(place)?.jurisdiction ?? null;
  if (set.jurisdictions !== null && (jurisdiction === null || !set.jurisdictions.includes(jurisdiction))) return false;
  if (set.regions !== null && !set.regions.includes(place)) return false;
  return !set.primaryRegionOnly || place === primaryRegion;
}

/** A region that no table lists, since a label value is never empty: stands for all of those. */
const UNLISTED = '' as Region;

/** Whether a set, within the list, permits no region that another does not permit: of the table, by name, or unlisted. */
export function isWithin(inner: ResidencySet, outer: ResidencySet, context: SetContext): boolean {
  const places = context.regions ?? everyPlace(inner, context);
  return places.every((place) => !setPermits(inner, place, context) || setPermits(outer, place, context));
}

function everyPlace(set: ResidencySet, { policy, primaryRegion }: SetContext): readonly Region[] {
  return [...policy.regions.keys(), ...(set.regions ?? []), primaryRegion ?? UNLISTED, UNLISTED];
}
