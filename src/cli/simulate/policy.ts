import type { RegionsTable } from '../../carbon/regions-table.ts';
import type { Region } from '../../carbon/units.ts';
import type { Policy, RegionFacts } from '../../policy/types.ts';
import { readRegionsTable } from '../../sources/regions/client.ts';
import { DEFAULT_POLICY } from '../default-policy.ts';
import { policyIn } from '../policy-file.ts';
import { tableFacts } from '../region-facts.ts';

/**
 * The policy of a file; without one that which ships with Lowtide, with every region of the shipped table.
 * @throws UsageError with a line for everything that is wrong in the file.
 */
export async function policyOf(file: string | null): Promise<Policy> {
  if (file !== null) return policyIn(file);
  const policy = await policyIn(DEFAULT_POLICY);
  return { ...policy, regions: new Map([...tableRegions(readRegionsTable()), ...policy.regions]) };
}

function tableRegions({ regions }: RegionsTable): readonly (readonly [Region, RegionFacts])[] {
  return Array.from(regions, ([name, row]) => [name, tableFacts(name, row.zone, row)] as const);
}
