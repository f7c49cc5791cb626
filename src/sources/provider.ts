import type { ObservedStep, ZoneReport } from '../carbon/report.ts';
import type { EmissionFactor, SignalKind } from '../carbon/types.ts';
import type { Instant, Zone } from '../carbon/units.ts';
import type { ProviderFailure } from './failure.ts';

/** A zone as the Signal names it, and as the provider does. */
export interface ZoneName {
  readonly zone: Zone;
  readonly name: string;
}

/** The moment of asking, and what gives the asking up. */
export interface Asking {
  readonly now: Instant;
  readonly signal: AbortSignal;
}

/** A half-open span of time. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * One source of carbon data. Every value that it lets through has passed its schema: plausible, of the zone that was
 * asked for, of the one kind and factor that it declares.
 */
export interface Provider {
  /** Its name in configuration, metrics and logs, e.g. `electricity-maps`. */
  readonly id: string;
  readonly kind: SignalKind;
  readonly factor: EmissionFactor;
  /** Whether one exchange serves one zone, or all at once. */
  readonly serves: 'one' | 'all';
  /**
   * What is known of present and future: an answer for each zone that was named. With `serves` one: of a single zone.
   * @throws ProviderFailure where the exchange failed for all of them.
   */
  report(zones: readonly ZoneName[], asking: Asking): Promise<ReadonlyMap<Zone, ZoneReport | ProviderFailure>>;
  /**
   * The past, oldest first, as far as the provider gives it; null: it gives none. May take several requests.
   * @throws ProviderFailure
   */
  readonly history: ((zone: ZoneName, span: Span, asking: Asking) => Promise<readonly ObservedStep[]>) | null;
  close?(): Promise<void>;
}
