import { instant } from '../../carbon/units.ts';
import type { GramsPerKwh, Instant, Region, Zone } from '../../carbon/units.ts';
import type { EmissionFactor, KnownReading, Reading, SignalKind } from '../../carbon/types.ts';

/** Values that an operator declares: by zone, or by a region that stands for its zone. */
export interface StaticValues {
  readonly values: ReadonlyMap<string, GramsPerKwh>;
  readonly kind: SignalKind;
  readonly factor: EmissionFactor;
}

/** The declared values as readings: valid until the operator changes them. Of two names for one zone the last holds. */
export function staticReadings(
  declared: StaticValues,
  regions: ReadonlyMap<Region, { readonly zone: Zone }>,
  since: Instant,
): ReadonlyMap<Zone, Reading> {
  const readings = new Map<Zone, Reading>();
  for (const [name, value] of declared.values) {
    const zone = regions.get(name as Region)?.zone ?? (name as Zone);
    readings.set(zone, known(value, declared, since));
  }
  return readings;
}

function known(value: GramsPerKwh, { kind, factor }: StaticValues, since: Instant): KnownReading {
  return {
    state: 'known',
    value,
    kind,
    factor,
    source: 'static',
    quality: 'declared',
    observedAt: instant(since),
    validUntil: null,
    freshUntil: null,
    forecast: [],
    forecastBy: null,
    renewablePct: null,
    percentile: null,
    constant: true,
  };
}
