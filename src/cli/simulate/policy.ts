import type { RegionsTable } from '../../carbon/regions-table.ts';
import type { Region } from '../../carbon/units.ts';
import type { Policy, RegionFacts } from '../../policy/types.ts';
import { readBytes, readPolicy, unreadable } from '../../service/policy/read-document.ts';
import { noticeLines } from '../../service/policy/refusal.ts';
import { readRegionsTable } from '../../sources/regions/client.ts';
import { DEFAULT_POLICY } from '../default-policy.ts';
import { UsageError } from '../usage-error.ts';

/**
 * The policy of a file; without one that which ships with Lowtide, with every region of the shipped table.
 * @throws UsageError with a line for everything that is wrong in the file.
 */
export async function policyOf(file: string | null): Promise<Policy> {
  if (file !== null) return policyIn(file);
  const policy = await policyIn(DEFAULT_POLICY);
  return { ...policy, regions: new Map([...tableRegions(readRegionsTable()), ...policy.regions]) };
}

async function policyIn(file: string): Promise<Policy> {
  const read = await readBytes(file);
  const result = read.ok ? readPolicy(read.bytes) : ({ ok: false, errors: [unreadable(read.code)] } as const);
  if (!result.ok) throw new UsageError(noticeLines(file, result.errors));
  return result.policy;
}

/** What the table knows of each of its regions; it has no prices and no round trips. */
function tableRegions({ regions }: RegionsTable): readonly (readonly [Region, RegionFacts])[] {
  return Array.from(regions, ([name, { zone, jurisdiction, averageIntensity, pue }]) => {
    const unsaid = { cost: null, latency: new Map(), provisionable: false, capacity: null };
    return [name, { name, zone, jurisdiction, averageIntensity, pue, ...unsaid }] as const;
  });
}
