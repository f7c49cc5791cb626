import type { ZoneReport } from '../../carbon/report.ts';
import type { EmissionFactor, SignalKind } from '../../carbon/types.ts';
import type { Instant } from '../../carbon/units.ts';
import type { FailureReason } from '../failure.ts';
import { ProviderFailure } from '../failure.ts';
import type { Provider, ZoneName } from '../provider.ts';
import { emissionsRows, forecastSteps, publishedIn } from './schema.ts';
import type { EmissionsRow } from './schema.ts';

/** Where the exporter's chart puts it. Its README's sample says `carbonintensity`. */
export const DEFAULT_CONFIG_MAP = { namespace: 'kube-system', name: 'carbon-intensity' } as const;
/** The key of the rows. */
export const DEFAULT_KEY = 'data';
/** Reads of the API server that one report takes. */
export const requestsPerReport = 1;

/** How the exporter's ConfigMap is read. */
export interface AzureConfigMapOptions {
  readonly id: string;
  readonly now: () => Instant;
  /** The ConfigMap as the API server gives it; null: there is none. */
  readonly read: (signal: AbortSignal) => Promise<unknown>;
  readonly key?: string;
  /**
   * The one zone that the ConfigMap is about, by either of its names, whatever its rows call it. Null: rows are told apart
   * by `location`, which is what the exporter's own provider calls the place: a balancing authority of WattTime
   * (`CAISO_NORTH`), a zone of Electricity Maps.
   */
  readonly zone?: string | null;
  /** Marginal, since the exporter asks WattTime unless told otherwise. With `providerName: ElectricityMaps` set average. */
  readonly kind?: SignalKind;
  /** Direct, since WattTime counts what leaves the stack. With Electricity Maps set lifecycle. */
  readonly factor?: EmissionFactor;
}

/**
 * The ConfigMap that Azure's carbon intensity exporter keeps: a forecast of 24 hours, made every 12, so that even the value
 * of this moment is a forecast.
 */
export function azureConfigMap(options: AzureConfigMapOptions): Provider {
  const { id, kind = 'marginal', factor = 'direct' } = options;
  return {
    id,
    kind,
    factor,
    serves: 'all',
    report: async (zones, { signal }) => {
      const { rows, message } = await published(options, signal);
      const fetchedAt = options.now();
      return new Map(
        zones.map((each) => {
          const head = { zone: each.zone, source: id, kind, factor, fetchedAt };
          return [each.zone, zoneReport(() => rowsOf(rows, each, options), head, message)];
        }),
      );
    },
    history: null,
  };
}

interface Found {
  readonly rows: readonly EmissionsRow[];
  readonly message: string;
}

async function published({ read, key = DEFAULT_KEY }: AzureConfigMapOptions, signal: AbortSignal): Promise<Found> {
  const configMap = await reading(() => read(signal));
  if (configMap === null) throw new ProviderFailure('no-data', 'there is no such ConfigMap: does the exporter run?');
  const found = publishedIn(configMap, key);
  if (found === null) throw new ProviderFailure('no-data', `the ConfigMap has no key ${key}`);
  return { rows: emissionsRows(found.text), message: found.message };
}

const REASONS: Readonly<Record<string, FailureReason>> = {
  forbidden: 'forbidden',
  'credentials-unavailable': 'unauthorized',
  timeout: 'timeout',
  'server-error': 'upstream-error',
  'invalid-answer': 'malformed',
};

/** Of the API server's refusals the code is told, and told apart where it makes a difference. */
async function reading(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ProviderFailure) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
    throw new ProviderFailure(REASONS[code] ?? 'unreachable', `the ConfigMap cannot be read (${code})`);
  }
}

/**
 * The rows of one zone.
 * @throws ProviderFailure `unknown-zone`: there are rows, all of other places; `malformed`: of several, where one is meant.
 */
function rowsOf(
  rows: readonly EmissionsRow[],
  { zone: signalZone, name }: ZoneName,
  { zone = null }: AzureConfigMapOptions,
): readonly EmissionsRow[] {
  const places = [...new Set(rows.map(({ location }) => location ?? ''))];
  const of = `the rows are of ${places.join(', ')}`;
  if (zone !== null && places.length > 1) throw new ProviderFailure('malformed', `${of}: not of one zone`);
  const found = rows.filter(({ location }) =>
    zone === null ? location?.toLowerCase() === name.toLowerCase() : zone === name || zone === signalZone,
  );
  if (found.length > 0 || rows.length === 0) return found;
  throw new ProviderFailure(
    'unknown-zone',
    zone === null ? `none of ${name}: ${of}` : `the ConfigMap is about ${zone}`,
  );
}

type Head = Pick<ZoneReport, 'zone' | 'source' | 'kind' | 'factor' | 'fetchedAt'>;

function zoneReport(find: () => readonly EmissionsRow[], head: Head, message: string): ZoneReport | ProviderFailure {
  try {
    const forecast = forecastSteps(find());
    const last = forecast.at(-1);
    if (last === undefined) return new ProviderFailure('no-data', `no row with a value${said(message)}`);
    if (last.end <= head.fetchedAt) {
      const ended = new Date(last.end).toISOString();
      return new ProviderFailure('stale-data', `the exporter's forecast ended at ${ended}${said(message)}`);
    }
    return {
      ...{ ...head, observed: [], forecast, forecastBy: 'provider' as const },
      ...{ renewablePct: null, percentile: null, constant: null, sandbox: false },
    };
  } catch (error) {
    if (error instanceof ProviderFailure) return error;
    throw error;
  }
}

function said(message: string): string {
  const words = message.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  return words === '' ? '' : `; it says: ${words}`;
}
