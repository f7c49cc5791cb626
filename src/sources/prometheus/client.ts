import type { ObservedStep, ZoneReport } from '../../carbon/report.ts';
import type { EmissionFactor, SignalKind } from '../../carbon/types.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis, Zone } from '../../carbon/units.ts';
import { ProviderFailure } from '../failure.ts';
import type { Exchange } from '../http/request.ts';
import { inOrder, notFromTheFuture } from '../plausible.ts';
import type { Asking, Provider, Span, ZoneName } from '../provider.ts';
import { instantQuery, rangeQuery } from './queries.ts';
import type { InstantResult, PrometheusAuth, Server } from './queries.ts';
import { byZone } from './schema.ts';
import type { Sample } from './schema.ts';
import type { IntensityUnit } from './units.ts';
import { isIntensity, zoneValue } from './zone-value.ts';

/** What the grid-intensity exporter calls the zone. */
export const DEFAULT_LABEL = 'location';
/** How long a sample speaks for: as far back as Prometheus itself looks. */
export const DEFAULT_STEP: Millis = millis(5 * 60_000);

/** How a Prometheus server is asked for carbon intensity. */
export interface PrometheusOptions {
  readonly id: string;
  readonly exchange: Exchange;
  readonly now: () => Instant;
  /** Of the server, without `/api/v1`; without credentials. */
  readonly url: URL;
  /** PromQL that gives one series a zone, or a scalar for the one zone. */
  readonly query: string;
  /**
   * PromQL for the age of what `query` gives, Unix seconds by the same zones; null: it is as old as the question. By
   * default `timestamp(query)`, which knows the age of plain selectors alone: of an expression it gives the moment of
   * asking, so an expression over old data needs a query of its own, e.g. `max by (location) (timestamp(metric))`.
   */
  readonly timestampQuery?: string | null;
  /** The label that names the zone. */
  readonly label?: string;
  /** The one zone that the query is about, by either of its names, whatever the labels say; null: see `label`. */
  readonly zone?: string | null;
  /** `auto`: by the label `units` of each series, which must be there then. */
  readonly unit?: IntensityUnit | 'auto';
  readonly kind?: SignalKind;
  readonly factor?: EmissionFactor;
  /** How long a sample speaks for. */
  readonly step?: Millis;
  /** How far apart the samples of history are; by default `step`, and no less than five minutes: 28 days are one request. */
  readonly historyStep?: Millis;
  readonly auth?: PrometheusAuth;
  /** Further headers of each request, e.g. `X-Scope-OrgID`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A second request asks for the age of what the first one gave. */
export function requestsPerReport({ timestampQuery }: Pick<PrometheusOptions, 'timestampQuery'>): number {
  return timestampQuery === null ? 1 : 2;
}

/** Any server that speaks Prometheus' HTTP API, with any query. */
export function prometheus(options: PrometheusOptions): Provider {
  const settings = settingsOf(options);
  const { id, kind, factor } = settings;
  return {
    id,
    kind,
    factor,
    serves: 'all',
    report: (zones, asking) => report(settings, zones, asking),
    history: (zone, span, asking) => history(settings, { zone, span }, asking),
  };
}

type Settings = ReturnType<typeof settingsOf>;

const DEFAULTS = {
  label: DEFAULT_LABEL,
  zone: null,
  unit: 'auto',
  kind: 'average',
  factor: 'lifecycle',
  step: DEFAULT_STEP,
  auth: null,
  headers: {},
} as const;

function settingsOf(options: PrometheusOptions) {
  const given: Required<Omit<PrometheusOptions, 'timestampQuery' | 'historyStep'>> = { ...DEFAULTS, ...options };
  const { id, now, query, kind, factor, step, label, zone, unit, exchange, url, auth, headers } = given;
  const { timestampQuery = `timestamp(${query}\n)`, historyStep = millis(Math.max(step, DEFAULT_STEP)) } = options;
  const server: Server = { exchange, url, auth, headers };
  return {
    ...{ id, now, query, timestampQuery, kind, factor, step, historyStep, server },
    ...{ naming: { label, zone }, reading: { unit, kind } },
  };
}

async function report(settings: Settings, zones: readonly ZoneName[], asking: Asking): Promise<Reports> {
  const values = await instantQuery(settings.server, settings.query, asking);
  if (values.scalar && settings.naming.zone === null) {
    throw new ProviderFailure('malformed', 'a scalar names no zone: set zone');
  }
  const samples = byZone(values.samples, settings.naming);
  const sampled = samples.size === 0 ? new Map<string, Instant>() : await sampledAt(settings, values, asking);
  const fetchedAt = settings.now();
  const entries = zones.map(({ zone, name }): [Zone, ZoneReport | ProviderFailure] => [
    zone,
    attempt(() => {
      const key = keyOf(settings, { zone, name });
      return zoneReport(settings, { zone, fetchedAt, at: sampled.get(key), samples: samples.get(key) });
    }),
  ]);
  return new Map(entries);
}

/** What the zone's samples are kept by. */
function keyOf({ naming }: Settings, { zone, name }: ZoneName): string {
  return naming.zone === zone ? zone : name;
}

type Reports = ReadonlyMap<Zone, ZoneReport | ProviderFailure>;

/** When the newest sample of each zone was taken: an instant query's own timestamp is the moment of asking. */
async function sampledAt(settings: Settings, values: InstantResult, asking: Asking): Promise<Map<string, Instant>> {
  const { timestampQuery, naming, server } = settings;
  const taken =
    timestampQuery === null || values.scalar
      ? values.samples
      : timesOf(await instantQuery(server, timestampQuery, asking));
  // A rank beside the value has an age of its own.
  const newest = ([name, samples]: [string, readonly Sample[]]): [string, Instant] => [
    name,
    instant(samples.filter(isIntensity).reduce((latest, { at }) => Math.max(latest, at), -Infinity)),
  ];
  return new Map([...byZone(taken, naming)].map(newest));
}

function timesOf({ samples }: InstantResult): readonly Sample[] {
  return samples
    .filter(({ value }) => Number.isFinite(value))
    .map(({ labels, value }) => ({ labels, value, at: instant(Math.round(value * 1000)) }));
}

interface ZoneSamples {
  readonly zone: Zone;
  readonly fetchedAt: Instant;
  readonly at: Instant | undefined;
  readonly samples: readonly Sample[] | undefined;
}

function zoneReport(settings: Settings, { zone, fetchedAt, at, samples }: ZoneSamples): ZoneReport {
  const { id, kind, factor, step, reading } = settings;
  if (samples === undefined) throw new ProviderFailure('no-data', 'the query gives no series of this zone');
  if (at === undefined) throw new ProviderFailure('no-data', 'the query for timestamps gives none of this zone');
  const { value, quality, percentile } = zoneValue(samples, reading);
  const observed = [{ start: at, end: instant(at + step), value, quality }];
  notFromTheFuture(observed, fetchedAt);
  return {
    ...{ zone, source: id, kind, factor, observed, forecast: [], forecastBy: null },
    ...{ renewablePct: null, percentile, constant: null, sandbox: false, fetchedAt },
  };
}

async function history(
  settings: Settings,
  { zone, span }: { zone: ZoneName; span: Span },
  asking: Asking,
): Promise<readonly ObservedStep[]> {
  const { server, query, historyStep: step, naming, reading } = settings;
  const past = { from: span.from, to: instant(Math.min(span.to, asking.now)) };
  const samples =
    byZone(await rangeQuery(server, { query, span: past, step }, asking), naming).get(keyOf(settings, zone)) ?? [];
  const known = samples.filter(({ value }) => !Number.isNaN(value));
  const steps = [...Map.groupBy(known, ({ at }) => at)].map(([start, together]) => {
    const { value, quality } = zoneValue(together, reading);
    return { start, end: instant(start + step), value, quality };
  });
  return inOrder(steps);
}

/** What is wrong with one zone is that zone's failure alone. */
function attempt(make: () => ZoneReport): ZoneReport | ProviderFailure {
  try {
    return make();
  } catch (error) {
    if (error instanceof ProviderFailure) return error;
    throw error;
  }
}
