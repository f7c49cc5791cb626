import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { isEic } from '../../carbon/regions-table.ts';
import type { CloudRegion, GridZone } from '../../carbon/regions-table.ts';
import { gramsPerKwh, region, zone } from '../../carbon/units.ts';

const text = z.string().min(1);
const textOrNull = z.string().transform((cell) => (cell === '' ? null : cell));
const number = (least: number, most: number) =>
  text.transform(Number).refine((value) => value >= least && value <= most, `expected ${least} to ${most}`);
const numberOrNull = (least: number, most: number) =>
  z.union([z.literal('').transform(() => null), number(least, most)], `expected ${least} to ${most}, or nothing`);
const gramsOrNull = numberOrNull(0, 2000).transform((value) => (value === null ? null : gramsPerKwh(value)));

const RegionRow = z
  .strictObject({
    provider: z.enum(['aws', 'gcp', 'azure']),
    region: text,
    country: z.string().regex(/^[A-Z]{2}$/),
    city: text,
    latitude: number(-90, 90),
    longitude: number(-180, 180),
    jurisdiction: z.string().regex(/^[a-z]{2}$/),
    gdpr: z.enum(['eu', 'eea', 'adequate', 'conditional', 'none']),
    zone: text,
    watttime_region: textOrNull,
    gb_region: numberOrNull(1, 17),
    average_g_per_kwh: gramsOrNull,
    average_year: numberOrNull(2015, 2100),
    operational_2024_g_per_kwh: gramsOrNull,
    pue: numberOrNull(1, 3),
    source: text,
    note: textOrNull,
  })
  .transform((row): CloudRegion => {
    const { watttime_region, gb_region, average_g_per_kwh, average_year, operational_2024_g_per_kwh, ...same } = row;
    return {
      ...same,
      region: region(row.region),
      zone: zone(row.zone),
      wattTimeRegion: watttime_region,
      gbRegion: gb_region,
      averageIntensity: average_g_per_kwh,
      averageYear: average_year,
      operational2024: operational_2024_g_per_kwh,
    };
  });

const ZoneRow = z
  .strictObject({
    zone: text,
    entsoe_eic: textOrNull.refine((eic) => eic === null || isEic(eic), 'not an EIC: its check character is wrong'),
    eia_respondent: textOrNull,
    constant: z.enum(['yes', '']),
    source: text,
    note: textOrNull,
  })
  .transform((row): GridZone => {
    const { entsoe_eic: eic, eia_respondent: eiaRespondent, source, note } = row;
    return { zone: zone(row.zone), eic, eiaRespondent, constant: row.constant === 'yes', source, note };
  });

/**
 * Reads the rows of cloud-regions.csv.
 * @throws Error that names the row and what is wrong with it.
 */
export function parseCloudRegions(csv: string): readonly CloudRegion[] {
  return rowsOf(csv, RegionRow);
}

/**
 * Reads the rows of zones.csv.
 * @throws Error that names the row and what is wrong with it.
 */
export function parseGridZones(csv: string): readonly GridZone[] {
  return rowsOf(csv, ZoneRow);
}

function rowsOf<Row>(csv: string, schema: z.ZodType<Row>): readonly Row[] {
  const records: unknown[] = parse(csv, { columns: true });
  return records.map((record, index) => {
    const row = schema.safeParse(record);
    if (row.success) return row.data;
    const [{ path, message } = { path: [], message: '' }] = row.error.issues;
    throw new Error(`row ${index + 1}: ${path.join('.')}: ${message}`);
  });
}
