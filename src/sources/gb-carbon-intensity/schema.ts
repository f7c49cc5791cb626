import { z } from 'zod';
import type { ObservedStep } from '../../carbon/report.ts';
import type { ForecastStep } from '../../carbon/types.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { ProviderFailure } from '../failure.ts';
import { timeField } from '../http/fields.ts';
import { inOrder, notFromTheFuture, plausible } from '../plausible.ts';

const grams = z.number().nullable();
const HalfHour = z.object({
  from: timeField,
  to: timeField,
  /** What is foretold of each half hour, the past included; regions have no `actual`. */
  intensity: z.object({ forecast: grams, actual: grams.default(null) }),
  generationmix: z.array(z.object({ fuel: z.string(), perc: z.number().min(0).max(100).nullable() })).default([]),
});
type HalfHour = z.infer<typeof HalfHour>;

const OfRegion = z.object({ regionid: z.number(), data: z.array(HalfHour) });

/** `/intensity/…`: Great Britain as a whole. */
export const National = z
  .object({ data: z.array(HalfHour) })
  .transform(({ data }) => ({ region: null, halfHours: data }));
/** `/regional/intensity/…/regionid/…`: documented as a list of one region, given as the region itself. */
export const Regional = z
  .object({ data: z.union([OfRegion, z.array(OfRegion)]) })
  .transform(({ data }) => (Array.isArray(data) ? data[0] : data))
  .transform((of) => ({ region: of?.regionid ?? null, halfHours: of?.data ?? [] }));

/** One answer, of either kind. */
export interface HalfHours {
  readonly region: number | null;
  readonly halfHours: readonly HalfHour[];
}

/** What is known of the past, and what is foretold from now on. */
export interface Told {
  readonly observed: readonly ObservedStep[];
  readonly forecast: readonly ForecastStep[];
  readonly renewablePct: number | null;
}

/** Whose clock it is now, and what the provider's says beside it. */
export interface Clock {
  readonly now: Instant;
  readonly skew: Millis | null;
}

/**
 * Half hours by what they are: measured; past and never measured, which is estimated; under way or to come.
 * @throws ProviderFailure `wrong-zone`; `implausible`; `clock-skew`: measured in the future; `no-data`: none has a value
 */
export function told({ region, halfHours }: HalfHours, asked: number | null, { now, skew }: Clock): Told {
  if (region !== asked && halfHours.length > 0)
    throw new ProviderFailure('wrong-zone', `asked for region ${asked ?? 'GB'}, answered for ${region ?? 'GB'}`);
  const measured = halfHours.flatMap((half) => stepOf(half, half.intensity.actual));
  notFromTheFuture(measured, now, skew);
  const foretold = halfHours.filter(({ intensity }) => intensity.actual === null);
  const past = foretold.filter(({ to }) => to <= now).flatMap((half) => stepOf(half, half.intensity.forecast));
  const ahead = foretold.filter(({ to }) => to > now).flatMap((half) => stepOf(half, half.intensity.forecast));
  if (measured.length + past.length + ahead.length === 0)
    throw new ProviderFailure('no-data', `no value for region ${asked ?? 'GB'}`);
  const observed = [
    ...measured.map((step): ObservedStep => ({ ...step, quality: 'measured' })),
    ...past.map((step): ObservedStep => ({ ...step, quality: 'estimated' })),
  ];
  return { observed: inOrder(observed), forecast: inOrder(ahead), renewablePct: renewableShare(halfHours, now) };
}

function stepOf({ from, to }: HalfHour, value: number | null): readonly ForecastStep[] {
  return value === null ? [] : [{ start: from, end: to, value: plausible(value) }];
}

const RENEWABLE: ReadonlySet<string> = new Set(['biomass', 'hydro', 'solar', 'wind']);

/** Of the half hour under way; null where its mix is not told. */
function renewableShare(halfHours: readonly HalfHour[], now: Instant): number | null {
  const mix = halfHours.find(({ from, to }) => from <= now && now < to)?.generationmix ?? [];
  if (mix.length === 0 || mix.some(({ perc }) => perc === null)) return null;
  const share = mix.reduce((sum, { fuel, perc }) => sum + (RENEWABLE.has(fuel) ? (perc ?? 0) : 0), 0);
  return Math.min(100, Math.round(share * 10) / 10);
}
