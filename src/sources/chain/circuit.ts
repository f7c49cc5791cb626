import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import type { FailureReason } from '../failure.ts';
import { growing } from './backoff.ts';
import type { CircuitPhase } from './observer.ts';
import type { CircuitState } from './state.ts';

/** As a circuit begins, and after every success. */
export const CLOSED: CircuitState = Object.freeze({ failures: 0, openUntil: null, reason: null });

/** A failure of the provider as a whole. */
export interface Trouble {
  readonly reason: FailureReason;
  /** As the provider asked; null where it did not. */
  readonly retryAfter: Millis | null;
  /** When the provider was asked. */
  readonly asked: Instant;
  /** When it was known to have failed. */
  readonly failed: Instant;
}

/** What decides how long a circuit stays open. */
export interface CircuitTiming {
  /** Of the source: an open circuit is probed at least as often. */
  readonly refresh: Millis;
  /** 0 to 1. */
  readonly chance: number;
}

const OPENS_AFTER = 3;
const FIRST = 30_000;
const CAP = 10 * 60_000;
/** A day's quota comes back within a day: whoever asks for more has miscounted. */
const LONGEST_RETRY = 24 * 60 * 60_000;
const BREATH = 1000;

/** What the circuit lets through at this moment. */
export function phaseOf({ openUntil }: CircuitState, now: Instant): CircuitPhase {
  if (openUntil === null) return 'closed';
  return now < openUntil ? 'open' : 'half-open';
}

/** After an answer of the provider. One that was under way when the circuit opened does not close it again. */
export function afterAnswer(state: CircuitState, now: Instant): CircuitState {
  return phaseOf(state, now) === 'open' ? state : CLOSED;
}

/**
 * After a failure of the provider as a whole: the third in a row opens, a failed probe opens again for longer; refused
 * credentials, 429 and whoever names a time open at once.
 */
export function afterFailure(state: CircuitState, trouble: Trouble, timing: CircuitTiming): CircuitState {
  const { reason, failed } = trouble;
  const phase = phaseOf(state, failed);
  if (phase === 'open') return { ...state, openUntil: later(state.openUntil, askedFor(trouble)) };
  const failures = state.failures + 1;
  const opens = phase === 'half-open' || failures >= OPENS_AFTER || atOnce(trouble);
  if (!opens) return { failures, openUntil: null, reason };
  const cap = millis(Math.min(CAP, timing.refresh));
  const wait = growing(failures - OPENS_AFTER, { first: millis(Math.min(FIRST, cap)), cap }, timing.chance);
  const alone = instant(Math.max(trouble.asked + wait, failed + BREATH));
  return { failures, openUntil: later(alone, askedFor(trouble)), reason };
}

function atOnce({ reason, retryAfter }: Trouble): boolean {
  return reason === 'unauthorized' || reason === 'rate-limited' || retryAfter !== null;
}

function askedFor({ retryAfter, failed }: Trouble): Instant | null {
  return retryAfter === null ? null : instant(failed + Math.min(retryAfter, LONGEST_RETRY));
}

function later(one: Instant | null, other: Instant | null): Instant {
  return instant(Math.max(one ?? -Infinity, other ?? -Infinity));
}
