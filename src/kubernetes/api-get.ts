import type { RequestContext } from '@kubernetes/client-node';
import { isApiError, KubernetesError, reasonOf } from './errors.ts';
import type { ApiError } from './errors.ts';
import { SilenceLimit } from './silence-limit.ts';
import { member, text } from './untyped.ts';

/** Connection pool, as client-node hands it out. */
export type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;
type Response = Awaited<ReturnType<Dispatcher['request']>>;

/** A GET that is ready to be sent. */
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

const SHOWN = 300;

/**
 * GETs a path and returns the body, chunk by chunk, once the answer is known to be a 200.
 * Everything that fails, then or while reading, is an ApiError. The body must be read, or returned early.
 */
export async function apiGet(access: ApiAccess, path: string, patience: Patience): Promise<AsyncGenerator<Buffer>> {
  const { url, headers, dispatcher } = await authorise(access, path);
  const limit = new SilenceLimit(patience);
  try {
    const response = await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      headers: { accept: 'application/json', ...headers },
      signal: limit.signal,
      // The one limit is ours: undici's own timers know only whole seconds.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    limit.heard();
    if (response.statusCode !== 200) throw await refusal(response);
    return chunks(response, limit);
  } catch (error) {
    limit.end();
    throw asApiError(error, limit);
  }
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

/** The error for an answer other than 200; its body is a Status, unless something between us answered. */
async function refusal({ statusCode, body }: Response): Promise<ApiError> {
  const answer = await body.text();
  return statusError(statusCode, statusMessage(answer) ?? answer);
}

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
  if (status === 410) return new KubernetesError('expired', detail);
  if (status === 401 || status === 403) return new KubernetesError('forbidden', detail);
  return new KubernetesError('server-error', detail);
}

function asApiError(error: unknown, limit: SilenceLimit): ApiError {
  if (isApiError(error)) return error;
  if (limit.expired) return new KubernetesError('timeout', `no data for ${limit.silence} ms`, { cause: error });
  return new KubernetesError('unreachable', reasonOf(error), { cause: error });
}
