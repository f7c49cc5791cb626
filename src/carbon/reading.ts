import type { KnownReading, Reading, Signal, UnknownReason, Wanted } from './types.ts';
import type { Instant, Zone } from './units.ts';

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
  'not-fetched': { state: 'unknown', reason: 'not-fetched' },
  'source-failing': { state: 'unknown', reason: 'source-failing' },
  'zone-unmapped': { state: 'unknown', reason: 'zone-unmapped' },
  sandbox: { state: 'unknown', reason: 'sandbox' },
  'other-kind': { state: 'unknown', reason: 'other-kind' },
  'other-factor': { state: 'unknown', reason: 'other-factor' },
  'region-unlisted': { state: 'unknown', reason: 'region-unlisted' },
  'no-region': { state: 'unknown', reason: 'no-region' },
};

/** Every reason why a zone may have no value. */
export const UNKNOWN_REASONS = Object.keys(UNKNOWN) as readonly UnknownReason[];

/** The zone's reading as decisions may use it at `now`: of the kind and factor that the Signal ranks by, and still valid. */
export function usableReading(signal: Signal, zone: Zone, now: Instant): Reading {
  const reading = signal.zones.get(zone) ?? unknown('no-source');
  return reading.state === 'unknown' ? reading : checked(reading, signal.ranksBy, now);
}

function checked(reading: KnownReading, wanted: Wanted, now: Instant): Reading {
  if (reading.quality === 'sandbox') return unknown('sandbox');
  if (reading.kind !== wanted.kind) return unknown('other-kind');
  if (reading.factor !== wanted.factor) return unknown('other-factor');
  if (reading.validUntil !== null && now >= reading.validUntil) return unknown('stale');
  return reading;
}
