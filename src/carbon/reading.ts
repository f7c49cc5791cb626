import type { EmissionFactor, KnownReading, Reading, Signal, SignalKind, UnknownReason } from './types.ts';
import type { Instant, Zone } from './units.ts';

/** What decisions rank by: values of another kind or factor are no data to them. */
export interface Wanted {
  readonly kind: SignalKind;
  readonly factor: EmissionFactor;
}

/** A zone without a value, and why. */
export function unknown(reason: UnknownReason): Reading {
  return UNKNOWN[reason];
}

const UNKNOWN: Readonly<Record<UnknownReason, Reading>> = {
  'no-source': { state: 'unknown', reason: 'no-source' },
  'no-value': { state: 'unknown', reason: 'no-value' },
  'not-started': { state: 'unknown', reason: 'not-started' },
  'trace-ended': { state: 'unknown', reason: 'trace-ended' },
  'conflicting-columns': { state: 'unknown', reason: 'conflicting-columns' },
  stale: { state: 'unknown', reason: 'stale' },
  'other-kind': { state: 'unknown', reason: 'other-kind' },
  'other-factor': { state: 'unknown', reason: 'other-factor' },
  'region-unlisted': { state: 'unknown', reason: 'region-unlisted' },
  'no-region': { state: 'unknown', reason: 'no-region' },
};

/** Every reason why a zone may have no value. */
export const UNKNOWN_REASONS = Object.keys(UNKNOWN) as readonly UnknownReason[];

/** The zone's reading as decisions may use it at `now`: of the wanted kind and factor, and still valid. */
export function usableReading(signal: Signal, zone: Zone, wanted: Wanted, now: Instant): Reading {
  const reading = signal.zones.get(zone) ?? unknown('no-source');
  return reading.state === 'unknown' ? reading : checked(reading, wanted, now);
}

function checked(reading: KnownReading, wanted: Wanted, now: Instant): Reading {
  if (reading.kind !== wanted.kind) return unknown('other-kind');
  if (reading.factor !== wanted.factor) return unknown('other-factor');
  if (reading.validUntil !== null && now >= reading.validUntil) return unknown('stale');
  return reading;
}
