import type { ObservedStep, ZoneReport } from '../../carbon/report.ts';
import type { EmissionFactor, ForecastStep } from '../../carbon/types.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { answerEach } from '../answer-each.ts';
import type { Secret } from '../credential.ts';
import { Extra } from '../extra.ts';
import { ProviderFailure } from '../failure.ts';
import type { Exchange } from '../http/request.ts';
import { notFromTheFuture } from '../plausible.ts';
import type { Asking, Provider, ZoneName } from '../provider.ts';
import { WattTimeApi } from './api.ts';
import { modelSteps } from './history.ts';
import { WattTimeLogin } from './login.ts';
import { Data, Index, percentileOf, stepsOf } from './schema.ts';
import type { Asked, WattTimeSignal } from './schema.ts';

/** Where WattTime answers: login at its root, data under /v3. */
export const WATTTIME_URL = 'https://api.watttime.org';
/** How far ahead a forecast is asked for, in hours; 72 at most. */
export const WATTTIME_HORIZON = 24;
/** How far back a report of average emissions looks: they are published hours late, and have no forecast. */
export const WATTTIME_LOOKBACK: Millis = millis(24 * 3_600_000);

/** How WattTime is used; name and password are read anew at each login. */
export interface WattTimeOptions {
  readonly id: string;
  readonly exchange: Exchange;
  readonly now: () => Instant;
  readonly username: Secret;
  readonly password: Secret;
  readonly url?: string;
  /** Marginal emissions (co2_moer) without it. */
  readonly signal?: WattTimeSignal;
  /** Direct without it: operating emissions are what leaves the stacks. An operator may know better. */
  readonly factor?: EmissionFactor;
  /** 0 to 72. */
  readonly horizonHours?: number;
  /** Asks for the signal index too: one more request a report. True without it; average emissions have none. */
  readonly percentile?: boolean;
}

/** Requests that one report may take, a login aside, which comes every 25 minutes. */
export function wattTimeRequests({ percentile = true, signal = 'co2_moer' }: Partial<WattTimeOptions>): number {
  return percentile && signal === 'co2_moer' ? 2 : 1;
}

/** WattTime v3: marginal operating emissions every five minutes with their forecast, or the average ones of the past. */
export function wattTime(options: WattTimeOptions): Provider {
  const { id, exchange, signal = 'co2_moer', factor = 'direct' } = options;
  const base = (options.url ?? WATTTIME_URL).replace(/\/+$/, '');
  const api = new WattTimeApi(exchange, new WattTimeLogin({ ...options, base }), base);
  const parts = { options, api, index: new Extra() };
  return {
    id,
    kind: signal === 'co2_moer' ? 'marginal' : 'average',
    factor,
    serves: 'one',
    report: (zones, asking) =>
      answerEach(zones, (zone) =>
        signal === 'co2_moer' ? marginalReport(parts, { zone, asking }) : averageReport(parts, { zone, asking }),
      ),
    history: ({ name }, span, asking): Promise<readonly ObservedStep[]> =>
      modelSteps(api, { region: name, signal }, { span, asking }),
  };
}

interface Parts {
  readonly options: WattTimeOptions;
  readonly api: WattTimeApi;
  readonly index: Extra;
}

interface About {
  readonly zone: ZoneName;
  readonly asking: Asking;
}

/** The first step of a forecast is the current one: what is estimated of now, not foretold. */
async function marginalReport(parts: Parts, about: About): Promise<ZoneReport> {
  const { options, api } = parts;
  const { zone, asking } = about;
  const asked: Asked = { region: zone.name, signal: 'co2_moer' };
  const hours = String(options.horizonHours ?? WATTTIME_HORIZON);
  const query = { region: zone.name, signal_type: asked.signal, horizon_hours: hours };
  const { told, clockSkew } = await api.ask('forecast', { path: 'forecast', query, asking, schema: Data });
  const steps = stepsOf(told, asked);
  const current = told.data.reduce((first, { point_time: at }) => Math.min(first, at), Infinity);
  notFromTheFuture([{ start: instant(current) }], options.now(), clockSkew);
  const observed = steps.filter(({ start }) => start === current);
  const forecast = steps.slice(observed.length).map(({ start, end, value }): ForecastStep => ({ start, end, value }));
  const percentile = await signalIndex(parts, { asked, asking });
  return {
    ...reported(options, zone),
    observed,
    forecast,
    forecastBy: forecast.length > 0 ? 'provider' : null,
    percentile,
  };
}

async function averageReport({ options, api }: Parts, about: About): Promise<ZoneReport> {
  const { zone, asking } = about;
  const span = { from: instant(asking.now - WATTTIME_LOOKBACK), to: asking.now };
  const observed = await modelSteps(api, { region: zone.name, signal: 'co2_aoer' }, { span, asking });
  if (observed.length === 0) throw new ProviderFailure('no-data', `no value for region ${zone.name}`);
  return { ...reported(options, zone), observed };
}

function reported(
  { id, now, signal = 'co2_moer', factor = 'direct' }: WattTimeOptions,
  { zone }: ZoneName,
): ZoneReport {
  return {
    zone,
    source: id,
    kind: signal === 'co2_moer' ? 'marginal' : 'average',
    factor,
    observed: [],
    forecast: [],
    forecastBy: null,
    renewablePct: null,
    percentile: null,
    constant: null,
    sandbox: false,
    fetchedAt: now(),
  };
}

/** An extra: the report does without it. */
async function signalIndex(
  { options: { percentile = true }, api, index }: Parts,
  { asked, asking }: { asked: Asked; asking: Asking },
): Promise<number | null> {
  if (!percentile) return null;
  const query = { region: asked.region, signal_type: asked.signal };
  return index.ask(asking.now, async () => {
    const { told } = await api.ask('signal-index', { path: 'signal-index', query, asking, schema: Index });
    return percentileOf(told, asked);
  });
}
