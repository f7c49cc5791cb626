import type { TrailingBounds } from './trail.ts';
import type { GramsPerKwh, Instant, Zone } from './units.ts';

/** Average and marginal answer different questions and never stand in one ranking. */
export type SignalKind = 'average' | 'marginal';
/** What is counted: the whole life of the power plant, or what leaves its stack. */
export type EmissionFactor = 'lifecycle' | 'direct';
/** What a ranking is made by: values of another kind or factor are no data to it. */
export interface Wanted {
  readonly kind: SignalKind;
  readonly factor: EmissionFactor;
}

/**
 * How the value came to be. `estimated`: modelled by the provider where no measurement was to be had; `forecast`: what
 * was foretold of this moment; `replayed`: a recorded or generated trace; `declared`: an operator wrote it down;
 * `sandbox`: made up by a provider for trying out, which no decision counts with.
 */
export type Quality = 'measured' | 'estimated' | 'forecast' | 'replayed' | 'declared' | 'sandbox';

/** One step of a forecast: mean intensity over [start, end), with the bounds of its 10 to 90 % interval where known. */
export interface ForecastStep {
  readonly start: Instant;
  readonly end: Instant;
  readonly value: GramsPerKwh;
  readonly low?: GramsPerKwh;
  readonly high?: GramsPerKwh;
}

/** Who made a forecast: the provider; we, from history; or the trace, which knows its own future. */
export type ForecastSource = 'provider' | 'own' | 'trace';

/** A zone whose intensity is known, until `validUntil` (null: until it is replaced). */
export interface KnownReading {
  readonly state: 'known';
  readonly value: GramsPerKwh;
  readonly kind: SignalKind;
  readonly factor: EmissionFactor;
  readonly source: string;
  readonly quality: Quality;
  readonly observedAt: Instant;
  readonly validUntil: Instant | null;
  /** From then on the value is kept only because nothing newer is to be had (null: it does not age). */
  readonly freshUntil: Instant | null;
  readonly forecast: readonly ForecastStep[];
  /** Null: there is no forecast. */
  readonly forecastBy: ForecastSource | null;
  /** Share of renewable generation, 0 to 100 %; null where the source does not say. */
  readonly renewablePct: number | null;
  /** Rank among recent marginal values, 0 cleanest to 100 dirtiest; null where the source gives none. */
  readonly percentile: number | null;
  /** Whether the zone's values never vary, so that waiting gains nothing; null: not known. */
  readonly constant: boolean | null;
}

/** Why a zone has no value. Closed: the same codes stand in metrics, logs and docs/reasons.md. */
export type UnknownReason =
  | 'no-source' // no configured source names the zone
  | 'no-value' // the source has the zone, but no value for this moment
  | 'not-started' // the trace begins later
  | 'trace-ended' // the trace's last step is over
  | 'conflicting-columns' // columns of regions that share the zone disagree
  | 'stale' // the value outlived its validity
  | 'not-fetched' // a provider has the zone and has not been asked yet
  | 'source-failing' // no provider of the zone answers usably, and nothing usable is kept
  | 'zone-unmapped' // no provider knows a name for the zone, or the regions that share it disagree on one
  | 'sandbox' // only made-up values of a provider's sandbox
  | 'other-kind' // average where the policy ranks by marginal, or the reverse
  | 'other-factor' // lifecycle where the policy ranks by direct, or the reverse
  | 'region-unlisted' // the policy's table has no such region, so no zone
  | 'no-region'; // the node has no region label

/** A zone without a value: a state with a reason, never a number. */
export interface UnknownReading {
  readonly state: 'unknown';
  readonly reason: UnknownReason;
}

/** What is known of one zone at one moment. */
export type Reading = KnownReading | UnknownReading;

/** Everything known of every zone at one moment: immutable, swapped whole. */
export interface Signal {
  /** Rises by one with each swap. */
  readonly generation: number;
  readonly at: Instant;
  readonly zones: ReadonlyMap<Zone, Reading>;
  /** What decisions rank by, for all zones alike: the policy's, or the other kind where the policy allows the switch. */
  readonly ranksBy: Wanted;
  /** What each zone has been over the last days, where a day of it is known. */
  readonly trails?: ReadonlyMap<Zone, TrailingBounds>;
}
