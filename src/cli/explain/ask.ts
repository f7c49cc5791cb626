import { apiCall } from '../../kubernetes/api-call.ts';
import { isApiError, reasonOf } from '../../kubernetes/errors.ts';
import { member, text } from '../../kubernetes/untyped.ts';
import { openAccess } from '../serve/access.ts';
import type { ExplainOptions, Where } from './options.ts';

/** What came of asking: the explanation as the service sent it, or one line that says why there is none. */
export type Answer =
  { readonly ok: true; readonly explanation: unknown } | { readonly ok: false; readonly why: string };

interface Http {
  readonly status: number;
  readonly body: unknown;
}

/** Longest silence of the service's. */
const SILENCE_MS = 15_000;

/** Asks the running service. Never throws for what is not the command line's fault. */
export async function askService(options: ExplainOptions, env: NodeJS.ProcessEnv): Promise<Answer> {
  const { where } = options;
  try {
    return where.by === 'server' ? await askServer(options, where.url) : await askProxy(options, where, env);
  } catch (error) {
    if (!isApiError(error) && !(error instanceof Unreachable)) throw error;
    return { ok: false, why: `${addressOf(where)} cannot be reached: ${error.message}` };
  }
}

/** A connection that failed, or an answer that did not come. */
class Unreachable extends Error {}

async function askServer(options: ExplainOptions, url: URL): Promise<Answer> {
  const target = new URL(`api/v1/explain?${queryOf(options, options.namespace ?? 'default')}`, withSlash(url));
  try {
    const response = await fetch(target, { signal: AbortSignal.timeout(SILENCE_MS) });
    return answerOf({ status: response.status, body: parsed(await response.text()) }, options);
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Unreachable(reasonOf(cause));
  }
}

function withSlash(url: URL): URL {
  return url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url);
}

type Proxied = Extract<Where, { by: 'api-server' }>;

async function askProxy(options: ExplainOptions, where: Proxied, env: NodeJS.ProcessEnv): Promise<Answer> {
  const { kubeconfig, service, port, namespace } = where;
  const access = await openAccess({ cluster: kubeconfig === undefined ? {} : { kubeconfig } }, env, '--server URL');
  if (access === null) return { ok: false, why: 'no cluster' };
  try {
    const own = access.getContextObject(access.getCurrentContext())?.namespace ?? 'default';
    const query = queryOf(options, options.namespace ?? own);
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/http:${service}:${port}/proxy/api/v1/explain?${query}`;
    const patience = { signal: new AbortController().signal, silence: SILENCE_MS };
    return answerOf(await apiCall(access, { method: 'GET', path, patience }), options);
  } finally {
    await access.close();
  }
}

function queryOf({ kind, name }: ExplainOptions, namespace: string): string {
  return new URLSearchParams({ kind, namespace, name }).toString();
}

function answerOf({ status, body }: Http, { kind, name, where }: ExplainOptions): Answer {
  if (status === 200 && member(body, 'verdict') !== undefined) return { ok: true, explanation: body };
  const [code, message, fix] = ['code', 'message', 'fix'].map((key) => text(member(body, key)));
  // An answer of Lowtide's own has its code; what stands between us and it has none, or a number.
  if (code !== null && code !== undefined)
    return { ok: false, why: `${kind}/${name}: ${message ?? code} (${fix ?? code})` };
  return {
    ok: false,
    why: `${addressOf(where)} is not answered by Lowtide: ${message ?? `HTTP status ${status}`}${hintFor(status, where)}`,
  };
}

function hintFor(status: number, where: Where): string {
  if (where.by === 'server') return '';
  if (status === 403) return ' (you need the right to get services/proxy there; or port-forward and use --server)';
  return status === 404 || status === 503 ? ' (--service NAME:PORT and --service-namespace say where it is)' : '';
}

function addressOf(where: Where): string {
  if (where.by === 'server') return where.url.origin;
  return `service ${where.namespace}/${where.service}:${where.port}`;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
