import { region, zone } from '../carbon/units.ts';
import { builtInClasses } from './schema/classes.ts';
import type { PolicyDocument } from './schema/document.ts';
import { builtInSets } from './schema/residency.ts';
import type {
  Band,
  KnownWindow,
  Policy,
  RegionFacts,
  ResidencySet,
  SchedulerSettings,
  ShiftRules,
  Tenant,
  WorkClass,
} from './types.ts';

type BandRow = PolicyDocument['carbonIntensity']['bands'][number];
type RegionRow = PolicyDocument['regions'][string];
type ClassRow = PolicyDocument['classes'][string];
type SetRow = PolicyDocument['residency']['sets'][string];
type WindowRow = PolicyDocument['windows'][string];
type ShiftRow = NonNullable<PolicyDocument['scheduler']['shift']>;
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
    windows: Object.freeze(Object.entries(document.windows).map(knownWindow)),
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

function workClass(name: string, { maxIntensity, ...row }: ClassRow): WorkClass {
  return { name, ...row, maxIntensity: maxIntensity ?? null };
}

function knownWindow([name, { hours, regions }]: readonly [string, WindowRow]): KnownWindow {
  return Object.freeze({ name, hours, regions: Object.freeze(regions.map(region)) });
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
    capacity: row.capacity ?? null,
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

function schedulerSettings(section: PolicyDocument['scheduler']): SchedulerSettings {
  const { shift, maxPauses, ...acting } = section;
  const { perMinute = null } = acting.release;
  return Object.freeze({
    ...acting,
    maxPauses: maxPauses ?? null,
    shift: shift === undefined ? null : shiftRules(shift),
    weights: Object.freeze(acting.weights),
    release: Object.freeze({ perMinute }),
  });
}

function shiftRules({ allowed, maxDataGB, moveBelow }: ShiftRow): ShiftRules {
  return Object.freeze({ allowed, maxDataGB: maxDataGB ?? null, moveBelow: moveBelow ?? null });
}
