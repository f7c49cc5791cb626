import type { EmissionFactor, SignalKind } from '../../carbon/types.ts';
import type { Instant, Millis, Zone } from '../../carbon/units.ts';

/** What one source has told of one zone's past, as it is handed on. */
export interface ZonePast {
  readonly source: string;
  readonly zone: Zone;
  readonly kind: SignalKind;
  readonly factor: EmissionFactor;
  readonly start: Instant;
  readonly step: Millis;
  /** Value i is of [start + i * step, start + (i + 1) * step), in tenths of gCO2eq/kWh; null where unknown. */
  readonly tenths: readonly (number | null)[];
  /** The model in use was fitted to what began before this moment; null: there is none. */
  readonly fittedTo: Instant | null;
}

/** Everything that a new leader needs to issue the same forecasts: immutable, handed over whole. */
export interface HistoryState {
  readonly takenAt: Instant;
  readonly pasts: readonly ZonePast[];
}
