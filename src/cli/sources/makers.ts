import type { Instant, Region, Zone } from '../../carbon/units.ts';
import type { NameSystem } from '../../carbon/zone-names.ts';
import { azureConfigMap } from '../../sources/azure-config-map/client.ts';
import { carbonAwareSdk, carbonAwareSdkRequestsPerReport } from '../../sources/carbon-aware-sdk/client.ts';
import type { Secret } from '../../sources/credential.ts';
import { eia, EIA_REQUESTS_PER_REPORT } from '../../sources/eia/client.ts';
import { electricityMaps, electricityMapsRequests } from '../../sources/electricity-maps/client.ts';
import { GB_REQUESTS_PER_REPORT, gbCarbonIntensity } from '../../sources/gb-carbon-intensity/client.ts';
import type { Exchange } from '../../sources/http/request.ts';
import { prometheus, requestsPerReport as prometheusRequests } from '../../sources/prometheus/client.ts';
import type { PrometheusOptions } from '../../sources/prometheus/client.ts';
import type { Provider } from '../../sources/provider.ts';
import { wattTime, wattTimeRequests } from '../../sources/watttime/client.ts';
import type { ProviderConfig } from './config.ts';
import type { SecretConfig } from './fields.ts';
import { lengthOf } from './fields.ts';
import type { ProviderKey, ProviderSettings } from './providers.ts';

/** What every provider is made with. */
export interface MakerParts {
  readonly id: string;
  /** Metered already. */
  readonly exchange: Exchange;
  readonly now: () => Instant;
  readonly secret: (secret: SecretConfig) => Secret;
  readonly readConfigMap: ReadConfigMap;
  /** The policy's regions on a zone. */
  readonly regionsOn: (zone: Zone) => readonly Region[];
}

/** Reads one ConfigMap; null: there is none. */
export type ReadConfigMap = (namespace: string, name: string, signal: AbortSignal) => Promise<unknown>;

/** A provider, what it costs, and whose names of zones it goes by. */
export interface MadeProvider {
  readonly provider: Provider;
  readonly requestsPerReport: number;
  readonly names: NameSystem;
  /** Whether its requests pass through the metered exchange; else each report counts as one. */
  readonly http: boolean;
}

type Maker<Key extends ProviderKey> = (settings: ProviderSettings<Key>, parts: MakerParts) => Promise<MadeProvider>;

/** Makes each provider from its settings. Packages that only one of them needs are loaded with it. */
export const MAKERS: { readonly [Key in ProviderKey]: Maker<Key> } = {
  electricityMaps: (settings, { secret, ...parts }) => {
    const { forecast, renewable, disableEstimations, sandbox, emissionFactor: factor } = settings;
    const options = { forecast, renewable, disableEstimations, sandbox, factor };
    const provider = electricityMaps({ ...parts, ...options, ...urlOf(settings), token: secret(settings.token) });
    return made(provider, 'electricity-maps', electricityMapsRequests(options));
  },
  wattTime: (settings, { secret, ...parts }) => {
    const { signal, percentile, emissionFactor: factor } = settings;
    const credentials = { username: secret(settings.username), password: secret(settings.password) };
    const options = { signal, percentile, factor, horizonHours: 72 };
    return made(
      wattTime({ ...parts, ...options, ...urlOf(settings), ...credentials }),
      'watttime',
      wattTimeRequests(options),
    );
  },
  gbCarbonIntensity: (settings, parts) => {
    const options = { factor: settings.emissionFactor };
    return made(gbCarbonIntensity({ ...parts, ...options, ...urlOf(settings) }), 'gb', GB_REQUESTS_PER_REPORT);
  },
  carbonAwareSdk: (settings, parts) => {
    const { url, kind, emissionFactor: factor, forecast } = settings;
    const options = { url, kind, factor, forecast };
    return made(carbonAwareSdk({ ...parts, ...options }), 'azure', carbonAwareSdkRequestsPerReport(options));
  },
  prometheus: (settings, { secret, ...parts }) => {
    const { query, zone = null, unit, kind, emissionFactor: factor, timestampQuery } = settings;
    const provider = prometheus({
      ...{ ...parts, query, zone, unit, kind, factor, url: new URL(settings.url), label: settings.zoneLabel },
      ...{ step: lengthOf(settings.step), auth: authOf(settings, secret) },
      ...(timestampQuery !== undefined && { timestampQuery }),
    });
    return made(provider, 'verbatim', prometheusRequests({}));
  },
  postgres: async (settings, { id, now, secret, regionsOn }) => {
    const { postgres, requestsPerReport } = await import('../../sources/postgres/client.ts');
    const { table, kind, emissionFactor: factor, step } = settings;
    const {
      kind: kinds = null,
      isEstimated = null,
      renewablePct = null,
      isForecast = null,
      ...named
    } = settings.columns;
    const columns = { ...named, kind: kinds, isEstimated, renewablePct, isForecast };
    const length = step === undefined ? null : lengthOf(step);
    const statementTimeout = lengthOf(settings.timeout);
    const options = { id, now, table, columns, kind, factor, step: length, statementTimeout, alsoCalled: regionsOn };
    const provider = postgres({ ...options, connection: secret(settings.connection) });
    return { provider, names: 'verbatim', requestsPerReport, http: false };
  },
  azureConfigMap: ({ namespace, configMap, zone = null, kind, emissionFactor }, { id, now, readConfigMap }) => {
    const read = (signal: AbortSignal): Promise<unknown> => readConfigMap(namespace, configMap, signal);
    const provider = azureConfigMap({ id, now, read, zone, kind, factor: emissionFactor });
    // The exporter's own provider names the places: WattTime, or Electricity Maps, which knows averages.
    const names = kind === 'marginal' ? 'watttime' : 'electricity-maps';
    return Promise.resolve({ provider, names, requestsPerReport: 1, http: false });
  },
  entsoe: async (settings, { secret, ...parts }) => {
    const { entsoe, ENTSOE_REQUESTS_PER_REPORT } = await import('../../sources/entsoe/client.ts');
    const provider = entsoe({ ...parts, ...urlOf(settings), token: secret(settings.token) });
    return made(provider, 'entsoe', ENTSOE_REQUESTS_PER_REPORT);
  },
  eia: (settings, { secret, ...parts }) => {
    const provider = eia({ ...parts, ...urlOf(settings), apiKey: secret(settings.apiKey) });
    return made(provider, 'eia', EIA_REQUESTS_PER_REPORT);
  },
};

/** Makes one provider of the configuration. */
export function makeProvider(config: ProviderConfig, parts: MakerParts): Promise<MadeProvider> {
  // One of a union: TypeScript cannot follow that key and settings belong together.
  return MAKERS[config.key](config.settings as never, parts);
}

function made(provider: Provider, names: NameSystem, requestsPerReport: number): Promise<MadeProvider> {
  return Promise.resolve({ provider, names, requestsPerReport, http: true });
}

function urlOf({ url }: { readonly url?: string | undefined }): { readonly url?: string } {
  return url === undefined ? {} : { url };
}

function authOf(
  { bearerToken, basicAuth }: ProviderSettings<'prometheus'>,
  secret: MakerParts['secret'],
): NonNullable<PrometheusOptions['auth']> | null {
  if (bearerToken !== undefined) return { bearer: secret(bearerToken) };
  return basicAuth === undefined ? null : { username: basicAuth.username, password: secret(basicAuth.password) };
}
