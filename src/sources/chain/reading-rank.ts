import { unknown } from '../../carbon/reading.ts';
import type { KnownReading, Reading, UnknownReason, Wanted } from '../../carbon/types.ts';
import type { Instant } from '../../carbon/units.ts';
import type { FailureReason } from '../failure.ts';

/** What one source has for a zone: its reading where it ever reported, its last failure where it failed since. */
export interface Candidate {
  /** Null: nothing is kept. */
  readonly reading: Reading | null;
  /** Null: it did not fail since it last reported. */
  readonly failure: FailureReason | null;
}

/** Whether a value is known and young enough that no other source need be asked. */
export function isFresh(reading: Reading | null, now: Instant): boolean {
  return reading?.state === 'known' && (reading.freshUntil === null || now < reading.freshUntil);
}

/** Whether a reading ends the walk through the chain: fresh, of the kind and factor wanted, and not made up. */
export function satisfies(reading: Reading | null, wanted: Wanted, now: Instant): boolean {
  return reading?.state === 'known' && isFresh(reading, now) && isWanted(reading, wanted);
}

/**
 * The zone's reading, from what its sources have, in their order: the first that is fresh and of the wanted kind; else
 * the first that is kept; else the first of another kind; else the first made up; else unknown, with the best reason.
 */
export function bestReading(candidates: readonly Candidate[], wanted: Wanted, now: Instant): Reading {
  let best: KnownReading | null = null;
  for (const { reading } of candidates) {
    if (reading?.state !== 'known') continue;
    if (best === null || worth(reading, wanted, now) > worth(best, wanted, now)) best = reading;
  }
  return best ?? unknown(whyUnknown(candidates));
}

function worth(reading: KnownReading, wanted: Wanted, now: Instant): number {
  if (reading.quality === 'sandbox') return 0;
  return (isWanted(reading, wanted) ? 3 : 1) + (isFresh(reading, now) ? 1 : 0);
}

function isWanted({ kind, factor, quality }: KnownReading, wanted: Wanted): boolean {
  return quality !== 'sandbox' && kind === wanted.kind && factor === wanted.factor;
}

/** Failures that are no fault of the source, or say as much as a reading without a value. */
const MILD: ReadonlySet<FailureReason> = new Set(['stale-data', 'no-data', 'over-budget']);

function whyUnknown(candidates: readonly Candidate[]): UnknownReason {
  if (candidates.length === 0) return 'zone-unmapped';
  const failures = candidates.map(({ failure }) => failure);
  if (failures.some((failure) => failure !== null && !MILD.has(failure))) return 'source-failing';
  const reasons = candidates.map(({ reading }) => (reading?.state === 'unknown' ? reading.reason : null));
  if (failures.includes('stale-data') || reasons.includes('stale')) return 'stale';
  if (failures.includes('no-data') || reasons.includes('no-value')) return 'no-value';
  return 'not-fetched';
}
