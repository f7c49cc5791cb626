import type { ObservedStep, ZoneReport } from '../../carbon/report.ts';
import type { EmissionFactor, SignalKind } from '../../carbon/types.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis, Zone } from '../../carbon/units.ts';
import type { Secret } from '../credential.ts';
import { ProviderFailure } from '../failure.ts';
import type { Asking, Provider, Span, ZoneName } from '../provider.ts';
import { Database } from './database.ts';
import { failureOf } from './failures.ts';
import { regionSteps, rowsByRegion } from './rows.ts';
import type { Row } from './rows.ts';
import { rowsStatement } from './statement.ts';
import type { Columns, Table } from './statement.ts';

/** The table that is read unless the configuration names another. */
export const DEFAULT_TABLE = 'co2e_emissions';
/** Its columns; those that are null are not looked for. */
export const DEFAULT_COLUMNS: Columns = {
  region: 'region',
  timestamp: 'timestamp',
  value: 'gco2_per_kwh',
  kind: null,
  isEstimated: null,
  renewablePct: null,
  isForecast: null,
};
/** How far back a report reads. */
export const DEFAULT_LOOKBACK: Millis = millis(24 * 3_600_000);
/** How far ahead a report reads, for the rows of a forecast. */
export const DEFAULT_HORIZON: Millis = millis(72 * 3_600_000);
/** What one statement may take. */
export const DEFAULT_STATEMENT_TIMEOUT: Millis = millis(5_000);
/** What connecting may take. */
export const DEFAULT_CONNECT_TIMEOUT: Millis = millis(5_000);
/** Statements that one report takes. */
export const requestsPerReport = 1;

/** Rows that one statement may give: 60 regions with four days of five minutes each are 69,120. */
const MOST_ROWS = 200_000;

/** Which table is read, and how. */
export interface PostgresOptions {
  readonly id: string;
  readonly now: () => Instant;
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`; read anew at each use. */
  readonly connection: Secret;
  /** `name` or `schema.name`. */
  readonly table?: string;
  readonly columns?: Partial<Columns>;
  /** What the column `region` may call a zone beside its name, e.g. the cloud regions on it, which must agree then. */
  readonly alsoCalled?: (zone: Zone) => readonly string[];
  readonly kind?: SignalKind;
  readonly factor?: EmissionFactor;
  /** How long a row speaks for; by default until the next one, the newest as long as its predecessors do. */
  readonly step?: Millis | null;
  readonly lookback?: Millis;
  readonly horizon?: Millis;
  readonly statementTimeout?: Millis;
  readonly connectTimeout?: Millis;
}

/** A PostgreSQL table with a row for each region and step. */
export function postgres(options: PostgresOptions): Provider {
  const settings = settingsOf(options);
  const { id, kind, factor, database } = settings;
  return {
    id,
    kind,
    factor,
    serves: 'all',
    report: (zones, asking) => report(settings, zones, asking),
    history: (zone, span, asking) => history(settings, { names: settings.namesOf(zone), span }, asking),
    close: () => database.close(),
  };
}

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(options: PostgresOptions) {
  const { id, now, connection, kind = 'average', factor = 'lifecycle', step = null } = options;
  const { statementTimeout = DEFAULT_STATEMENT_TIMEOUT, connectTimeout = DEFAULT_CONNECT_TIMEOUT } = options;
  const { lookback = DEFAULT_LOOKBACK, horizon = DEFAULT_HORIZON } = options;
  const table: Table = {
    table: options.table ?? DEFAULT_TABLE,
    columns: { ...DEFAULT_COLUMNS, ...options.columns },
  };
  const database = new Database({ connection, statementTimeout, connectTimeout });
  const { alsoCalled = () => [] } = options;
  const namesOf = ({ zone, name }: ZoneName): readonly string[] => [...new Set([name, ...alsoCalled(zone)])];
  return { id, now, kind, factor, step, lookback, horizon, table, database, namesOf };
}

async function report(
  settings: Settings,
  zones: readonly ZoneName[],
  asking: Asking,
): Promise<ReadonlyMap<Zone, ZoneReport | ProviderFailure>> {
  const { now } = asking;
  const span = { from: instant(now - settings.lookback), to: instant(now + settings.horizon) };
  const regions = [...new Set(zones.flatMap(settings.namesOf))];
  const rows = await select(settings, { regions, span }, asking.signal);
  if (rows.length >= MOST_ROWS) {
    throw new ProviderFailure('too-large', `more than ${MOST_ROWS} rows: shorten lookback or horizon`);
  }
  const found = rowsByRegion(rows);
  const fetchedAt = settings.now();
  return new Map(
    zones.map(({ zone, name }) => [
      zone,
      attempt(settings, { zone, name, fetchedAt }, rowsOf(settings.namesOf({ zone, name }), found)),
    ]),
  );
}

/** Page by page, so that no span is too long. */
async function history(
  settings: Settings,
  { names, span }: { names: readonly string[]; span: Span },
  { now, signal }: Asking,
): Promise<readonly ObservedStep[]> {
  const pages: (readonly Row[])[] = [];
  let from = span.from;
  for (;;) {
    const page = await select(settings, { regions: names, span: { from, to: span.to } }, signal);
    const read = rowsOf(names, rowsByRegion(page));
    pages.push(read);
    const last = read.at(-1)?.start;
    if (page.length < MOST_ROWS || last === undefined || last <= from) break;
    from = last;
  }
  return regionSteps(pages.flat(), reading(settings, now)).observed;
}

/** Rows under any of the names, oldest first. */
function rowsOf(names: readonly string[], found: ReadonlyMap<string, readonly Row[]>): readonly Row[] {
  const rows = names.flatMap((name) => found.get(name) ?? []);
  return names.length > 1 ? rows.sort((a, b) => a.start - b.start) : rows;
}

async function select(
  { database, table, kind }: Settings,
  { regions, span }: { regions: readonly string[]; span: Span },
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  try {
    return await database.rows(rowsStatement(table, { regions, span, kind, limit: MOST_ROWS }), signal);
  } catch (error) {
    throw failureOf(error, table);
  }
}

/** What is wrong with one zone's rows is that zone's failure alone. */
function attempt(
  settings: Settings,
  { zone, name, fetchedAt }: ZoneName & { readonly fetchedAt: Instant },
  rows: readonly Row[],
): ZoneReport | ProviderFailure {
  const { id, kind, factor, lookback } = settings;
  if (rows.length === 0) {
    const since = new Date(fetchedAt - lookback).toISOString();
    return new ProviderFailure('no-data', `no row of region ${name} with a value since ${since}`);
  }
  try {
    const { observed, forecast, renewablePct } = regionSteps(rows, reading(settings, fetchedAt));
    return {
      ...{ zone, source: id, kind, factor, observed, forecast, renewablePct },
      ...{ forecastBy: forecast.length === 0 ? null : 'provider', percentile: null, constant: null, sandbox: false },
      fetchedAt,
    };
  } catch (error) {
    if (error instanceof ProviderFailure) return error;
    throw error;
  }
}

function reading({ table, step }: Settings, now: Instant) {
  return { now, flagged: table.columns.isForecast !== null, step };
}
