import type { Instant, Region, Zone } from '../../../src/carbon/units.ts';
import { millis } from '../../../src/carbon/units.ts';
import { zoneNames } from '../../../src/carbon/zone-names.ts';
import type { NameSystem } from '../../../src/carbon/zone-names.ts';
import { lengthOf } from '../../../src/cli/sources/fields.ts';
import { PROVIDERS } from '../../../src/cli/sources/providers.ts';
import type { ChainObserver } from '../../../src/sources/chain/observer.ts';
import { meteredExchange } from '../../../src/sources/chain/metered-exchange.ts';
import { Meter } from '../../../src/sources/chain/meter-of.ts';
import type { ChainSource } from '../../../src/sources/chain/source.ts';
import { electricityMaps, electricityMapsRequests } from '../../../src/sources/electricity-maps/client.ts';
import { GB_REQUESTS_PER_REPORT, gbCarbonIntensity } from '../../../src/sources/gb-carbon-intensity/client.ts';
import type { Exchange } from '../../../src/sources/http/request.ts';
import type { Provider } from '../../../src/sources/provider.ts';
import { readRegionsTable } from '../../../src/sources/regions/client.ts';
import { wattTime, wattTimeRequests } from '../../../src/sources/watttime/client.ts';
import { electricityMapsApi } from '../../../test/support/grid-apis/electricity-maps.ts';
import { gbCarbonIntensityApi } from '../../../test/support/grid-apis/gb-carbon-intensity.ts';
import { wattTimeApi } from '../../../test/support/grid-apis/watttime.ts';
import { memoryExchange } from './memory-exchange.ts';

/** Regions of the shipped table, spread over it, with the zones that they share. */
export interface Regions {
  readonly regions: ReadonlyMap<Region, { readonly zone: Zone }>;
  readonly zones: readonly Zone[];
}

const TABLE = readRegionsTable();
const TOKEN = { env: 'TOKEN' };

/** The limits that an installation has unless its configuration says otherwise. */
export const SETTINGS = {
  'electricity-maps': PROVIDERS.electricityMaps.parse({ token: TOKEN }),
  watttime: PROVIDERS.wattTime.parse({ username: TOKEN, password: TOKEN }),
  gb: PROVIDERS.gbCarbonIntensity.parse({}),
} as const;

/** Name of a source, which here is that of its naming system. */
export type SourceId = keyof typeof SETTINGS & NameSystem;
export const SOURCE_IDS = Object.keys(SETTINGS) as readonly SourceId[];

/** So many regions, every other one first, so that all clouds and continents are among them. */
export function someRegions(count: number): Regions {
  const all = [...TABLE.regions];
  const mixed = [...all.filter((_, i) => i % 2 === 0), ...all.filter((_, i) => i % 2 === 1)];
  const regions = new Map(mixed.slice(0, count).map(([name, { zone }]) => [name, { zone }]));
  return { regions, zones: [...new Set(Array.from(regions.values(), ({ zone }) => zone))] };
}

/** What the sources of one replica share with those of the others: the APIs, and who counts what they are sent. */
export interface Backends {
  readonly regions: Regions;
  readonly now: () => Instant;
  /** A request has gone out. */
  readonly sent: (source: SourceId, path: string) => void;
}

/** The three sources as `serve` would open them, one replica's. */
export function openSources(backends: Backends, observer: ChainObserver, reserved: boolean): readonly ChainSource[] {
  return SOURCE_IDS.map((id) => chainSource(id, backends, { observer, reserved }));
}

interface Replica {
  readonly observer: ChainObserver;
  readonly reserved: boolean;
}

function chainSource(id: SourceId, { regions, now, sent }: Backends, { observer, reserved }: Replica): ChainSource {
  const settings = SETTINGS[id];
  const meter = new Meter({ perDay: settings.requestsPerDay, perMinute: settings.requestsPerMinute, now, reserved });
  const nameOf = zoneNames(id, { table: TABLE, regions: regions.regions, overrides: new Map() });
  const names = regions.zones.map(nameOf).filter((name) => name !== null);
  const wire = memoryExchange(apiOf(id, names), now, (path) => {
    sent(id, path);
  });
  const exchange = meteredExchange(wire, { source: id, meter, observer, monotonic: now });
  return {
    provider: providerOf(id, exchange, now),
    nameOf,
    ages: { soft: lengthOf(settings.softAge), hard: lengthOf(settings.hardAge) },
    refresh: millis(lengthOf(settings.refresh)),
    meter,
    requestsPerReport: REQUESTS[id],
  };
}

const REQUESTS: Readonly<Record<SourceId, number>> = {
  'electricity-maps': electricityMapsRequests({}),
  watttime: wattTimeRequests({}),
  gb: GB_REQUESTS_PER_REPORT,
};

function apiOf(id: SourceId, names: readonly string[]) {
  if (id === 'electricity-maps') return electricityMapsApi({ zones: names });
  return id === 'watttime' ? wattTimeApi({ regions: names }) : gbCarbonIntensityApi();
}

function providerOf(id: SourceId, exchange: Exchange, now: () => Instant): Provider {
  const secret = (text: string) => () => Promise.resolve(text);
  const common = { id, exchange, now };
  if (id === 'electricity-maps') return electricityMaps({ ...common, token: secret('em-key-0123456789') });
  if (id === 'gb') return gbCarbonIntensity(common);
  return wattTime({ ...common, username: secret('ada'), password: secret('a-good-password') });
}
