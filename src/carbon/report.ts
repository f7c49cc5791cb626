import type { EmissionFactor, ForecastSource, ForecastStep, SignalKind } from './types.ts';
import type { GramsPerKwh, Instant, Millis, Zone } from './units.ts';

/** Mean intensity over [start, end), as a provider reported it of a time that had begun when it did. */
export interface ObservedStep {
  readonly start: Instant;
  readonly end: Instant;
  readonly value: GramsPerKwh;
  readonly quality: 'measured' | 'estimated';
}

/** Everything that one exchange with a provider told of one zone: immutable, replaced whole by the next. */
export interface ZoneReport {
  readonly zone: Zone;
  /** Which source of the configuration said so. */
  readonly source: string;
  readonly kind: SignalKind;
  readonly factor: EmissionFactor;
  /** Ascending, not overlapping; gaps are gaps. The last may reach past `fetchedAt`. */
  readonly observed: readonly ObservedStep[];
  /** Ascending, not overlapping. */
  readonly forecast: readonly ForecastStep[];
  readonly forecastBy: ForecastSource | null;
  /** 0 to 100. */
  readonly renewablePct: number | null;
  /** 0 cleanest to 100 dirtiest. */
  readonly percentile: number | null;
  /** Whether history shows no variation, so that waiting gains nothing; null: not known. */
  readonly constant: boolean | null;
  /** Made up by the provider for trying out: shown, and never counted with. */
  readonly sandbox: boolean;
  /** By our own clock. */
  readonly fetchedAt: Instant;
}

/** How long what a provider said may be used. */
export interface SignalAges {
  /** After which newer data is asked for, and the value is no longer called fresh. */
  readonly soft: Millis;
  /** After which the value is not used any more, though nothing newer is to be had. */
  readonly hard: Millis;
}
