import type { Region } from '../carbon/units.ts';
import { REGIONS, RESIDENCY, TENANT } from './annotations.ts';
import { primaryRegion, splitRegions } from './intent.ts';
import { isWithin, setPermits } from './residency-set.ts';
import type { SetContext } from './residency-set.ts';
import type { ResidencySet } from './types.ts';
import { isRegionList, REGIONS_ACCEPTED, setsAccepted } from './understood.ts';
import { blame, blameNamespace, limitName, namespaceText, ofNamespace, textOf } from './words.ts';
import type { Draft } from './words.ts';

/** Brings tenant, regions and residency within what the namespace allows. */
export function boundPlace(draft: Draft): void {
  keepTenant(draft);
  boundRegions(draft);
  boundResidency(draft);
}

/** The namespace's annotations that bound one of the workload's: its limit, and where it enforces, its default too. */
function ceilingNames(draft: Draft, name: string): readonly string[] {
  const names = draft.namespace?.enforced === true ? [limitName(name), name] : [limitName(name)];
  return names.filter((each) => namespaceText(draft, each) !== null);
}

/** Another tenant has another primary region: where the namespace bounds residency, its own tenant stands. */
function keepTenant(draft: Draft): void {
  const tenant = namespaceText(draft, TENANT);
  const bounds = draft.namespace?.enforced === true || namespaceText(draft, limitName(RESIDENCY)) !== null;
  if (tenant === null || !bounds || textOf(draft, TENANT) === tenant) return;
  blame(draft, TENANT, { accepted: tenant, limit: ofNamespace(draft, TENANT) });
  draft.words.set(TENANT, { text: tenant, from: 'namespace' });
}

function boundRegions(draft: Draft): void {
  for (const name of ceilingNames(draft, REGIONS)) {
    const text = namespaceText(draft, name) ?? '';
    const permitted = splitRegions(text);
    if (!isRegionList(text)) blameNamespace(draft, name, { accepted: REGIONS_ACCEPTED });
    else refuseOtherRegions(draft, permitted, name);
    narrowRegions(draft, permitted);
  }
}

function refuseOtherRegions(draft: Draft, permitted: readonly Region[], name: string): void {
  const asked = splitRegions(textOf(draft, REGIONS) ?? '');
  const outside = asked.filter((place) => !permitted.includes(place));
  if (outside.length === 0) return;
  const own = draft.words.get(REGIONS)?.from === 'workload';
  // A default may name more than the limit; one that leaves nothing is a mistake of the namespace's.
  if (own || outside.length === asked.length) {
    blame(draft, REGIONS, { accepted: `regions of ${permitted.join(', ')}`, limit: ofNamespace(draft, name) });
  }
}

function narrowRegions(draft: Draft, permitted: readonly Region[]): void {
  const word = draft.words.get(REGIONS);
  const listed = word === undefined ? permitted : splitRegions(word.text).filter((each) => permitted.includes(each));
  draft.words.set(REGIONS, { text: listed.join(','), from: word?.from ?? 'namespace' });
}

function boundResidency(draft: Draft): void {
  const names = ceilingNames(draft, RESIDENCY);
  const ceilings = names.flatMap((name) => residencyCeiling(draft, name));
  for (const ceiling of ceilings) boundBySet(draft, ceiling);
  // Of two sets neither of which holds the other, one stands by name and the other by its regions.
  for (const ceiling of ceilings) narrowToSet(draft, ceiling);
}

interface SetCeiling {
  readonly set: ResidencySet;
  readonly name: string;
}

/** None: no set has that name; the name itself then stands, and permits nothing. */
function residencyCeiling(draft: Draft, name: string): readonly SetCeiling[] {
  const text = namespaceText(draft, name) ?? '';
  const set = draft.policy.residencySets.get(text);
  if (set !== undefined) return [{ set, name }];
  blameNamespace(draft, name, { accepted: setsAccepted(draft.policy) });
  draft.words.set(RESIDENCY, { text, from: 'namespace' });
  return [];
}

function boundBySet(draft: Draft, { set, name }: SetCeiling): void {
  const asked = textOf(draft, RESIDENCY);
  if (asked !== null && !exceeds(draft, asked, set)) return;
  if (draft.words.get(RESIDENCY)?.from === 'workload') {
    const accepted = [...draft.policy.residencySets.keys()].filter((each) => !exceeds(draft, each, set)).join(', ');
    blame(draft, RESIDENCY, { accepted: `a set: ${accepted}`, limit: ofNamespace(draft, name) });
  }
  draft.words.set(RESIDENCY, { text: set.name, from: 'namespace' });
}

function narrowToSet(draft: Draft, { set, name }: SetCeiling): void {
  const standing = draft.policy.residencySets.get(textOf(draft, RESIDENCY) ?? '');
  const context = contextOf(draft);
  if (standing === undefined || isWithin(standing, set, context)) return;
  const places = new Set([...draft.policy.regions.keys(), ...splitRegions(textOf(draft, REGIONS) ?? '')]);
  const shared = [...places].filter((each) => setPermits(set, each, context) && setPermits(standing, each, context));
  narrowRegions(draft, shared);
  if (textOf(draft, REGIONS) !== '') return;
  blameNamespace(draft, name, { accepted: `a set that shares a region with ${standing.name}` });
}

/** Whether a set, by name, permits more than another; a name that the policy lacks permits nothing. */
function exceeds(draft: Draft, asked: string, ceiling: ResidencySet): boolean {
  const set = draft.policy.residencySets.get(asked);
  return set !== undefined && !isWithin(set, ceiling, contextOf(draft));
}

function contextOf(draft: Draft): SetContext {
  const listed = textOf(draft, REGIONS);
  const regions = listed === null ? null : splitRegions(listed);
  return { policy: draft.policy, primaryRegion: primaryRegion(textOf(draft, TENANT), regions, draft.policy), regions };
}
