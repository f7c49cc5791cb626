import { millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import type { FailureReason } from '../failure.ts';
import { ProviderFailure } from '../failure.ts';
import { concealed } from './conceal.ts';
import type { Exchange, HttpAnswer, HttpRequest } from './request.ts';

/** What one request may take, and the clock that Date and Retry-After are held against. */
export interface HttpLimits {
  /** Of the whole exchange: name lookup, connection, answer to its last byte. */
  readonly timeout: Millis;
  /** Of the answer, unpacked. */
  readonly maxBytes: number;
  readonly now: () => Instant;
}

/** What a request to a provider may take unless the configuration says otherwise. */
export const DEFAULT_TIMEOUT: Millis = millis(10_000);
/** 8 MiB: a year of hourly values is about 1 MiB. */
export const DEFAULT_MAX_BYTES: number = 8 * 1024 * 1024;

/** Sends requests by the built-in fetch: one try each, no redirects, nothing of a credential in what it throws. */
export function httpExchange({ timeout, maxBytes, now }: HttpLimits): Exchange {
  return async (request) => {
    const gone = new AbortController();
    const timer = setTimeout(() => {
      gone.abort();
    }, timeout);
    const signal = AbortSignal.any([gone.signal, request.signal]);
    try {
      const response = await send(request, signal);
      const received = now();
      const text = await bodyOf(response, maxBytes, request.what);
      return answer(request, { response, text, received });
    } catch (error) {
      if (request.signal.aborted) throw new ProviderFailure('timeout', `${request.what}: given up by the asker`);
      if (gone.signal.aborted)
        throw new ProviderFailure('timeout', `${request.what}: no whole answer within ${timeout} ms`);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}

async function send(request: HttpRequest, signal: AbortSignal): Promise<Response> {
  const url = new URL(request.url);
  for (const [name, value] of Object.entries(request.secretQuery ?? {})) url.searchParams.set(name, value);
  const headers = headersOf(request);
  try {
    return await fetch(url, {
      method: request.method ?? 'GET',
      headers,
      body: request.body ?? null,
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    const code = codeOf(error);
    throw new ProviderFailure(connectReason(code), `${request.what}: no connection to ${request.url.host} (${code})`);
  }
}

/** The error of a header that cannot be sent quotes its value, so it stays here. */
function headersOf({ what, headers = {} }: HttpRequest): Headers {
  try {
    return new Headers({ accept: 'application/json', 'user-agent': 'lowtide', ...headers });
  } catch {
    throw new ProviderFailure('unauthorized', `${what}: a credential holds characters that no header may hold`);
  }
}

async function bodyOf(response: Response, maxBytes: number, what: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += part.byteLength;
      if (bytes > maxBytes) throw new ProviderFailure('too-large', `${what}: the answer is above ${maxBytes} bytes`);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof ProviderFailure) throw error;
    const code = codeOf(error);
    const reason = code === 'Z_DATA_ERROR' ? 'malformed' : 'truncated';
    throw new ProviderFailure(reason, `${what}: the answer broke off after ${bytes} bytes (${code})`);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

function answer(request: HttpRequest, got: { response: Response; text: string; received: Instant }): HttpAnswer {
  const { response, text, received } = got;
  const date = Date.parse(response.headers.get('date') ?? '');
  return {
    status: response.status,
    contentType: (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
    text: response.ok ? text : concealed(text, request),
    retryAfter: retryAfter(response.headers.get('retry-after'), Number.isNaN(date) ? received : date),
    clockSkew: Number.isNaN(date) ? null : millis(date - received),
  };
}

/** Seconds, or a date by the provider's own clock. */
function retryAfter(header: string | null, now: number): Millis | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return millis(Number(header) * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : millis(Math.max(0, at - now));
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  for (const candidate of [cause, error]) {
    if (candidate instanceof Error && 'code' in candidate && typeof candidate.code === 'string') return candidate.code;
  }
  return 'no code';
}

function connectReason(code: string): FailureReason {
  return code === 'ETIMEDOUT' || code.endsWith('_TIMEOUT') ? 'timeout' : 'unreachable';
}
