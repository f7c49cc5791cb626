import type { ObservedStep, ZoneReport } from '../../carbon/report.ts';
import type { EmissionFactor, ForecastStep } from '../../carbon/types.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { answerEach } from '../answer-each.ts';
import type { Secret } from '../credential.ts';
import { Extra } from '../extra.ts';
import type { Exchange } from '../http/request.ts';
import { notFromTheFuture } from '../plausible.ts';
import type { Asking, Provider, ZoneName } from '../provider.ts';
import { ElectricityMapsApi } from './api.ts';
import { FORECAST_REFRESH, Forecasts } from './forecasts.ts';
import { pastSteps } from './history.ts';
import { Forecast, Latest, Share, forecastSteps, latestStep, sameZone } from './schema.ts';

/** Where Electricity Maps answers. */
export const ELECTRICITY_MAPS_URL = 'https://api.electricitymaps.com/v4';
/** How far ahead a forecast is asked for, in hours. */
export const ELECTRICITY_MAPS_HORIZON = 24;

/** How Electricity Maps is used; `token` is the API key, read anew for each request. */
export interface ElectricityMapsOptions {
  readonly id: string;
  readonly exchange: Exchange;
  readonly now: () => Instant;
  readonly token: Secret;
  readonly url?: string;
  /** Lifecycle without it: the API computes either. */
  readonly factor?: EmissionFactor;
  /** Whether forecasts are asked for; commercial plans alone have them. True without it. */
  readonly forecast?: boolean;
  readonly horizonHours?: 6 | 24 | 48 | 72;
  /** How often a zone's forecast is asked for anew. */
  readonly forecastRefresh?: Millis;
  /** Leaves values that the provider estimates out. */
  readonly disableEstimations?: boolean;
  /** Asks for the share of renewable generation too: one more request a report. */
  readonly renewable?: boolean;
  /** The key is one of the sandbox: what it gives is made up. */
  readonly sandbox?: boolean;
}

/** Zones that the key may see, with what of each: `*` or paths such as `carbon-intensity/latest`. */
export type Access = ReadonlyMap<string, readonly string[]>;

/** The provider, and what tells an operator whether a key covers the zones. */
export interface ElectricityMaps extends Provider {
  /** @throws ProviderFailure */
  checkAccess(asking: Asking): Promise<Access>;
}

/** Requests that one report may take. */
export function electricityMapsRequests({
  forecast = true,
  renewable = false,
}: Partial<ElectricityMapsOptions>): number {
  return 1 + Number(forecast) + Number(renewable);
}

/** Electricity Maps: flow-traced average intensity of consumption, with its forecast where the plan has one. */
export function electricityMaps(options: ElectricityMapsOptions): ElectricityMaps {
  const { id, factor = 'lifecycle' } = options;
  const api = new ElectricityMapsApi(options, options.url ?? ELECTRICITY_MAPS_URL);
  const forecasts = new Forecasts(options.forecastRefresh ?? FORECAST_REFRESH);
  const parts = { options, api, forecasts, renewable: new Extra() };
  return {
    id,
    kind: 'average',
    factor,
    serves: 'one',
    report: (zones, asking) => answerEach(zones, (zone) => report(parts, zone, asking)),
    history: (zone, span, asking): Promise<readonly ObservedStep[]> =>
      pastSteps(api, { zone: zone.name, factor }, { span, asking }),
    checkAccess: (asking) => api.access(asking),
  };
}

interface Parts {
  readonly options: ElectricityMapsOptions;
  readonly api: ElectricityMapsApi;
  readonly forecasts: Forecasts;
  readonly renewable: Extra;
}

async function report(parts: Parts, { zone, name }: ZoneName, asking: Asking): Promise<ZoneReport> {
  const { id, factor = 'lifecycle', now, sandbox = false } = parts.options;
  const latest = await parts.api.ask('latest', { path: 'carbon-intensity/latest', zone: name, asking, schema: Latest });
  const observed = latestStep(latest.told, { zone: name, factor });
  notFromTheFuture(observed.steps, now(), latest.clockSkew);
  const forecast = await forecastOf(parts, name, asking);
  const renewablePct = await renewableShare(parts, name, asking);
  return {
    zone,
    source: id,
    kind: 'average',
    factor,
    observed: observed.steps,
    forecast,
    forecastBy: forecast.length === 0 ? null : 'provider',
    renewablePct,
    percentile: null,
    constant: null,
    sandbox: sandbox || observed.sandbox,
    fetchedAt: now(),
  };
}

function forecastOf(
  { options, api, forecasts }: Parts,
  zone: string,
  asking: Asking,
): Promise<readonly ForecastStep[]> {
  const { factor = 'lifecycle', forecast = true, horizonHours = ELECTRICITY_MAPS_HORIZON } = options;
  if (!forecast) return Promise.resolve([]);
  return forecasts.of(zone, asking.now, async () => {
    const query = { horizonHours: String(horizonHours) };
    const path = 'carbon-intensity/forecast';
    const { told } = await api.ask('forecast', { path, query, zone, asking, schema: Forecast });
    return forecastSteps(told, { zone, factor });
  });
}

async function renewableShare(
  { options, api, renewable }: Parts,
  zone: string,
  asking: Asking,
): Promise<number | null> {
  if (options.renewable !== true) return null;
  return renewable.ask(asking.now, async () => {
    const path = 'renewable-energy/latest';
    const { told } = await api.ask('renewable', { path, zone, asking, schema: Share });
    sameZone(told.zone, zone);
    return told.value;
  });
}
