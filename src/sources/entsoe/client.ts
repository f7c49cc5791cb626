import type { ObservedStep, ZoneReport } from '../../carbon/report.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { answerEach } from '../answer-each.ts';
import { credential } from '../credential.ts';
import type { Secret } from '../credential.ts';
import { ProviderFailure } from '../failure.ts';
import { mixSteps } from '../generation-mix.ts';
import type { MixStep } from '../generation-mix.ts';
import { concealed } from '../http/conceal.ts';
import { statusFailure } from '../http/json.ts';
import type { Exchange } from '../http/request.ts';
import { chunksOf, measured, mixReport } from '../mix-report.ts';
import { notFromTheFuture } from '../plausible.ts';
import type { Asking, Provider, Span } from '../provider.ts';
import { acknowledgement, parseGeneration } from './schema.ts';

/** Where the ENTSO-E Transparency Platform answers. */
export const ENTSOE_URL = 'https://web-api.tp.entsoe.eu/api';
/** How far back a report looks: data comes an hour to some hours late, and a day shows which types a zone reports. */
export const ENTSOE_LOOKBACK: Millis = millis(24 * 3_600_000);
/**
 * A request for history spans this much at most. A year is allowed, but two days of
 * quarter hours of a large zone are a quarter of a megabyte of XML, and reading it holds up everything else meanwhile.
 */
export const ENTSOE_CHUNK: Millis = millis(2 * 86_400_000);
/** Requests that one report takes. */
export const ENTSOE_REQUESTS_PER_REPORT = 1;

/** What the ENTSO-E provider is given; `token` is the security token, read anew for each request. */
export interface EntsoeOptions {
  readonly id: string;
  readonly exchange: Exchange;
  readonly now: () => Instant;
  readonly token: Secret;
  readonly url?: string;
  readonly lookback?: Millis;
}

/**
 * ENTSO-E's actual generation per production type (A75) as intensity: lifecycle factors weighed by what a zone generates,
 * imports left out. It gives no forecast. Zones go by their energy identification code, e.g. `10Y1001A1001A83F`.
 */
export function entsoe(options: EntsoeOptions): Provider {
  const { id, now, lookback = ENTSOE_LOOKBACK } = options;
  return {
    id,
    kind: 'average',
    factor: 'lifecycle',
    serves: 'one',
    report: (zones, asking) =>
      answerEach(zones, async ({ zone, name }): Promise<ZoneReport> => {
        const span = { from: instant(asking.now - lookback), to: asking.now };
        const steps = await generationMix(options, name, { span, asking });
        return mixReport(steps, { zone, source: id, fetchedAt: now() });
      }),
    history: async ({ name }, span, asking): Promise<readonly ObservedStep[]> => {
      const steps: ObservedStep[] = [];
      // Cut on the hour, or the hour that is cut would come twice.
      const whole = { from: floor(span.from, HOUR_MS), to: floor(span.to, QUARTER_MS) };
      for (const chunk of chunksOf(whole, ENTSOE_CHUNK)) {
        steps.push(...measured(await historyMix(options, name, { span: chunk, asking })));
      }
      return steps.filter(({ start, end }) => start >= span.from && end <= span.to);
    },
  };
}

interface Query {
  readonly span: Span;
  readonly asking: Asking;
}

async function generationMix(
  options: EntsoeOptions,
  area: string,
  { span, asking }: Query,
): Promise<readonly MixStep[]> {
  const url = new URL(options.url ?? ENTSOE_URL);
  const query = { documentType: 'A75', processType: 'A16', in_Domain: area, ...periodOf(span) };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const secretQuery = { securityToken: await credential(options.token, 'security token') };
  const answer = await options.exchange({
    what: 'generation',
    url,
    secretQuery,
    headers: { accept: 'application/xml' },
    signal: asking.signal,
  });
  const failure = statusFailure(answer, 'generation');
  if (failure !== null) throw failure.reason === 'refused' ? (acknowledgement(answer.text) ?? failure) : failure;
  const generation = generationIn(answer.text, area, secretQuery);
  notFromTheFuture(generation, options.now(), answer.clockSkew);
  return mixSteps(generation);
}

/** An acknowledgement in place of data comes with 200, and its words may repeat the request. */
function generationIn(text: string, area: string, secretQuery: Readonly<Record<string, string>>) {
  const { length } = text;
  if (length > MOST_CHARACTERS)
    throw new ProviderFailure('too-large', `generation: ${length} characters, more than ${MOST_CHARACTERS}`);
  try {
    return parseGeneration(text, area);
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    throw new ProviderFailure(error.reason, concealed(error.message, { secretQuery }));
  }
}

/** A stretch of the past without data is a gap, not a failure. */
async function historyMix(options: EntsoeOptions, area: string, query: Query): Promise<readonly MixStep[]> {
  try {
    return await generationMix(options, area, query);
  } catch (error) {
    if (error instanceof ProviderFailure && error.reason === 'no-data') return [];
    throw error;
  }
}

/** Reading XML holds up everything else: of so much, a second. */
const MOST_CHARACTERS = 1024 * 1024;

const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;

function periodOf({ from, to }: Span): { periodStart: string; periodEnd: string } {
  const written = (at: number): string => new Date(at).toISOString().replaceAll(/[-:T]/g, '').slice(0, 12);
  return {
    periodStart: written(floor(from, QUARTER_MS)),
    periodEnd: written(floor(to, QUARTER_MS)),
  };
}

function floor(at: Instant, step: number): Instant {
  return instant(Math.floor(at / step) * step);
}
