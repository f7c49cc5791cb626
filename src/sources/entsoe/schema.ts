import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { Generation } from '../generation-mix.ts';
import { ProviderFailure } from '../failure.ts';
import { timeField } from '../http/fields.ts';
import { fuelOfPsrType } from './psr-types.ts';
import { slotsOf } from './curve.ts';

const LISTS = new Set(['TimeSeries', 'Period', 'Point', 'Reason']);
/** A document is five levels deep. */
const DEEPEST = 16;

const PARSER = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: false,
  maxNestedTags: DEEPEST,
  jPath: false,
  isArray: (name) => LISTS.has(name),
});

/** Megawatts; an empty element is a point without a value. */
const quantity = z
  .string()
  .optional()
  .transform((text, context): number | null => {
    if (text === undefined || text === '') return null;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    context.addIssue({ code: 'custom', message: 'expected a number of megawatts' });
    return z.NEVER;
  });

const position = z
  .string()
  .regex(/^[1-9]\d{0,5}$/)
  .transform(Number);

const MINUTES = { PT15M: 15, PT30M: 30, PT60M: 60, PT1H: 60 } as const;

const Period = z.object({
  timeInterval: z.object({ start: timeField, end: timeField }),
  resolution: z.enum(['PT15M', 'PT30M', 'PT60M', 'PT1H']).transform((name) => MINUTES[name] * 60_000),
  Point: z.array(z.object({ position, quantity })),
});
/** One period of a series: a step in ms, and the positions that are given of it. */
export type Period = z.infer<typeof Period>;

const TimeSeries = z.object({
  'inBiddingZone_Domain.mRID': z.string().optional(),
  'outBiddingZone_Domain.mRID': z.string().optional(),
  'quantity_Measure_Unit.name': z.literal('MAW'),
  curveType: z.enum(['A01', 'A03']).default('A01'),
  MktPSRType: z.object({ psrType: z.string() }),
  Period: z.array(Period),
});
type TimeSeries = z.infer<typeof TimeSeries>;

const GenerationDocument = z.object({
  GL_MarketDocument: z.object({ TimeSeries: z.array(TimeSeries) }),
});

const Acknowledgement = z.object({
  Acknowledgement_MarketDocument: z.object({
    Reason: z.array(z.object({ code: z.string(), text: z.string().default('') })).min(1),
  }),
});
type Reason = z.infer<typeof Acknowledgement>['Acknowledgement_MarketDocument']['Reason'][number];

/**
 * Actual generation per type (A75) of the area by what generates: consumption and storage are left out.
 * @throws ProviderFailure `no-data` or `refused` where the document is an acknowledgement, `wrong-zone`, `malformed`.
 */
export function parseGeneration(text: string, area: string): readonly Generation[] {
  const document = xmlOf(text);
  const reason = reasonIn(document);
  if (reason !== null) throw acknowledged(reason);
  const parsed = GenerationDocument.safeParse(document);
  if (!parsed.success) throw new ProviderFailure('malformed', `generation: ${issueOf(parsed.error)}`);
  return parsed.data.GL_MarketDocument.TimeSeries.flatMap((series) => generationOf(series, area));
}

/** What an acknowledgement says, which ENTSO-E sends in place of data and of errors; null: the text is none. */
export function acknowledgement(text: string): ProviderFailure | null {
  try {
    const reason = reasonIn(xmlOf(text));
    return reason === null ? null : acknowledged(reason);
  } catch {
    return null;
  }
}

function generationOf(series: TimeSeries, area: string): readonly Generation[] {
  const { 'inBiddingZone_Domain.mRID': into, 'outBiddingZone_Domain.mRID': outOf } = series;
  const named = into ?? outOf;
  if (named === undefined) throw new ProviderFailure('malformed', 'generation: a series without an area');
  if (named !== area) throw new ProviderFailure('wrong-zone', `generation of ${named.slice(0, 40)}, not of ${area}`);
  const type = series.MktPSRType.psrType;
  const fuel = fuelOfPsrType(type);
  if (into === undefined || fuel === null) return [];
  return series.Period.flatMap((period) => slotsOf(period, series.curveType).map((slot) => ({ ...slot, type, fuel })));
}

/** A document type of its own, with entities, would be a way in; the format has none. */
function xmlOf(text: string): unknown {
  if (/<!DOCTYPE/i.test(text)) throw new ProviderFailure('malformed', 'generation: not an XML document of data');
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- without it half a document passes; its successor is one more package
    return PARSER.parse(text, true);
  } catch {
    // The parser's message quotes the text, which may be anything.
    throw new ProviderFailure('malformed', `generation: ${text.length} characters that are no whole XML`);
  }
}

function reasonIn(document: unknown): Reason | null {
  const parsed = Acknowledgement.safeParse(document);
  return parsed.success ? (parsed.data.Acknowledgement_MarketDocument.Reason[0] ?? null) : null;
}

/** Code 999 is said of data that is not there and of requests that are wrong: the words tell. */
function acknowledged({ code, text }: Reason): ProviderFailure {
  const words = text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  const absent = code === '999' && !/not valid|exceed|invalid|mandatory|missing|not allowed|not permitted/i.test(words);
  return new ProviderFailure(absent ? 'no-data' : 'refused', `generation: reason ${code.slice(0, 8)}, ${words}`);
}

function issueOf({ issues }: z.ZodError): string {
  const [first] = issues;
  return `not the documented format at ${first?.path.join('.') ?? 'the whole'}: ${first?.message ?? ''}`.slice(0, 200);
}
