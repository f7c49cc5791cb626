import type { GramsPerKwh, Instant, Zone } from './units.ts';

/** Average and marginal answer different questions and never stand in one ranking. */
export type SignalKind = 'average' | 'marginal';
/** What is counted: the whole life of the power plant, or what leaves its stack. */
export type EmissionFactor = 'lifecycle' | 'direct';
/** How the value came to be. `replayed`: a recorded or generated trace; `declared`: an operator wrote it down. */
export type Quality = 'measured' | 'estimated' | 'replayed' | 'declared';

/** One step of a forecast: mean intensity over [start, end). */
export interface ForecastStep {
  readonly start: Instant;
  readonly end: Instant;
  readonly value: GramsPerKwh;
}

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
  readonly forecast: readonly ForecastStep[];
}

/** Why a zone has no value. Closed: the same codes stand in metrics, logs and docs/reasons.md. */
export type UnknownReason =
  | 'no-source' // no configured source names the zone
  | 'no-value' // the source has the zone, but no value for this moment
  | 'not-started' // the trace begins later
  | 'trace-ended' // the trace's last step is over
  | 'conflicting-columns' // columns of regions that share the zone disagree
  | 'stale' // the value outlived its validity
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
}
