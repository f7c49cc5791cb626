import type { CloudRegion } from '../carbon/regions-table.ts';
import type { Region, Zone } from '../carbon/units.ts';
import type { RegionFacts } from '../policy/types.ts';

/** What the shipped table knows of a region, as a policy would say it: it has no prices and no round trips. */
export function tableFacts(name: Region, zone: Zone, row: CloudRegion | null): RegionFacts {
  const { jurisdiction = null, averageIntensity = null, pue = null } = row ?? {};
  const unsaid = { cost: null, latency: new Map(), provisionable: false, capacity: null };
  return { name, zone, jurisdiction, averageIntensity, pue, ...unsaid };
}
