import { z } from 'zod';
import { accepting } from './accepts.ts';
import { choice, duration, flag, name, names, tableOf } from './fields.ts';
import { jurisdiction } from './regions.ts';

const mode = () => choice('strict', 'advisory', 'disabled');

const set = z.strictObject({
  jurisdictions: accepting(z.array(jurisdiction()).min(1), 'a list of at least one jurisdiction, e.g. [eu]')
    .optional()
    .describe('Only regions of these jurisdictions.'),
  regions: names('region').optional().describe('Only these regions of the table.'),
  primaryRegionOnly: flag().prefault(false).describe("Only the workload's primary region."),
});

const tenant = z.strictObject({
  set: name('a residency set').optional().describe("Residency set of the tenant's workloads. Does not act yet."),
  primaryRegion: name('a region')
    .optional()
    .describe('The region that sets with primaryRegionOnly permit to the tenant.'),
  mode: mode().optional().describe("Enforcement for the tenant's workloads. Does not act yet."),
  retention: duration('365d').optional().describe("How long the tenant's audit records are kept. Does not act yet."),
});

/** The sets that the annotation `lowtide.dev/residency` always knows; a row of the same name replaces one whole. */
const BUILT_IN = {
  'eu-strict': { jurisdictions: ['eu'] },
  'us-only': { jurisdictions: ['us'] },
  global: {},
  'single-region': { primaryRegionOnly: true },
};

const sets = tableOf(set);
export const builtInSets = sets.parse(BUILT_IN);

export const residencySection = z.strictObject({
  mode: mode()
    .prefault('strict')
    .describe('Enforcement of residency; advisory and disabled are treated as strict yet.'),
  sets: sets
    .prefault(BUILT_IN)
    .describe('Named rules of where work may run; a set without a rule permits every region.'),
  tenants: tableOf(tenant).prefault({}).describe('Tenants by name; of a tenant only primaryRegion acts yet.'),
});
