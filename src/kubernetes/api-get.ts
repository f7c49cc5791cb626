import { text as textOf } from 'node:stream/consumers';
import type { RequestContext } from '@kubernetes/client-node';
import { isApiError, KubernetesError, reasonOf } from './errors.ts';
import type { ApiError, ApiErrorCode } from './errors.ts';
import { SilenceLimit } from './silence-limit.ts';
import { member, text } from './untyped.ts';

/** Connection pool, as client-node hands it out. */
export type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;
type Response = Awaited<ReturnType<Dispatcher['request']>>;

/** Where a request goes, and with which proof of who asks. */
export interface AuthorisedCall {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/** Access to an API server. */
export interface ApiAccess {
  authorise(path: string): Promise<AuthorisedCall>;
}

/** When to give a request up. */
export interface Patience {
  readonly signal: AbortSignal;
  /** The longest silence, before and within the answer, in milliseconds. */
  readonly silence: number;
}

/** What is sent. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** JSON text, with the content type that says which kind. */
  readonly payload?: { readonly text: string; readonly contentType: string };
}

/** An answer whose body is still arriving; it must be read, or returned early. */
export interface ApiStream {
  readonly status: number;
  readonly body: AsyncGenerator<Buffer>;
}

const SHOWN = 300;
const CODES: ReadonlyMap<number, ApiErrorCode> = new Map([
  [401, 'forbidden'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [409, 'conflict'],
  [410, 'expired'],
  [422, 'invalid'],
]);

/**
 * GETs a path and returns the body, chunk by chunk, once the answer is known to be a 200.
 * Everything that fails, then or while reading, is an ApiError. The body must be read, or returned early.
 */
export async function apiGet(access: ApiAccess, path: string, patience: Patience): Promise<AsyncGenerator<Buffer>> {
  const { status, body } = await send(access, { method: 'GET', path }, patience);
  if (status === 200) return body;
  const answer = await textOf(body);
  throw statusError(status, statusMessage(answer) ?? answer);
}

/** Sends a request. Any status is an answer; everything that fails, then or while reading, is an ApiError. */
export async function send(access: ApiAccess, request: ApiRequest, patience: Patience): Promise<ApiStream> {
  const { url, headers, dispatcher } = await authorise(access, request.path);
  const { method, payload } = request;
  const limit = new SilenceLimit(patience);
  try {
    const response = await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: { accept: 'application/json', ...typed(payload), ...headers },
      body: payload?.text ?? null,
      signal: limit.signal,
      // The one limit is ours: undici's own timers know only whole seconds.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    limit.heard();
    return { status: response.statusCode, body: chunks(response, limit) };
  } catch (error) {
    limit.end();
    throw asApiError(error, limit);
  }
}

function typed(payload: ApiRequest['payload']): Record<string, string> {
  return payload === undefined ? {} : { 'content-type': payload.contentType };
}

async function authorise(access: ApiAccess, path: string): Promise<AuthorisedCall> {
  try {
    return await access.authorise(path);
  } catch (cause) {
    throw new KubernetesError('credentials-unavailable', `credentials: ${reasonOf(cause)}`, { cause });
  }
}

async function* chunks({ body }: Response, limit: SilenceLimit): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      limit.heard();
      yield chunk;
    }
  } catch (error) {
    throw asApiError(error, limit);
  } finally {
    limit.end();
    body.destroy();
  }
}

/** The message of the Status that such an answer is, unless something between us answered. */
function statusMessage(answer: string): string | null {
  try {
    return text(member(JSON.parse(answer), 'message'));
  } catch {
    return null;
  }
}

/** The error that stands for an HTTP status, or for the code of a Status object in a watch. */
export function statusError(status: number, message: string): ApiError {
  const detail = `HTTP ${status}: ${message.slice(0, SHOWN)}`;
  return new KubernetesError(CODES.get(status) ?? 'server-error', detail);
}

function asApiError(error: unknown, limit: SilenceLimit): ApiError {
  if (isApiError(error)) return error;
  if (limit.expired) return new KubernetesError('timeout', `no data for ${limit.silence} ms`, { cause: error });
  return new KubernetesError('unreachable', reasonOf(error), { cause: error });
}
