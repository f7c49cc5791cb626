import { z } from 'zod';
import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import { ProviderFailure } from '../failure.ts';

/** Labels of a series. */
export type Labels = Readonly<Record<string, string>>;

/** One sample; NaN where Prometheus says so, Infinity with its sign likewise. */
export interface Sample {
  readonly labels: Labels;
  readonly at: Instant;
  readonly value: number;
}

/** A number as Prometheus writes one: in text, with words for what is none. */
const number = z.string().transform((text, context): number => {
  const infinite = /^([+-]?)Inf$/.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isNaN(value) || text === 'NaN') return value;
  context.addIssue({ code: 'custom', message: 'expected a number in text' });
  return z.NEVER;
});
/** Seconds since the epoch, and the value. */
const point = z.tuple([z.number(), number]).transform(([at, value]) => ({ at: instant(Math.round(at * 1000)), value }));
const labels = z.record(z.string(), z.string());

const Vector = z.object({
  resultType: z.literal('vector'),
  result: z.array(z.object({ metric: labels, value: point }).transform(({ metric, value }) => sampleOf(metric, value))),
});
const Scalar = z.object({
  resultType: z.literal('scalar'),
  result: point.transform((value) => [sampleOf({}, value)]),
});
const Matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(
    z
      .object({ metric: labels, values: z.array(point) })
      .transform(({ metric, values }) => values.map((value) => sampleOf(metric, value))),
  ),
});

function sampleOf(of: Labels, { at, value }: { at: Instant; value: number }): Sample {
  return { labels: of, at, value };
}

/** Warnings and notes of the server are let pass: the data is there. */
function success<Data extends z.ZodType>(data: Data) {
  return z.object({ status: z.literal('success'), data });
}

/** An instant query's answer: its samples, and whether they are a scalar, which has no labels. */
export const InstantAnswer = success(
  z.discriminatedUnion('resultType', [Vector, Scalar], { error: 'the query gives neither a vector nor a scalar' }),
).transform(({ data }) => ({ scalar: data.resultType === 'scalar', samples: data.result }));

/** A range query's answer: all samples of all series. */
export const RangeAnswer = success(Matrix).transform(({ data }) => data.result.flat());

/** How series are assigned to zones: by a label, or all to the one zone that the query is about. */
export interface ZoneNaming {
  readonly label: string;
  readonly zone: string | null;
}

/**
 * The samples by the name of their zone.
 * @throws ProviderFailure `malformed` where there are samples, and none names a zone.
 */
export function byZone(
  samples: readonly Sample[],
  { label, zone }: ZoneNaming,
): ReadonlyMap<string, readonly Sample[]> {
  const found = new Map<string, Sample[]>();
  for (const sample of samples) {
    const name = zone ?? (Object.hasOwn(sample.labels, label) ? sample.labels[label] : undefined);
    if (name === undefined) continue;
    const of = found.get(name) ?? [];
    of.push(sample);
    found.set(name, of);
  }
  if (samples.length > 0 && found.size === 0) {
    throw new ProviderFailure(
      'malformed',
      `no series has the label ${label}: set label, or zone for a query of one zone`,
    );
  }
  return found;
}
