import { isEic, regionsOfZone } from './regions-table.ts';
import type { CloudRegion, RegionsTable } from './regions-table.ts';
import type { Region, Zone } from './units.ts';

/** Whose names are wanted. `gb`: the GB Carbon Intensity API; `azure`: Azure's regions; `verbatim`: the zone's own name. */
export type NameSystem = 'electricity-maps' | 'watttime' | 'gb' | 'entsoe' | 'eia' | 'azure' | 'verbatim';

/** What names are found by. */
export interface NamingContext {
  readonly table: RegionsTable;
  /** The policy's, which say whose zone it is. */
  readonly regions: ReadonlyMap<Region, { readonly zone: Zone }>;
  /** The configuration's word for a zone, which stands above all else. */
  readonly overrides: ReadonlyMap<string, string>;
}

/** The name of Great Britain as a whole, where no one region of it is meant. */
export const GB_NATIONAL = 'GB';

/**
 * How a zone gets its name: the configuration's; the zone itself, where it is a name of the system; else the one that
 * the shipped table has for the regions on that zone. Null: there is none, or those regions disagree.
 */
export function zoneNames(system: NameSystem, context: NamingContext): (zone: Zone) => string | null {
  const naming = SYSTEMS[system](context.table);
  return (zone) => {
    const given = context.overrides.get(zone) ?? naming.own(zone);
    if (given !== null) return given;
    const names = naming.ofRegions(rowsOf(zone, context));
    const [name = null] = names.keys();
    // Whoever has no name in the system is not of those whom one name covers.
    return names.size > 1 ? (names.has(null) ? null : naming.together) : name;
  };
}

/** One line for a person, where a zone has no name: which regions disagree, and what to write; null: it has one. */
export function unmappedMessage(system: NameSystem, context: NamingContext, zone: Zone): string | null {
  if (zoneNames(system, context)(zone) !== null) return null;
  const names = SYSTEMS[system](context.table).ofRegions(rowsOf(zone, context));
  const some = [...names.keys()].find((name) => name !== null) ?? 'NAME';
  const remedy = `name it in this source's configuration, e.g. zones: { ${zone}: ${some} }`;
  if (names.size < 2) return `zone ${zone} has no ${system} name in the regions table: ${remedy}`;
  const sides = Array.from(names, ([name, regions]) => `${name ?? 'none'} for ${regions.join(', ')}`);
  return `zone ${zone} has several ${system} names (${sides.join('; ')}): ${remedy}`;
}

/** Names of regions, and which regions have which; null: those that have none. */
type RegionNames = ReadonlyMap<string | null, readonly Region[]>;

interface Naming {
  /** The zone's own name in the system, whatever its regions. */
  readonly own: (zone: Zone) => string | null;
  readonly ofRegions: (rows: readonly CloudRegion[]) => RegionNames;
  /** The name that covers regions of several names; null: none does. */
  readonly together: string | null;
}

/** Country, and parts of it: DE, US-CAL-CISO, AU-TAS-KI. */
const ELECTRICITY_MAPS_KEY = /^[A-Z]{2}(-[A-Z0-9]+)*$/;

const SYSTEMS: Readonly<Record<NameSystem, (table: RegionsTable) => Naming>> = {
  'electricity-maps': () => ({
    own: (zone) => (ELECTRICITY_MAPS_KEY.test(zone) ? zone : null),
    ofRegions: (rows) => grouped(rows, (row) => row.zone),
    together: null,
  }),
  watttime: ({ regions }) => {
    const known = new Set(Array.from(regions.values(), (row) => row.wattTimeRegion));
    return {
      own: (zone) => (known.has(zone) ? zone : null),
      ofRegions: (rows) => grouped(rows, (row) => row.wattTimeRegion),
      together: null,
    };
  },
  gb: () => ({
    own: () => null,
    ofRegions: (rows) => grouped(rows, (row) => row.gbRegion?.toString() ?? null),
    together: GB_NATIONAL,
  }),
  entsoe: ({ zones }) => ({
    own: (zone) => zones.get(zone)?.eic ?? (isEic(zone) ? zone : null),
    ofRegions: (rows) => grouped(rows, (row) => zones.get(row.zone)?.eic ?? null),
    together: null,
  }),
  eia: ({ zones }) => {
    const known = new Set(Array.from(zones.values(), (row) => row.eiaRespondent));
    return {
      own: (zone) => zones.get(zone)?.eiaRespondent ?? (known.has(zone) ? zone : null),
      ofRegions: (rows) => grouped(rows, (row) => zones.get(row.zone)?.eiaRespondent ?? null),
      together: null,
    };
  },
  azure: ({ regions }) => {
    const azure = [...regions.values()].filter((row) => row.provider === 'azure');
    return {
      own: (zone) => azure.find((row) => row.region === (zone as string))?.region ?? null,
      // Regions on one grid are one to whoever answers: any of them stands for all, those in use rather than others.
      ofRegions: (rows) => {
        const known = [...rows.filter((row) => row.provider === 'azure'), ...azure];
        return grouped(rows, (row) => known.find((other) => onSameGrid(row, other))?.region ?? null);
      },
      together: null,
    };
  },
  verbatim: () => ({ own: (zone) => zone, ofRegions: () => new Map(), together: null }),
};

function onSameGrid(one: CloudRegion, other: CloudRegion): boolean {
  return one.zone === other.zone && one.wattTimeRegion === other.wattTimeRegion;
}

function grouped(rows: readonly CloudRegion[], nameOf: (row: CloudRegion) => string | null): RegionNames {
  const names = new Map<string | null, Region[]>();
  for (const row of rows) {
    const name = nameOf(row);
    names.set(name, [...(names.get(name) ?? []), row.region]);
  }
  return names;
}

/**
 * The rows that speak for a zone: those of the policy's regions on it. A region that the table does not list could be
 * any on that zone, so all of them speak for it; likewise where the policy has no region there.
 */
function rowsOf(zone: Zone, { table, regions }: NamingContext): readonly CloudRegion[] {
  const own = [...regions].filter(([, facts]) => facts.zone === zone).map(([name]) => table.regions.get(name) ?? null);
  const listed = own.filter((row) => row !== null);
  if (own.length > 0 && listed.length === own.length) return listed;
  return [...new Set([...listed, ...regionsOfZone(table, zone)])];
}
