import type { ZoneReport } from '../../carbon/report.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { answerEach } from '../answer-each.ts';
import { credential } from '../credential.ts';
import type { Secret } from '../credential.ts';
import { ProviderFailure } from '../failure.ts';
import { mixSteps } from '../generation-mix.ts';
import type { Generation, MixStep } from '../generation-mix.ts';
import { okJson } from '../http/json.ts';
import type { Exchange, HttpAnswer } from '../http/request.ts';
import { measured, mixReport } from '../mix-report.ts';
import { notFromTheFuture } from '../plausible.ts';
import type { Asking, Provider, Span } from '../provider.ts';
import { FuelMixPage, generationOf, RefusedKey } from './schema.ts';

/** Where the U.S. Energy Information Administration's API answers. */
export const EIA_URL = 'https://api.eia.gov/v2';
/** How far back a report looks: data comes an hour to a day late. */
export const EIA_LOOKBACK: Millis = millis(48 * 3_600_000);
/** Requests that one report takes: two days of hours have at most some 800 rows. */
export const EIA_REQUESTS_PER_REPORT = 1;
/** Rows of a page, EIA's maximum; a page holds two weeks or more. */
const PAGE = 5000;
/** An answer that goes on and on is none. */
const MOST_PAGES = 100;
const HOUR_MS = 3_600_000;

/** What the EIA provider is given; `apiKey` is read anew for each request. */
export interface EiaOptions {
  readonly id: string;
  readonly exchange: Exchange;
  readonly now: () => Instant;
  readonly apiKey: Secret;
  readonly url?: string;
  readonly lookback?: Millis;
}

/**
 * EIA's hourly generation by energy source (EIA-930) as intensity: lifecycle factors weighed by what a balancing authority
 * generates, imports left out. It gives no forecast. Zones go by their respondent, e.g. `CISO` or `PJM`.
 */
export function eia(options: EiaOptions): Provider {
  const { id, now, lookback = EIA_LOOKBACK } = options;
  return {
    id,
    kind: 'average',
    factor: 'lifecycle',
    serves: 'one',
    report: (zones, asking) =>
      answerEach(zones, async ({ zone, name }): Promise<ZoneReport> => {
        const span = { from: instant(asking.now - lookback), to: null };
        const steps = await fuelMix(options, name, { span, asking });
        return mixReport(steps, { zone, source: id, fetchedAt: now() });
      }),
    history: async ({ name }, span, asking) => {
      const steps = measured(await fuelMix(options, name, { span, asking }));
      return steps.filter(({ start, end }) => start >= span.from && end <= span.to);
    },
  };
}

interface Query {
  readonly span: Pick<Span, 'from'> & { readonly to: Instant | null };
  readonly asking: Asking;
}

async function fuelMix(options: EiaOptions, respondent: string, query: Query): Promise<readonly MixStep[]> {
  const generation: Generation[] = [];
  let offset = 0;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { total, data } = await pageOf(options, urlOf(options, respondent, { ...query.span, offset }), query.asking);
    generation.push(...generationOf(data, respondent));
    offset += data.length;
    if (data.length === 0 || offset >= total) return mixSteps(generation);
  }
  throw new ProviderFailure('too-large', `fuel mix: more than ${MOST_PAGES} pages`);
}

async function pageOf(options: EiaOptions, url: URL, asking: Asking) {
  const answer = await options.exchange({
    what: 'fuel-mix',
    url,
    secretQuery: { api_key: await credential(options.apiKey, 'API key') },
    signal: asking.signal,
  });
  if (isRefusedKey(answer)) throw new ProviderFailure('unauthorized', 'fuel mix: the API key was refused');
  const { response } = okJson(answer, FuelMixPage, 'fuel mix');
  const starts = response.data.map(({ period }) => ({ start: instant(period - HOUR_MS) }));
  notFromTheFuture(starts, options.now(), answer.clockSkew);
  return response;
}

/** Periods name the hour's end, and both ends of the query are within. */
function urlOf(options: EiaOptions, respondent: string, { from, to, offset }: Query['span'] & { offset: number }): URL {
  const url = new URL(`${(options.url ?? EIA_URL).replace(/\/+$/, '')}/electricity/rto/fuel-type-data/data/`);
  const query = {
    frequency: 'hourly',
    'data[0]': 'value',
    'facets[respondent][]': respondent,
    start: hourOf(Math.ceil(from / HOUR_MS) * HOUR_MS + HOUR_MS),
    ...(to === null ? {} : { end: hourOf(to) }),
    'sort[0][column]': 'period',
    'sort[0][direction]': 'asc',
    'sort[1][column]': 'fueltype',
    'sort[1][direction]': 'asc',
    offset: String(offset),
    length: String(PAGE),
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

function hourOf(at: number): string {
  return new Date(at).toISOString().slice(0, 13);
}

/** The gateway before EIA says 403 of a key that is missing or wrong, where others say 401. */
function isRefusedKey({ status, text }: HttpAnswer): boolean {
  if (status !== 403) return false;
  try {
    return RefusedKey.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
