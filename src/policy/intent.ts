import { gramsPerKwh, region } from '../carbon/units.ts';
import type { GramsPerKwh, Millis, Region } from '../carbon/units.ts';
import * as annotation from './annotations.ts';
import { parseDuration } from './duration.ts';
import type { Policy, ResidencySet, WorkClass } from './types.ts';

/** An annotation that could not be used, and what its value should have been. */
export interface IntentProblem {
  readonly annotation: string;
  readonly value: string;
  readonly accepted: string;
  /** Who set the limit that the value breaks, e.g. `class deferrable of the policy`; left out where it is malformed. */
  readonly limit?: string;
}

/** The residency a workload asks for: none, a set of the policy, or a name that the policy does not know. */
export type ResidencyIntent =
  | { readonly state: 'none' }
  | { readonly state: 'set'; readonly set: ResidencySet }
  | { readonly state: 'unknown-set'; readonly name: string };

/** The longest round trip a workload bears, and from where it is counted. */
export interface LatencyIntent {
  readonly origin: Region;
  /** Null: no limit, the origin alone is known and nearer is better. */
  readonly budget: Millis | null;
}

/** What one workload wants of placement, resolved against the policy. */
export interface PlacementIntent {
  readonly workClass: WorkClass | null;
  readonly residency: ResidencyIntent;
  /** The workload's own list of regions; narrows residency, never widens it. Null: no list. */
  readonly regions: readonly Region[] | null;
  /** The region that a set with `primaryRegionOnly` allows; null: nobody named one. */
  readonly primaryRegion: Region | null;
  /** Regions above it are avoided; the lower of the annotation and the class's maxIntensity. */
  readonly ceiling: GramsPerKwh | null;
  readonly latency: LatencyIntent | null;
  readonly problems: readonly IntentProblem[];
}

/** Annotations as they arrive: whatever JSON stood there. */
export type Annotations = Readonly<Record<string, unknown>>;

/**
 * Resolves a workload's annotations against the policy. Never throws: what cannot be used is listed in `problems`.
 * Residency that cannot be understood stays an unknown set, which permits nothing; a malformed ceiling or latency
 * budget falls away.
 */
export function placementIntent(annotations: Annotations, policy: Policy): PlacementIntent {
  const problems: IntentProblem[] = [];
  const read = (name: string): string | null => ownText(annotations, name);
  const workClass = classIntent(read(annotation.CLASS), policy, problems);
  const regions = regionList(read(annotation.REGIONS), problems);
  const tenant = read(annotation.TENANT);
  return {
    workClass,
    residency: residencyIntent(read(annotation.RESIDENCY), policy, problems),
    regions,
    primaryRegion: primaryRegion(tenant, regions, policy),
    ceiling: lowest(intensity(read(annotation.MAX_INTENSITY), problems), workClass?.maxIntensity ?? null),
    latency: latencyIntent(read(annotation.LATENCY_ORIGIN), read(annotation.LATENCY_BUDGET), problems),
    problems,
  };
}

/** One annotation's text; null: not there. What is no string, which an API server never lets through, reads as empty. */
export function ownText(annotations: Annotations, name: string): string | null {
  if (!Object.hasOwn(annotations, name)) return null;
  const value = annotations[name];
  return typeof value === 'string' ? value.trim() : '';
}

function classIntent(name: string | null, policy: Policy, problems: IntentProblem[]): WorkClass | null {
  if (name === null) return null;
  const found = policy.classes.get(name);
  if (found === undefined) {
    problems.push({ annotation: annotation.CLASS, value: name, accepted: `a class: ${names(policy.classes)}` });
  }
  return found ?? null;
}

function residencyIntent(name: string | null, policy: Policy, problems: IntentProblem[]): ResidencyIntent {
  if (name === null) return { state: 'none' };
  const set = policy.residencySets.get(name);
  if (set !== undefined) return { state: 'set', set };
  problems.push({ annotation: annotation.RESIDENCY, value: name, accepted: `a set: ${names(policy.residencySets)}` });
  return { state: 'unknown-set', name };
}

/** An empty list is kept as a list that permits nothing: whoever wrote it meant to narrow. */
function regionList(value: string | null, problems: IntentProblem[]): readonly Region[] | null {
  if (value === null) return null;
  const listed = splitRegions(value);
  if (listed.length === 0)
    problems.push({ annotation: annotation.REGIONS, value, accepted: 'regions, comma-separated' });
  return listed;
}

/** The names of a comma-separated list; blanks are dropped. */
export function splitRegions(list: string): readonly Region[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(region);
}

/** The one region that `primaryRegionOnly` permits: the tenant's, else the only one listed; null: nobody named one. */
export function primaryRegion(tenant: string | null, regions: readonly Region[] | null, policy: Policy): Region | null {
  const ofTenant = tenant === null ? null : (policy.tenants.get(tenant)?.primaryRegion ?? null);
  if (ofTenant !== null) return ofTenant;
  return regions?.length === 1 ? (regions[0] ?? null) : null;
}

const PLAIN_NUMBER = /^\d+(\.\d+)?$/;
/** What an intensity looks like, for a person. */
export const INTENSITY_ACCEPTED = 'gCO2eq/kWh as a plain number, e.g. "200"';

/** Reads an intensity in gCO2eq/kWh, a plain number without sign or exponent; null: it is none. */
export function parseIntensity(text: string): GramsPerKwh | null {
  return PLAIN_NUMBER.test(text) ? gramsPerKwh(Number(text)) : null;
}

function intensity(value: string | null, problems: IntentProblem[]): GramsPerKwh | null {
  if (value === null) return null;
  const parsed = parseIntensity(value);
  if (parsed === null) problems.push({ annotation: annotation.MAX_INTENSITY, value, accepted: INTENSITY_ACCEPTED });
  return parsed;
}

function latencyIntent(origin: string | null, budget: string | null, problems: IntentProblem[]): LatencyIntent | null {
  const parsed = budget === null ? null : parseDuration(budget);
  if (budget !== null && parsed === null) {
    problems.push({ annotation: annotation.LATENCY_BUDGET, value: budget, accepted: 'a duration, e.g. "60ms"' });
  }
  if (origin === null || origin === '') {
    if (budget !== null) {
      problems.push({ annotation: annotation.LATENCY_ORIGIN, value: '', accepted: 'a region, beside latency-budget' });
    }
    return null;
  }
  return { origin: region(origin), budget: parsed };
}

function lowest(a: GramsPerKwh | null, b: GramsPerKwh | null): GramsPerKwh | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

function names(map: ReadonlyMap<string, unknown>): string {
  return [...map.keys()].join(', ');
}
