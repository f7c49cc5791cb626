import type { SignalKind } from '../../carbon/types.ts';
import type { Span } from '../provider.ts';

/** Names of the table's columns, as PostgreSQL keeps them: case counts. Null: the table has no such column. */
export interface Columns {
  readonly region: string;
  /** When the row's step begins: `timestamptz`, or `timestamp` in UTC. */
  readonly timestamp: string;
  /** gCO2eq per kWh. */
  readonly value: string;
  /** `average` or `marginal`: rows of the other kind are left out. */
  readonly kind: string | null;
  /** Boolean: modelled rather than measured. */
  readonly isEstimated: string | null;
  /** 0 to 100. */
  readonly renewablePct: string | null;
  /** Boolean: foretold rather than observed. Without it the rows of the future are. */
  readonly isForecast: string | null;
}

/** The table, `name` or `schema.name`, and its columns. */
export interface Table {
  readonly table: string;
  readonly columns: Columns;
}

/** Which rows are wanted. */
export interface Wanted {
  /** As the column `region` has them. */
  readonly regions: readonly string[];
  readonly span: Span;
  readonly kind: SignalKind;
  readonly limit: number;
}

/** A statement whose values travel apart from its text. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A name, quoted: whatever it holds, it stays a name. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The rows of the regions that begin within the span, oldest first; times in ms since the epoch. */
export function rowsStatement({ table, columns }: Table, { regions, span, kind, limit }: Wanted): Statement {
  const start = identifier(columns.timestamp);
  const selected = [
    `${identifier(columns.region)}::text AS region`,
    // Right for timestamptz and for timestamp in UTC alike, whatever the session's time zone is.
    `round(extract(epoch FROM ${start} AT TIME ZONE 'UTC') * 1000)::float8 AS start`,
    `${identifier(columns.value)}::float8 AS value`,
    optional(columns.isEstimated, 'boolean', 'estimated'),
    optional(columns.renewablePct, 'float8', 'renewable'),
    optional(columns.isForecast, 'boolean', 'forecast'),
  ];
  const values: unknown[] = [regions, iso(span.from), iso(span.to)];
  const conditions = [`${identifier(columns.region)} = ANY($1)`, `${start} >= $2`, `${start} < $3`];
  if (columns.kind !== null) conditions.push(`lower(${identifier(columns.kind)}::text) = $${values.push(kind)}`);
  const text = [
    `SELECT ${selected.join(', ')}`,
    `FROM ${table.split('.').map(identifier).join('.')}`,
    `WHERE ${conditions.join(' AND ')}`,
    `ORDER BY ${start} LIMIT $${values.push(limit)}`,
  ];
  return { text: text.join(' '), values };
}

function optional(column: string | null, type: string, as: string): string {
  return `${column === null ? 'NULL' : identifier(column)}::${type} AS ${as}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
