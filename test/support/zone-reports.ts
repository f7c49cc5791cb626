import type { ObservedStep, SignalAges, ZoneReport } from '../../src/carbon/report.ts';
import type { ForecastStep } from '../../src/carbon/types.ts';
import { instant, millis, zone } from '../../src/carbon/units.ts';
import type { Instant } from '../../src/carbon/units.ts';
import { grams, NOW } from './world.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Builders of reports: steps are given in minutes from NOW. */
export const AGES: SignalAges = { soft: millis(HOUR), hard: millis(6 * HOUR) };

export function minutes(from: number, base: Instant = NOW): Instant {
  return instant(base + from * MINUTE);
}

export function observed(from: number, to: number, value: number, part: Partial<ObservedStep> = {}): ObservedStep {
  return { start: minutes(from), end: minutes(to), value: grams(value), quality: 'measured', ...part };
}

export function foretold(from: number, to: number, value: number): ForecastStep {
  return { start: minutes(from), end: minutes(to), value: grams(value) };
}

export function zoneReport(part: Partial<ZoneReport> = {}): ZoneReport {
  const forecast = part.forecast ?? [];
  return {
    zone: zone('DE'),
    source: 'first',
    kind: 'average',
    factor: 'lifecycle',
    observed: [],
    forecast,
    forecastBy: forecast.length === 0 ? null : 'provider',
    renewablePct: null,
    percentile: null,
    constant: null,
    sandbox: false,
    fetchedAt: NOW,
    ...part,
  };
}
