import { z } from 'zod';
import type { ObservedStep } from '../../carbon/report.ts';
import type { EmissionFactor, ForecastStep } from '../../carbon/types.ts';
import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import { ProviderFailure } from '../failure.ts';
import { timeField } from '../http/fields.ts';
import { inOrder, plausible } from '../plausible.ts';

const MINUTE = 60_000;
const STEPS = { '5_minutes': 5 * MINUTE, '15_minutes': 15 * MINUTE, hourly: 60 * MINUTE } as const;

const Granularity = z.enum(['5_minutes', '15_minutes', 'hourly']).default('hourly');
const Point = z.object({ carbonIntensity: z.number().nullable(), datetime: timeField });
/** `estimationMethod` has an open vocabulary and decides nothing: it is not read. */
const Observed = Point.extend({
  isEstimated: z.boolean().default(true),
  emissionFactorType: z.string().optional(),
});

/** The older API answered 200 with this. */
const NoData = z.object({ status: z.literal('no-data'), zone: z.string().optional() });

const Whole = z.object({ zone: z.string(), temporalGranularity: Granularity, _disclaimer: z.string().optional() });

/** `/carbon-intensity/latest`. */
export const Latest = z.union([Whole.extend(Observed.shape), NoData]);
/** `/carbon-intensity/history` and `/carbon-intensity/past-range`. */
export const Past = z.union([
  Whole.extend({ history: z.array(Observed) }).transform(({ history, ...whole }) => ({ ...whole, points: history })),
  Whole.extend({ data: z.array(Observed) }).transform(({ data, ...whole }) => ({ ...whole, points: data })),
]);
/** `/carbon-intensity/forecast`. */
export const Forecast = Whole.extend({ forecast: z.array(Point) });
/** `/renewable-energy/latest`: percent. */
export const Share = z.object({ zone: z.string(), value: z.number().min(0).max(100).nullable() });
/** `/zones`: what the key may see of each zone; the whole list without `access` where there is no key. */
export const Zones = z.record(z.string(), z.object({ access: z.array(z.string()).optional() }));

/** What was asked for, which the answer must be about. */
export interface Asked {
  readonly zone: string;
  readonly factor: EmissionFactor;
}

/** Steps of one answer, and whether the API says that it made them up. */
export interface Observations {
  readonly steps: readonly ObservedStep[];
  readonly sandbox: boolean;
}

/**
 * The latest value.
 * @throws ProviderFailure `no-data`, `wrong-zone`, `malformed` for another emission factor, `implausible`
 */
export function latestStep(latest: z.infer<typeof Latest>, asked: Asked): Observations {
  if ('status' in latest) throw new ProviderFailure('no-data', `latest: status no-data for zone ${asked.zone}`);
  return observations({ ...latest, points: [latest] }, asked);
}

/** The past, ascending; values that are null are left out. Throws as `latestStep`, `no-data` where nothing is left. */
export function observations(past: z.infer<typeof Past>, asked: Asked): Observations {
  sameZone(past.zone, asked.zone);
  for (const { emissionFactorType } of past.points) sameFactor(emissionFactorType, asked.factor);
  const steps = stepsOf(past.points, past.temporalGranularity, ({ isEstimated }) => ({
    quality: isEstimated ? ('estimated' as const) : ('measured' as const),
  }));
  if (steps.length === 0) throw new ProviderFailure('no-data', `no value for zone ${asked.zone}`);
  return { steps, sandbox: /sandbox/i.test(past._disclaimer ?? '') };
}

/** The forecast, ascending. Throws as `observations`. */
export function forecastSteps(answer: z.infer<typeof Forecast>, asked: Asked): readonly ForecastStep[] {
  sameZone(answer.zone, asked.zone);
  const steps = stepsOf(answer.forecast, answer.temporalGranularity, () => ({}));
  if (steps.length === 0) throw new ProviderFailure('no-data', `no forecast for zone ${asked.zone}`);
  return steps;
}

/** @throws ProviderFailure `wrong-zone` */
export function sameZone(given: string, asked: string): void {
  if (given === asked) return;
  throw new ProviderFailure('wrong-zone', `asked for zone ${asked}, answered for ${given.slice(0, 40)}`);
}

function sameFactor(given: string | undefined, asked: EmissionFactor): void {
  if (given === undefined || given === asked) return;
  throw new ProviderFailure('malformed', `asked for ${asked} emission factors, answered with ${given.slice(0, 40)}`);
}

function stepsOf<P extends { carbonIntensity: number | null; datetime: Instant }, Extra extends object>(
  points: readonly P[],
  granularity: keyof typeof STEPS,
  extra: (point: P) => Extra,
) {
  const length = STEPS[granularity];
  const steps = points.flatMap((point) => {
    if (point.carbonIntensity === null) return [];
    const end = instant(point.datetime + length);
    return [{ start: point.datetime, end, value: plausible(point.carbonIntensity), ...extra(point) }];
  });
  return inOrder(steps);
}
