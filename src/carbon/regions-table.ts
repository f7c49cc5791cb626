import type { GramsPerKwh, Region, Zone } from './units.ts';

/** Who runs a region of the shipped table. */
export type CloudProvider = 'aws' | 'gcp' | 'azure';

/**
 * What the GDPR says of a place: `eu` and `eea` are bound by it, `adequate` has a decision of the European Commission,
 * `conditional` one that covers some recipients only, `none` has none.
 */
export type GdprStatus = 'eu' | 'eea' | 'adequate' | 'conditional' | 'none';

/** One cloud region, as the shipped table knows it. */
export interface CloudRegion {
  readonly provider: CloudProvider;
  readonly region: Region;
  /** ISO 3166-1, two letters. */
  readonly country: string;
  readonly city: string;
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
  /** The word that a policy's regions and residency sets use for the law there, e.g. `eu`, `us`, `uk`. */
  readonly jurisdiction: string;
  readonly gdpr: GdprStatus;
  /** As Electricity Maps names it. */
  readonly zone: Zone;
  readonly wattTimeRegion: string | null;
  /** Regional id of the GB Carbon Intensity API. */
  readonly gbRegion: number | null;
  /** Average and lifecycle, over `averageYear`. */
  readonly averageIntensity: GramsPerKwh | null;
  readonly averageYear: number | null;
  /** Operational emissions of the same grid that Google published for 2024: direct, not to be mixed with the average. */
  readonly operational2024: GramsPerKwh | null;
  readonly pue: number | null;
  readonly source: string;
  /** What a person should know about the row; null: nothing out of the ordinary. */
  readonly note: string | null;
}

/** One grid zone, by its Electricity Maps name, and what others call it. */
export interface GridZone {
  readonly zone: Zone;
  /** Energy Identification Code under which ENTSO-E publishes its generation. */
  readonly eic: string | null;
  /** Balancing authority of the EIA's form 930. */
  readonly eiaRespondent: string | null;
  /** Whether its published intensity is one estimate that never varies, so that waiting gains nothing. */
  readonly constant: boolean;
  readonly source: string;
  readonly note: string | null;
}

/** The regions and zones that ship with Lowtide. */
export interface RegionsTable {
  readonly regions: ReadonlyMap<Region, CloudRegion>;
  readonly zones: ReadonlyMap<Zone, GridZone>;
}

/** Every region of the table that stands on a zone. */
export function regionsOfZone({ regions }: RegionsTable, zone: Zone): readonly CloudRegion[] {
  return [...regions.values()].filter((row) => row.zone === zone);
}

/** Whether the table knows that the zone's published intensity never varies. */
export function isConstantZone({ zones }: RegionsTable, zone: Zone): boolean {
  return zones.get(zone)?.constant ?? false;
}

const EIC_LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-';
const EIC_LENGTH = 16;

/** Whether a name is an Energy Identification Code: sixteen letters of its alphabet, the last of which checks the others. */
export function isEic(name: string): boolean {
  const values = Array.from(name, (letter) => EIC_LETTERS.indexOf(letter));
  const check = values.pop();
  if (name.length !== EIC_LENGTH || values.includes(-1)) return false;
  const sum = values.reduce((total, value, index) => total + value * (EIC_LENGTH - index), 0);
  return check === 36 - ((sum - 1) % 37);
}
