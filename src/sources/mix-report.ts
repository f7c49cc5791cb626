import type { ObservedStep, ZoneReport } from '../carbon/report.ts';
import { instant } from '../carbon/units.ts';
import type { Instant, Millis, Zone } from '../carbon/units.ts';
import { ProviderFailure } from './failure.ts';
import type { MixStep } from './generation-mix.ts';
import type { Span } from './provider.ts';

/** Whose report it is, and when it was fetched. */
export interface MixOrigin {
  readonly zone: Zone;
  readonly source: string;
  readonly fetchedAt: Instant;
}

/**
 * The report of a zone whose generation is known: average, lifecycle, no forecast, renewable share of the newest step.
 * @throws ProviderFailure `no-data`: no step is complete.
 */
export function mixReport(steps: readonly MixStep[], { zone, source, fetchedAt }: MixOrigin): ZoneReport {
  const newest = steps.at(-1);
  if (newest === undefined) throw new ProviderFailure('no-data', 'generation: no step has a value of every fuel');
  return {
    zone,
    source,
    kind: 'average',
    factor: 'lifecycle',
    observed: measured(steps),
    forecast: [],
    forecastBy: null,
    renewablePct: newest.renewablePct,
    percentile: null,
    constant: null,
    sandbox: false,
    fetchedAt,
  };
}

/** Generation is metered; only its emissions are reckoned. */
export function measured(steps: readonly MixStep[]): readonly ObservedStep[] {
  return steps.map(({ start, end, value }) => ({ start, end, value, quality: 'measured' }));
}

/** A span in pieces, oldest first. */
export function chunksOf({ from, to }: Span, length: Millis): readonly Span[] {
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / length)) }, (_, index) => {
    const start = from + index * length;
    return { from: instant(start), to: instant(Math.min(to, start + length)) };
  });
}
