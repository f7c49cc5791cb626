import type { ObservedStep, ZoneReport } from '../../carbon/report.ts';
import type { EmissionFactor } from '../../carbon/types.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { answerEach } from '../answer-each.ts';
import { ProviderFailure } from '../failure.ts';
import { okJson } from '../http/json.ts';
import type { Exchange } from '../http/request.ts';
import { chunksOf } from '../mix-report.ts';
import { inOrder } from '../plausible.ts';
import type { Asking, Provider, Span, ZoneName } from '../provider.ts';
import type { Told } from './schema.ts';
import { National, Regional, told } from './schema.ts';

const HOUR = 3_600_000;
/** Where the GB Carbon Intensity API answers; no key is needed. */
export const GB_CARBON_INTENSITY_URL = 'https://api.carbonintensity.org.uk';
/** A report begins so far back: what is measured comes half an hour late or more. The forecast is shorter by as much. */
export const GB_LOOKBACK: Millis = millis(2 * HOUR);
/** Requests that one report takes. */
export const GB_REQUESTS_PER_REPORT = 1;
/** The longest range that one request may span. */
const CHUNK = millis(14 * 24 * HOUR);
/** The name of Great Britain as a whole; a region goes by its number, 1 to 17. */
const NATIONAL = 'GB';

/** How the GB Carbon Intensity API is used. */
export interface GbCarbonIntensityOptions {
  readonly id: string;
  readonly exchange: Exchange;
  readonly now: () => Instant;
  readonly url?: string;
  /** Direct without it: generation alone, with imports and losses. An operator may know better. */
  readonly factor?: EmissionFactor;
}

/** NESO's Carbon Intensity API: average, half-hourly, 46 hours ahead. A region has forecasts alone, no measurements. */
export function gbCarbonIntensity(options: GbCarbonIntensityOptions): Provider {
  const { id, now, factor = 'direct' } = options;
  return {
    id,
    kind: 'average',
    factor,
    serves: 'one',
    report: (zones, asking) =>
      answerEach(zones, async ({ zone, name }): Promise<ZoneReport> => {
        const from = minute(instant(asking.now - GB_LOOKBACK));
        const { forecast, ...rest } = await ask(options, { name, what: 'forecast', when: `${from}/fw48h` }, asking);
        const forecastBy = forecast.length > 0 ? 'provider' : null;
        const known = { percentile: null, constant: null, sandbox: false } as const;
        return { zone, source: id, kind: 'average', factor, ...rest, forecast, forecastBy, ...known, fetchedAt: now() };
      }),
    history: (zone, span, asking) => pastSteps(options, zone, { span, asking }),
  };
}

async function pastSteps(
  options: GbCarbonIntensityOptions,
  { name }: ZoneName,
  { span, asking }: { readonly span: Span; readonly asking: Asking },
): Promise<readonly ObservedStep[]> {
  const day = span.to - span.from <= 24 * HOUR;
  const times = day
    ? [`${minute(span.to)}/pt24h`]
    : chunksOf(span, CHUNK).map(({ from, to }) => `${minute(from)}/${minute(to)}`);
  const steps: ObservedStep[] = [];
  for (const when of times) steps.push(...(await observed(options, { name, what: 'history', when }, asking)));
  return inOrder(steps).filter(({ start, end }) => end > span.from && start < span.to);
}

async function observed(
  options: GbCarbonIntensityOptions,
  question: Question,
  asking: Asking,
): Promise<readonly ObservedStep[]> {
  try {
    return (await ask(options, question, asking)).observed;
  } catch (error) {
    if (error instanceof ProviderFailure && error.reason === 'no-data') return [];
    throw error;
  }
}

interface Question {
  readonly name: string;
  readonly what: string;
  /** As the path has it. */
  readonly when: string;
}

async function ask(options: GbCarbonIntensityOptions, question: Question, asking: Asking): Promise<Told> {
  const { name, what, when } = question;
  const region = regionOf(name);
  const path = region === null ? `intensity/${when}` : `regional/intensity/${when}/regionid/${region}`;
  const base = (options.url ?? GB_CARBON_INTENSITY_URL).replace(/\/+$/, '');
  const answer = await options.exchange({ what, url: new URL(`${base}/${path}`), signal: asking.signal });
  if (answer.status === 404) throw new ProviderFailure('unknown-zone', `${path}: status 404`);
  const halfHours = region === null ? okJson(answer, National, path) : okJson(answer, Regional, path);
  return told(halfHours, region, { now: options.now(), skew: answer.clockSkew });
}

/** @throws ProviderFailure `unknown-zone` */
function regionOf(name: string): number | null {
  if (name === NATIONAL) return null;
  const region = Number(name);
  if (Number.isInteger(region) && region >= 1 && region <= 17) return region;
  throw new ProviderFailure('unknown-zone', `${name.slice(0, 40)} is neither GB nor the number of a region, 1 to 17`);
}

/** The API takes minutes without seconds. */
function minute(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}
