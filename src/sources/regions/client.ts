import { readFileSync } from 'node:fs';
import type { RegionsTable } from '../../carbon/regions-table.ts';
import { parseCloudRegions, parseGridZones } from './schema.ts';

const CLOUD_REGIONS = new URL('../../../config/cloud-regions.csv', import.meta.url);
const ZONES = new URL('../../../config/zones.csv', import.meta.url);

/**
 * Reads the regions and zones that ship with Lowtide, from a checkout and from `dist/` alike: once, at start.
 * @throws Error where the installation lacks them or they were damaged.
 */
export function readRegionsTable(): RegionsTable {
  const regions = parseCloudRegions(readFileSync(CLOUD_REGIONS, 'utf8'));
  const zones = parseGridZones(readFileSync(ZONES, 'utf8'));
  return {
    regions: new Map(regions.map((row) => [row.region, row])),
    zones: new Map(zones.map((row) => [row.zone, row])),
  };
}
