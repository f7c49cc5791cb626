import type { z } from 'zod';
import type { ObservedStep, ZoneReport } from '../../carbon/report.ts';
import type { EmissionFactor, ForecastStep, SignalKind } from '../../carbon/types.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { answerEach } from '../answer-each.ts';
import { Extra } from '../extra.ts';
import { ProviderFailure } from '../failure.ts';
import type { FailureReason } from '../failure.ts';
import { okJson } from '../http/json.ts';
import type { Exchange, HttpAnswer } from '../http/request.ts';
import { chunksOf } from '../mix-report.ts';
import { inOrder, notFromTheFuture } from '../plausible.ts';
import type { Asking, Provider, Span } from '../provider.ts';
import { Emissions, Forecasts, forecastSteps, observedSteps, ProblemDetails } from './schema.ts';

/** How far back a report looks for the newest value. */
export const CARBON_AWARE_SDK_LOOKBACK: Millis = millis(24 * 3_600_000);
/** A request for history spans this much at most, as Electricity Maps behind the SDK allows. */
export const CARBON_AWARE_SDK_CHUNK: Millis = millis(10 * 86_400_000);
/** Requests that one report takes: emissions, and the forecast unless it is switched off. */
export function carbonAwareSdkRequestsPerReport({ forecast = true }: Pick<CarbonAwareSdkOptions, 'forecast'>): number {
  return forecast ? 2 : 1;
}

/** What the Carbon Aware SDK provider is given. */
export interface CarbonAwareSdkOptions {
  readonly id: string;
  readonly exchange: Exchange;
  readonly now: () => Instant;
  /** Where the WebApi answers: it is self-hosted. */
  readonly url: string;
  /** Of the source behind the SDK: `average` (Electricity Maps) unless said otherwise; with WattTime, `marginal`. */
  readonly kind?: SignalKind;
  /** Likewise: `lifecycle` unless said otherwise. */
  readonly factor?: EmissionFactor;
  /** Whether forecasts are asked for; true unless said otherwise. */
  readonly forecast?: boolean;
  readonly lookback?: Millis;
}

/** The Green Software Foundation's Carbon Aware SDK, as its WebApi answers. Zones go by its locations, e.g. `eastus`. */
export function carbonAwareSdk(options: CarbonAwareSdkOptions): Provider {
  const { id, now, kind = 'average', factor = 'lifecycle', lookback = CARBON_AWARE_SDK_LOOKBACK } = options;
  const extra = new Extra(NO_FORECAST);
  const told = async (name: string, asking: Asking): Promise<readonly ForecastStep[]> =>
    (await extra.ask(asking.now, () => forecastOf(options, name, asking))) ?? [];
  return {
    id,
    kind,
    factor,
    serves: 'one',
    report: (zones, asking) =>
      answerEach(zones, async ({ zone, name }): Promise<ZoneReport> => {
        const span = { from: instant(asking.now - lookback), to: asking.now };
        const observed = await emissions(options, name, { span, asking });
        if (observed.length === 0) throw new ProviderFailure('no-data', `emissions: no value of ${name}`);
        const forecast = options.forecast === false ? [] : await told(name, asking);
        return {
          zone,
          source: id,
          kind,
          factor,
          observed,
          forecast,
          forecastBy: forecast.length === 0 ? null : 'provider',
          renewablePct: null,
          percentile: null,
          constant: null,
          sandbox: false,
          fetchedAt: now(),
        };
      }),
    history: async ({ name }, span, asking): Promise<readonly ObservedStep[]> => {
      const steps: ObservedStep[] = [];
      for (const chunk of chunksOf(span, CARBON_AWARE_SDK_CHUNK)) {
        steps.push(...(await orNothing(emissions(options, name, { span: chunk, asking }))));
      }
      // What lies on a cut comes twice: both ends of a query belong to it.
      return inOrder(steps.filter(({ start, end }) => start >= span.from && end <= span.to));
    },
  };
}

interface Query {
  readonly span: Span;
  readonly asking: Asking;
}

async function emissions(options: CarbonAwareSdkOptions, location: string, { span, asking }: Query) {
  const query = { location, time: iso(span.from), toTime: iso(span.to) };
  const answer = await ask(options, { what: 'emissions', path: 'emissions/bylocation', query }, asking);
  const steps = observedSteps(read(answer, Emissions, 'emissions'), location);
  notFromTheFuture(steps, options.now(), answer.clockSkew);
  return steps;
}

/** A value is worth having without a forecast, which the source behind the SDK may not give (501); wrong data is refused. */
const NO_FORECAST: ReadonlySet<FailureReason> = new Set<FailureReason>([
  'no-data',
  'forbidden',
  'unauthorized',
  'refused',
  'upstream-error',
  'rate-limited',
  'timeout',
  'unreachable',
  'truncated',
  'over-budget',
]);

async function forecastOf(options: CarbonAwareSdkOptions, location: string, asking: Asking) {
  const request = { what: 'forecast', path: 'emissions/forecasts/current', query: { location } };
  const answer = await ask(options, request, asking);
  return forecastSteps(read(answer, Forecasts, 'forecast'), location);
}

/** A stretch of the past without data is a gap, not a failure. */
async function orNothing(steps: Promise<readonly ObservedStep[]>): Promise<readonly ObservedStep[]> {
  try {
    return await steps;
  } catch (error) {
    if (error instanceof ProviderFailure && error.reason === 'no-data') return [];
    throw error;
  }
}

interface Request {
  readonly what: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

async function ask(options: CarbonAwareSdkOptions, { what, path, query }: Request, { signal }: Asking) {
  const url = new URL(`${options.url.replace(/\/+$/, '')}/${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return options.exchange({ what, url, signal });
}

/** Its validation errors name the field that is wrong, so they belong to the message. */
function read<Parsed>(answer: HttpAnswer, schema: z.ZodType<Parsed>, what: string): Parsed {
  try {
    return okJson(answer, schema, what);
  } catch (error) {
    const problems = problemsOf(answer);
    if (!(error instanceof ProviderFailure) || problems === '') throw error;
    throw new ProviderFailure(error.reason, `${what}: status ${answer.status}, ${problems}`, error.retryAfter);
  }
}

function problemsOf({ status, text }: HttpAnswer): string {
  if (status < 400) return '';
  try {
    const { title, detail, errors } = ProblemDetails.parse(JSON.parse(text));
    const fields = Object.entries(errors ?? {}).map(([field, messages]) => `${field}: ${messages.join(' ')}`);
    const words = [detail ?? title ?? '', ...fields].filter((part) => part !== '');
    return words
      .join('; ')
      .replaceAll(/[\p{C}\s]+/gu, ' ')
      .slice(0, 200);
  } catch {
    return '';
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
