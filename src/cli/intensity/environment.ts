import type { RegionsTable } from '../../carbon/regions-table.ts';
import type { Zone } from '../../carbon/units.ts';
import type { ProviderConfig, Sources } from '../sources/config.ts';
import type { z } from 'zod';
import type { Target } from './targets.ts';

/** A provider that needs no more than the environment says: its entry under `sources`. */
type Entry = z.input<typeof Sources>[number];

interface FromEnvironment {
  /** All of them must be set; none: it is free to ask. */
  readonly variables: readonly string[];
  readonly entry: Entry;
  readonly covers: (zone: Zone, table: RegionsTable) => boolean;
}

const isBritish = (zone: Zone): boolean => zone === 'GB';

/** In order of preference: lifecycle averages before direct ones, and marginal values last. */
const PROVIDERS: readonly FromEnvironment[] = [
  {
    variables: ['ELECTRICITY_MAPS_TOKEN'],
    entry: { electricityMaps: { token: { env: 'ELECTRICITY_MAPS_TOKEN' } } },
    covers: () => true,
  },
  {
    variables: ['ENTSOE_TOKEN'],
    entry: { entsoe: { token: { env: 'ENTSOE_TOKEN' } } },
    covers: (zone, { zones }) => (zones.get(zone)?.eic ?? null) !== null,
  },
  {
    variables: ['EIA_API_KEY'],
    entry: { eia: { apiKey: { env: 'EIA_API_KEY' } } },
    covers: (zone, { zones }) => (zones.get(zone)?.eiaRespondent ?? null) !== null,
  },
  { variables: [], entry: { gbCarbonIntensity: {} }, covers: isBritish },
  {
    variables: ['WATTTIME_USERNAME', 'WATTTIME_PASSWORD'],
    entry: { wattTime: { username: { env: 'WATTTIME_USERNAME' }, password: { env: 'WATTTIME_PASSWORD' } } },
    covers: (zone, { regions }) =>
      [...regions.values()].some((row) => row.zone === zone && row.wattTimeRegion !== null),
  },
];

/** Entries of `sources` for every provider whose credentials the environment has and that covers a zone asked about. */
export function sourcesFromEnvironment(
  env: NodeJS.ProcessEnv,
  targets: readonly Target[],
  table: RegionsTable,
): readonly Entry[] {
  return PROVIDERS.filter(
    ({ variables, covers }) => hasAll(env, variables) && targets.some(({ zone }) => covers(zone, table)),
  ).map(({ entry }) => entry);
}

/** The variables that would give a zone a source, by provider; those that are set already are left out. */
export function variablesFor(zone: Zone, env: NodeJS.ProcessEnv, table: RegionsTable): readonly (readonly string[])[] {
  return PROVIDERS.filter(({ variables, covers }) => !hasAll(env, variables) && covers(zone, table)).map(
    ({ variables }) => variables,
  );
}

/** Whether a provider of the environment has anything to say of a zone. */
export function covers(key: ProviderConfig['key'], zone: Zone, table: RegionsTable): boolean {
  return PROVIDERS.some((provider) => key in provider.entry && provider.covers(zone, table));
}

function hasAll(env: NodeJS.ProcessEnv, variables: readonly string[]): boolean {
  return variables.every((name) => (env[name] ?? '').trim() !== '');
}
