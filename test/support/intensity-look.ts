import type { ObservedStep, ZoneReport } from '../../src/carbon/report.ts';
import type { ForecastStep, KnownReading, Reading, Signal } from '../../src/carbon/types.ts';
import { instant, zone } from '../../src/carbon/units.ts';
import type { GramsPerKwh, Instant, Zone } from '../../src/carbon/units.ts';

const HOUR = 3_600_000;

/** A moment that looks are taken at in tests. */
export const LOOKED_AT = instant(Date.parse('2026-03-02T12:20:00Z'));

/** Hourly steps from an hour's start, with an interval where `spread` (a share of the value) is given. */
export function steps(from: number, values: readonly number[], spread: number | null = null): readonly ForecastStep[] {
  return values.map((value, hour) => ({
    start: instant(from + hour * HOUR),
    end: instant(from + (hour + 1) * HOUR),
    value: value as GramsPerKwh,
    ...(spread !== null && { low: (value * (1 - spread)) as GramsPerKwh, high: (value * (1 + spread)) as GramsPerKwh }),
  }));
}

/** A known reading at LOOKED_AT: average, lifecycle, measured, fresh, of a source called `grid`. */
export function known(value: number, over: Partial<KnownReading> = {}): KnownReading {
  return {
    state: 'known',
    value: value as GramsPerKwh,
    kind: 'average',
    factor: 'lifecycle',
    source: 'grid',
    quality: 'measured',
    observedAt: instant(Date.parse('2026-03-02T12:00:00Z')),
    validUntil: instant(LOOKED_AT + 6 * HOUR),
    freshUntil: instant(LOOKED_AT + HOUR),
    forecast: [],
    forecastBy: null,
    renewablePct: null,
    percentile: null,
    constant: null,
    ...over,
  };
}

/** A Signal of these readings, by zone. */
export function signalOf(readings: Readonly<Record<string, Reading>>, at: Instant = LOOKED_AT): Signal {
  const zones = new Map<Zone, Reading>(Object.entries(readings).map(([name, reading]) => [zone(name), reading]));
  return { generation: 1, at, zones, ranksBy: { kind: 'average', factor: 'lifecycle' } };
}

/** What `grid` reported of a zone's past. */
export function reportOf(name: string, observed: readonly ForecastStep[]): ZoneReport {
  const measured = observed.map((step): ObservedStep => ({ ...step, quality: 'measured' }));
  return {
    zone: zone(name),
    source: 'grid',
    kind: 'average',
    factor: 'lifecycle',
    observed: measured,
    forecast: [],
    forecastBy: null,
    renewablePct: null,
    percentile: null,
    constant: null,
    sandbox: false,
    fetchedAt: LOOKED_AT,
  };
}
