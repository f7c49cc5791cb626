import { region, zone } from '../carbon/units.ts';
import { builtInClasses } from './schema/classes.ts';
import type { PolicyDocument } from './schema/document.ts';
import { builtInSets } from './schema/residency.ts';
import type { Band, Policy, RegionFacts, ResidencySet, SchedulerSettings, Tenant, WorkClass } from './types.ts';

type BandRow = PolicyDocument['carbonIntensity']['bands'][number];
type RegionRow = PolicyDocument['regions'][string];
type ClassRow = PolicyDocument['classes'][string];
type SetRow = PolicyDocument['residency']['sets'][string];
type TenantRow = PolicyDocument['residency']['tenants'][string];

/** The part of a checked document that acts, as the domain wants it. */
export function buildPolicy(document: PolicyDocument): Policy {
  const { sets, tenants } = document.residency;
  const regions = Object.entries(document.regions).map(([name, row]) => regionFacts(name, row));
  return Object.freeze({
    bands: Object.freeze(document.carbonIntensity.bands.map(band)),
    classes: byName({ ...builtInClasses, ...document.classes }, workClass),
    regions: new Map(regions.map((facts) => [facts.name, facts])),
    residencySets: byName({ ...builtInSets, ...sets }, residencySet),
    tenants: byName(tenants, tenant),
    scheduler: schedulerSettings(document.scheduler),
  });
}

/** A Map, since a row may have any name: `constructor` too. */
function byName<Row, Fact>(table: Readonly<Record<string, Row>>, fact: (name: string, row: Row) => Fact) {
  return new Map(Object.entries(table).map(([name, row]) => [name, Object.freeze(fact(name, row))]));
}

function band({ name, below }: BandRow): Band {
  return Object.freeze({ name, below: below ?? null });
}

function workClass(name: string, { maxDelay, maxIntensity }: ClassRow): WorkClass {
  return { name, maxDelay, maxIntensity: maxIntensity ?? null };
}

function regionFacts(name: string, row: RegionRow): RegionFacts {
  const latency = Object.entries(row.latency).map(([other, roundTrip]) => [region(other), roundTrip] as const);
  return Object.freeze({
    name: region(name),
    zone: zone(row.zone),
    jurisdiction: row.jurisdiction ?? null,
    cost: row.cost ?? null,
    averageIntensity: row.averageIntensity ?? null,
    pue: row.pue ?? null,
    latency: new Map(latency),
    provisionable: row.provisionable ?? false,
  });
}

function residencySet(name: string, { jurisdictions, regions, primaryRegionOnly }: SetRow): ResidencySet {
  return {
    name,
    jurisdictions: jurisdictions === undefined ? null : Object.freeze(jurisdictions),
    regions: regions === undefined ? null : Object.freeze(regions.map(region)),
    primaryRegionOnly,
  };
}

function tenant(name: string, { primaryRegion }: TenantRow): Tenant {
  return { name, primaryRegion: primaryRegion === undefined ? null : region(primaryRegion) };
}

/** `shift` and `switchCost` do not act yet. */
function schedulerSettings(section: PolicyDocument['scheduler']): SchedulerSettings {
  const { shift, switchCost, ...acting } = section;
  const { perMinute = null } = acting.release;
  return Object.freeze({ ...acting, weights: Object.freeze(acting.weights), release: Object.freeze({ perMinute }) });
}
