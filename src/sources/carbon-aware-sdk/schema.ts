import { z } from 'zod';
import type { ObservedStep } from '../../carbon/report.ts';
import type { ForecastStep } from '../../carbon/types.ts';
import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import { ProviderFailure } from '../failure.ts';
import { timeField } from '../http/fields.ts';
import { inOrder, plausible } from '../plausible.ts';

/** A step without a length of its own, where it stands alone; Electricity Maps' are hourly. */
const LONE_STEP_MS = 3_600_000;
/** What the SDK writes where its own source had no value. */
const NO_RATING = -1;

/** .NET's way of writing a length of time: `01:00:00`, `1.00:00:00`, `00:05:00.0000000`; ms. */
const timeSpan = z.string().transform((text, context): number => {
  const [, days = '0', hours, minutes, seconds] = /^(?:(\d+)\.)?(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?$/.exec(text) ?? [];
  if (hours !== undefined) return (((+days * 24 + +hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  context.addIssue({ code: 'custom', message: 'expected a length of time, hh:mm:ss' });
  return z.NEVER;
});

/** `/emissions/bylocation`: gCO2eq/kWh of what has been. */
export const Emissions = z.array(
  z.object({
    location: z.string(),
    time: timeField,
    rating: z.number().nullable(),
    duration: timeSpan.nullish(),
  }),
);

const ForecastPoint = z.object({
  location: z.string(),
  timestamp: timeField,
  duration: z.number().nonnegative(),
  value: z.number().nullable(),
});

/** `/emissions/forecasts/current`: one forecast a location; the best moment, whatever it is called, is not needed. */
export const Forecasts = z.array(z.object({ location: z.string(), forecastData: z.array(ForecastPoint) }));

/** What the SDK says of a request that it refuses. */
export const ProblemDetails = z.object({
  title: z.string().nullish(),
  detail: z.string().nullish(),
  errors: z.record(z.string(), z.array(z.string())).nullish(),
});

interface Point {
  readonly location: string;
  readonly start: Instant;
  readonly value: number | null;
  /** ms; 0: not told. */
  readonly length: number;
}

/**
 * What was observed at a location, ascending; points without a value are left out.
 * @throws ProviderFailure `wrong-zone`, `implausible`.
 */
export function observedSteps(emissions: z.infer<typeof Emissions>, location: string): readonly ObservedStep[] {
  const points = emissions.map(({ time, rating, duration, ...point }) => ({
    location: point.location,
    start: time,
    value: rating === NO_RATING ? null : rating,
    length: duration ?? 0,
  }));
  // The SDK does not hand on whether its source measured or modelled the value.
  return stepsOf(points, location).map((step) => ({ ...step, quality: 'estimated' }));
}

/**
 * What is foretold of a location, ascending; none where the answer holds no forecast.
 * @throws ProviderFailure `wrong-zone`, `implausible`.
 */
export function forecastSteps(forecasts: z.infer<typeof Forecasts>, location: string): readonly ForecastStep[] {
  const other = forecasts.find((forecast) => !isSame(forecast.location, location));
  if (other !== undefined) throw wrongZone(other.location, location);
  const points = forecasts.flatMap(({ forecastData }) =>
    forecastData.map(({ timestamp, duration, value, ...point }) => ({
      location: point.location,
      start: timestamp,
      value: value === NO_RATING ? null : value,
      length: duration * 60_000,
    })),
  );
  return stepsOf(points, location);
}

function stepsOf(points: readonly Point[], location: string): readonly ForecastStep[] {
  checkLocations(points, location);
  const gap = shortestGap(points);
  const steps = points.flatMap(({ start, value, length }) =>
    value === null ? [] : [{ start, end: instant(start + (length > 0 ? length : gap)), value: plausible(value) }],
  );
  return inOrder(steps);
}

/**
 * With WattTime behind it the SDK names its points by the grid region (`PJM_DC`), else by the location that was asked for: a
 * name in capitals that all of them share is taken for such a region, any other is another location.
 */
function checkLocations(points: readonly Point[], location: string): void {
  const names = new Set(points.map((point) => point.location));
  for (const name of names) {
    const isGridRegion = names.size === 1 && /^[A-Z][A-Z0-9_-]*$/.test(name);
    if (!isSame(name, location) && !isGridRegion) throw wrongZone(name, location);
  }
}

function isSame(name: string, location: string): boolean {
  return name.toLowerCase() === location.toLowerCase();
}

function wrongZone(name: string, location: string): ProviderFailure {
  return new ProviderFailure('wrong-zone', `emissions of ${name.slice(0, 40)}, not of ${location}`);
}

function shortestGap(points: readonly Point[]): number {
  const starts = points.map(({ start }) => start).sort((a, b) => a - b);
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? start));
  const shortest = gaps.filter((gap) => gap > 0).reduce((least, gap) => Math.min(least, gap), Infinity);
  return Number.isFinite(shortest) ? shortest : LONE_STEP_MS;
}
