import { gramsPerKwh } from '../carbon/units.ts';
import type { GramsPerKwh, Instant, Millis } from '../carbon/units.ts';
import { ProviderFailure } from './failure.ts';

/** No grid is above this, gCO2eq/kWh: oil in old engines is about 1,200. */
export const HIGHEST_PLAUSIBLE = 2000;
/** Clocks may differ by this much, ms. */
export const CLOCK_TOLERANCE = 5 * 60_000;

/**
 * A value that a grid can have, gCO2eq/kWh; nothing is clamped.
 * @throws ProviderFailure `implausible`: not finite, negative, or above 2000.
 */
export function plausible(value: number): GramsPerKwh {
  const grams = value > HIGHEST_PLAUSIBLE ? null : gramsPerKwh(value);
  if (grams !== null) return grams;
  throw new ProviderFailure('implausible', `${value} gCO2eq/kWh: no grid is below 0 or above ${HIGHEST_PLAUSIBLE}`);
}

/**
 * Holds what is claimed to have been observed against our clock; `skew` is the provider's clock less ours, if known.
 * @throws ProviderFailure `clock-skew`: a step begins more than five minutes from now.
 */
export function notFromTheFuture(
  steps: readonly { readonly start: Instant }[],
  now: Instant,
  skew: Millis | null = null,
): void {
  const newest = steps.reduce((latest, { start }) => Math.max(latest, start), -Infinity);
  if (newest <= now + CLOCK_TOLERANCE) return;
  const ahead = Math.round((newest - now) / 1000);
  const clock = skew === null ? '' : `; the provider's clock is ${Math.round(skew / 1000)} s ahead of ours`;
  throw new ProviderFailure('clock-skew', `observed ${ahead} s in the future${clock}`);
}

interface Step {
  readonly start: Instant;
  readonly end: Instant;
}

/** Ascending and not overlapping: of equal starts the later in the list holds, an end is cut where the next begins. */
export function inOrder<S extends Step>(steps: readonly S[]): readonly S[] {
  const byStart = new Map(steps.filter(({ start, end }) => end > start).map((step) => [step.start, step]));
  const sorted = [...byStart.values()].sort((a, b) => a.start - b.start);
  return sorted.map((step, index) => {
    const next = sorted[index + 1];
    return next !== undefined && next.start < step.end ? { ...step, end: next.start } : step;
  });
}
