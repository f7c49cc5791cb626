import type { FailureReason } from '../failure.ts';
import { ProviderFailure } from '../failure.ts';
import type { Table } from './statement.ts';

/** Of the server's own words, in messages. */
const QUOTED = 200;

interface Refusal {
  readonly reason: FailureReason;
  readonly words: string;
}

/** By SQLSTATE, or the first two characters of one. */
const BY_STATE: Readonly<Record<string, Refusal>> = {
  28: { reason: 'unauthorized', words: 'the server refuses this user or password' },
  42501: { reason: 'forbidden', words: 'the user may not read the table: grant it SELECT' },
  '3D000': { reason: 'refused', words: 'the database that the connection string names does not exist' },
  57014: { reason: 'timeout', words: 'the statement took longer than it may' },
  57: { reason: 'unreachable', words: 'the server is going down or coming up' },
  '08': { reason: 'unreachable', words: 'the connection broke' },
  53: { reason: 'upstream-error', words: 'the server is short of connections, memory or space' },
  40: { reason: 'upstream-error', words: 'the server gave the statement up' },
  58: { reason: 'upstream-error', words: 'the server failed' },
  XX: { reason: 'upstream-error', words: 'the server failed' },
};

/**
 * What went wrong, as a failure. Nothing of the connection string is in its message: of errors on the way only the code
 * is shown, of the server's words only those about the statement.
 */
export function failureOf(error: unknown, table: Table): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  const code = codeOf(error);
  if (code !== null && /^[0-9A-Z]{5}$/.test(code)) return stateFailure(code, error, table);
  if (code !== null) return connectionFailure(code);
  return driverFailure(error instanceof Error ? error.message : '');
}

function stateFailure(state: string, error: unknown, table: Table): ProviderFailure {
  const known = BY_STATE[state] ?? BY_STATE[state.slice(0, 2)];
  if (known !== undefined) return new ProviderFailure(known.reason, `${known.words} (${state})`);
  const words = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ').slice(0, QUOTED) : '';
  const { region, timestamp, value, ...further } = table.columns;
  const columns = [region, timestamp, value, ...Object.values(further).filter((name) => name !== null)].join(', ');
  const where = `table ${table.table}, columns ${columns}`;
  return new ProviderFailure('refused', `${words} (${state}): check ${where}`);
}

function connectionFailure(code: string): ProviderFailure {
  if (code === 'ERR_INVALID_URL') return new ProviderFailure('refused', 'the connection string is not a URL');
  const late = code === 'ETIMEDOUT' || code.endsWith('_TIMEOUT');
  return new ProviderFailure(late ? 'timeout' : 'unreachable', `no connection to the database (${code})`);
}

/** What the driver says without a code. */
function driverFailure(message: string): ProviderFailure {
  if (/timeout/i.test(message)) return new ProviderFailure('timeout', 'the database did not answer in time');
  if (/SASL|password/i.test(message)) return new ProviderFailure('unauthorized', 'the server wants another password');
  if (message.includes('SSL')) return new ProviderFailure('unreachable', 'the server does not speak TLS');
  return new ProviderFailure('unreachable', 'the connection to the database ended');
}

function codeOf(error: unknown): string | null {
  // Several addresses of one name are tried in turn: each has its own error.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : null;
}
