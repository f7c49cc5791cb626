import type { CloudRegion, RegionsTable } from '../../carbon/regions-table.ts';
import { region, zone } from '../../carbon/units.ts';
import type { Region, Zone } from '../../carbon/units.ts';
import { nearestName } from '../../policy/names.ts';
import type { Policy, RegionFacts } from '../../policy/types.ts';
import { UsageError } from '../usage-error.ts';
import type { IntensityOptions } from './options.ts';
import { tableFacts } from '../region-facts.ts';

/** One thing that was asked about: a region with its zone, or a zone alone. */
export interface Target {
  /** As it was named. */
  readonly name: string;
  readonly region: Region | null;
  readonly zone: Zone;
  /** Of the shipped table; null: it does not list the region, or a zone was named. */
  readonly row: CloudRegion | null;
}

/** Where names may come from. */
export interface Known {
  readonly policy: Policy;
  readonly table: RegionsTable;
  /** Zones that a trace or the configuration names. */
  readonly zones: ReadonlySet<Zone>;
}

/**
 * Finds what was asked about: the policy's region of that name, else the shipped table's, else a zone.
 * @throws UsageError with a line for each name that is none of these.
 */
export function targetsOf(names: IntensityOptions['names'], known: Known): readonly Target[] {
  const { policy, table } = known;
  if (names === 'policy') return [...policy.regions.values()].map((facts) => ofPolicy(facts, table));
  if (names === 'all') return [...table.regions.keys()].flatMap((name) => find(name, known) ?? []);
  const found = names.map((name) => ({ name, target: find(name, known) }));
  const lost = found.filter(({ target }) => target === null).map(({ name }) => unknownLine(name, known));
  if (lost.length > 0) throw new UsageError(lost);
  return found.flatMap(({ target }) => target ?? []);
}

/** The regions that were asked about, as a policy would list them; those of the policy with all that it says of them. */
export function regionsOf(targets: readonly Target[], policy: Policy): ReadonlyMap<Region, RegionFacts> {
  const rows = targets.flatMap(({ region: name, zone: on, row }) =>
    name === null ? [] : [[name, policy.regions.get(name) ?? tableFacts(name, on, row)] as const],
  );
  return new Map(rows);
}

function find(name: string, { policy, table, zones }: Known): Target | null {
  const facts = policy.regions.get(region(name));
  if (facts !== undefined) return ofPolicy(facts, table);
  const row = table.regions.get(region(name));
  if (row !== undefined) return { name, region: row.region, zone: row.zone, row };
  const on = zone(name);
  const isZone = zones.has(on) || table.zones.has(on) || [...policy.regions.values()].some((each) => each.zone === on);
  return isZone ? { name, region: null, zone: on, row: null } : null;
}

function ofPolicy({ name, zone: on }: RegionFacts, table: RegionsTable): Target {
  return { name, region: name, zone: on, row: table.regions.get(name) ?? null };
}

function unknownLine(name: string, { policy, table, zones }: Known): string {
  const regions = [...policy.regions.keys(), ...table.regions.keys()];
  const near = nearest(name, [...new Set<string>([...regions, ...zones, ...table.zones.keys()])]);
  const guess = near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `;
  return `${name} is no region or zone that is known: ${guess}add it to the policy's regions, with its zone, or see docs/regions.md`;
}

const MOST_GUESSES = 3;

/** The names that a misspelt one may stand for, nearest first. */
function nearest(name: string, known: readonly string[]): readonly string[] {
  const found: string[] = [];
  let left = known;
  while (found.length < MOST_GUESSES) {
    const next = nearestName(name, left);
    if (next === null) break;
    found.push(next);
    left = left.filter((each) => each !== next);
  }
  return found;
}
