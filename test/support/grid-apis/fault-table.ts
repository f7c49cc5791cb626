import assert from 'node:assert/strict';
import { instant, millis } from '../../../src/carbon/units.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import type { ZoneReport } from '../../../src/carbon/report.ts';
import { ProviderFailure } from '../../../src/sources/failure.ts';
import type { FailureReason } from '../../../src/sources/failure.ts';
import { httpExchange } from '../../../src/sources/http/exchange.ts';
import type { Exchange } from '../../../src/sources/http/request.ts';
import type { Provider, ZoneName } from '../../../src/sources/provider.ts';
import { GridServer } from './grid-server.ts';
import type { Fault, GridApi } from './grid-server.ts';

const HOUR = 3_600_000;
const TIMEOUT = 250;

/** The moment at which providers are asked in tests: seven minutes past a full hour. */
export const ASKED_AT: Instant = instant(Date.parse('2026-01-05T18:07:00Z'));

interface Row {
  readonly fault: Fault;
  readonly want: FailureReason;
  readonly retryAfter?: number;
}

const HTTP_DATE = new Date(ASKED_AT + 120_000).toUTCString();

/** What befalls every provider sooner or later, and the name that it must get. */
export const FAULTS = {
  'a credential that is refused': { fault: { fault: 'status', status: 401 }, want: 'unauthorized' },
  'a plan that lacks it': { fault: { fault: 'status', status: 403 }, want: 'forbidden' },
  'a 403 in HTML': { fault: { fault: 'html', status: 403 }, want: 'forbidden' },
  'too many requests, with seconds to wait': {
    fault: { fault: 'status', status: 429, headers: { 'retry-after': '120' } },
    want: 'rate-limited',
    retryAfter: 120_000,
  },
  'too many requests, with a time to wait for': {
    fault: { fault: 'status', status: 429, headers: { 'retry-after': HTTP_DATE } },
    want: 'rate-limited',
    retryAfter: 120_000,
  },
  'an error on their side': { fault: { fault: 'status', status: 500 }, want: 'upstream-error' },
  'a gateway without a server, in HTML': { fault: { fault: 'html', status: 502 }, want: 'upstream-error' },
  'maintenance, with seconds to wait': {
    fault: { fault: 'status', status: 503, headers: { 'retry-after': '60' } },
    want: 'upstream-error',
    retryAfter: 60_000,
  },
  'a request that they do not understand': { fault: { fault: 'status', status: 400 }, want: 'refused' },
  'an answer that is slow': { fault: { fault: 'slow', ms: 4 * TIMEOUT }, want: 'timeout' },
  'an answer that never comes': { fault: { fault: 'hang' }, want: 'timeout' },
  'an answer that breaks off': { fault: { fault: 'truncated' }, want: 'truncated' },
  'a connection that is reset': { fault: { fault: 'reset' }, want: 'unreachable' },
  'HTML in place of data': { fault: { fault: 'html' }, want: 'malformed' },
  'half a document that ends well': { fault: { fault: 'not-json' }, want: 'malformed' },
  'another format': { fault: { fault: 'changed', change: () => ({ unexpected: true }) }, want: 'malformed' },
  'an empty answer': { fault: { fault: 'data', data: 'empty' }, want: 'no-data' },
  'values that are null': { fault: { fault: 'data', data: 'nulls' }, want: 'no-data' },
  'another zone': { fault: { fault: 'data', data: 'wrong-zone' }, want: 'wrong-zone' },
  'values that no grid has': { fault: { fault: 'data', data: 'absurd' }, want: 'implausible' },
  'values below zero': { fault: { fault: 'data', data: 'negative' }, want: 'implausible' },
  'a clock that is two hours ahead': { fault: { fault: 'clock', skew: 2 * HOUR }, want: 'clock-skew' },
} as const satisfies Readonly<Record<string, Row>>;

/** A provider, and what is particular about it. */
export interface FaultSubject {
  readonly api: () => GridApi;
  readonly provider: (url: string, exchange: Exchange) => Provider;
  readonly zone: ZoneName;
  /** What must appear in nothing that it emits. */
  readonly secrets: readonly string[];
  /** Only requests whose path holds this are spoilt. */
  readonly on?: string;
  /** Faults that it meets otherwise: another name, or null: none of its affair. */
  readonly otherwise?: Partial<Record<keyof typeof FAULTS, FailureReason | null>>;
}

/** Registers a test for each fault: it gets its name, nothing is invented, no secret is told, and it heals. */
export function withstandsFaults(subject: FaultSubject): void {
  for (const [name, row] of Object.entries(FAULTS) as [keyof typeof FAULTS, Row][]) {
    const want = subject.otherwise?.[name] === undefined ? row.want : subject.otherwise[name];
    if (want === null) continue;
    it(`calls ${name} ${want}, tells no secret and heals`, async () => {
      const server = await GridServer.start(subject.api(), () => ASKED_AT);
      try {
        const provider = subject.provider(server.url, testExchange());
        server.fail(row.fault, { on: subject.on ?? '' });
        const spoilt = await outcomeOf(provider, subject.zone);
        server.heal();
        const healed = await outcomeOf(provider, subject.zone);

        assert.ok(spoilt instanceof ProviderFailure, 'a failure, no report');
        assert.equal(spoilt.reason, want, spoilt.message);
        if (row.retryAfter !== undefined) assert.equal(spoilt.retryAfter, row.retryAfter);
        assertTellsNoSecret([spoilt, healed], subject.secrets);
        assert.ok(!(healed instanceof Error), 'a report again');
      } finally {
        await server.close();
      }
    });
  }
}

/** An exchange as the service uses it, less patient. */
export function testExchange(): Exchange {
  return httpExchange({ timeout: millis(TIMEOUT), maxBytes: 4 * 1024 * 1024, now: () => ASKED_AT });
}

/** What a provider says of one zone, a failure that it throws included. */
export async function outcomeOf(
  provider: Provider,
  zone: ZoneName,
  now: Instant = ASKED_AT,
): Promise<ZoneReport | ProviderFailure> {
  try {
    const outcome = (await provider.report([zone], { now, signal: new AbortController().signal })).get(zone.zone);
    assert.ok(outcome, 'an answer for the zone that was named');
    return outcome;
  } catch (error) {
    if (error instanceof ProviderFailure) return error;
    throw error;
  }
}

/** Fails if a secret stands in anything of what was emitted, in any of the ways in which it could be shown. */
export function assertTellsNoSecret(emitted: readonly unknown[], secrets: readonly string[]): void {
  const shown = emitted.map((one) => (one instanceof Error ? errorText(one) : JSON.stringify(one))).join('\n');
  for (const secret of secrets) assert.ok(!shown.includes(secret), 'a secret is shown');
}

function errorText(error: Error): string {
  const cause = error.cause instanceof Error ? errorText(error.cause) : String(error.cause);
  return `${error.stack ?? ''} ${error.message} ${JSON.stringify(error)} ${cause}`;
}
