import type { Instant, Millis } from '../../carbon/units.ts';
import { instant } from '../../carbon/units.ts';
import type { z } from 'zod';
import { credential } from '../credential.ts';
import type { Secret } from '../credential.ts';
import { okJson } from '../http/json.ts';
import type { Exchange } from '../http/request.ts';
import type { Asking, Span } from '../provider.ts';
import { InstantAnswer, RangeAnswer } from './schema.ts';
import type { Sample } from './schema.ts';

/** How Lowtide shows who it is; null: not at all. */
export type PrometheusAuth =
  { readonly bearer: Secret } | { readonly username: string; readonly password: Secret } | null;

/** A server that speaks Prometheus' HTTP API. */
export interface Server {
  readonly exchange: Exchange;
  /** Before `/api/v1`. */
  readonly url: URL;
  readonly auth: PrometheusAuth;
  /** Further headers, e.g. `X-Scope-OrgID`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Prometheus refuses ranges of more than 11,000 points. */
const POINTS = 10_000;

/**
 * What a query gives now, by the server's clock: asked for our own moment, a server that is ahead would pass off as new
 * what it took long ago.
 * @throws ProviderFailure
 */
export async function instantQuery(server: Server, query: string, { signal }: Asking): Promise<InstantResult> {
  return call(server, { path: 'query', parameters: { query }, schema: InstantAnswer, signal });
}

/** Samples of one moment; a scalar has no labels, and the moment of asking for its own. */
export type InstantResult = z.infer<typeof InstantAnswer>;

/**
 * What a query gave at each multiple of `step` in a span, in as many requests as it takes.
 * @throws ProviderFailure
 */
export async function rangeQuery(
  server: Server,
  { query, span, step }: { query: string; span: Span; step: Millis },
  { signal }: Asking,
): Promise<readonly Sample[]> {
  const parts: (readonly Sample[])[] = [];
  const first = Math.ceil(span.from / step) * step;
  for (let start = first; start < span.to; start += POINTS * step) {
    const end = Math.min(start + (POINTS - 1) * step, span.to - 1);
    const parameters = { query, start: seconds(instant(start)), end: seconds(instant(end)), step: String(step / 1000) };
    parts.push(await call(server, { path: 'query_range', parameters, schema: RangeAnswer, signal }));
  }
  return parts.flat();
}

interface Call<Answer> {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<Answer>;
  readonly signal: AbortSignal;
}

async function call<Answer>(server: Server, { path, parameters, schema, signal }: Call<Answer>): Promise<Answer> {
  const url = new URL(`${server.url.href.replace(/[?#].*$/, '').replace(/\/+$/, '')}/api/v1/${path}`);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const headers = { ...server.headers, ...(await authorization(server.auth)) };
  const answer = await server.exchange({ what: path, url, headers, signal });
  return okJson(answer, schema, url.pathname);
}

async function authorization(auth: PrometheusAuth): Promise<Readonly<Record<string, string>>> {
  if (auth === null) return {};
  if ('bearer' in auth) return { authorization: `Bearer ${await credential(auth.bearer, 'bearer token')}` };
  const pair = `${auth.username}:${await credential(auth.password, 'password')}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function seconds(at: Instant): string {
  return (at / 1000).toFixed(3);
}
