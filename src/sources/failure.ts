import type { Millis } from '../carbon/units.ts';

/** Why a provider could not be used. Closed: the same codes stand in metrics, logs and docs/providers.md. */
export type FailureReason =
  | 'unauthorized' // 401, or a login that was refused
  | 'forbidden' // 403: the plan does not cover what was asked for
  | 'unknown-zone' // the provider does not know the zone by this name
  | 'rate-limited' // 429
  | 'upstream-error' // 5xx
  | 'refused' // any other 4xx: the request itself is wrong
  | 'timeout' // no whole answer in time
  | 'unreachable' // no connection: DNS, refused, reset, TLS
  | 'truncated' // the connection ended within the answer
  | 'too-large' // the answer outgrew what we are willing to read
  | 'malformed' // not the documented format, HTML in place of JSON included
  | 'no-data' // the documented format, without a value
  | 'wrong-zone' // an answer for another zone than the one asked for
  | 'implausible' // a value that no grid has: negative, not finite, or above 2000 gCO2eq/kWh
  | 'stale-data' // data that had ended long before it was given
  | 'clock-skew' // data from the future: the provider's clock or ours is wrong
  | 'over-budget' // our own limit of requests: not asked
  | 'circuit-open'; // it failed again and again: not asked for a while

/** Where a failure lies: with the provider as a whole, or with one zone of it. The rest is not a failure of theirs. */
export type FailureScope = 'provider' | 'zone' | 'own';

/** Every reason, and whom it counts against. */
export const FAILURE_SCOPE: Readonly<Record<FailureReason, FailureScope>> = {
  unauthorized: 'provider',
  forbidden: 'zone',
  'unknown-zone': 'zone',
  'rate-limited': 'provider',
  'upstream-error': 'provider',
  refused: 'zone',
  timeout: 'provider',
  unreachable: 'provider',
  truncated: 'provider',
  'too-large': 'provider',
  malformed: 'provider',
  'no-data': 'zone',
  'wrong-zone': 'zone',
  implausible: 'zone',
  'stale-data': 'zone',
  'clock-skew': 'zone',
  'over-budget': 'own',
  'circuit-open': 'own',
};

/** A provider that could not be used, and why. The message holds no credential: whoever makes one sees to it. */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly reason: FailureReason;
  /** How long the provider asks to be left alone; null where it does not say. */
  readonly retryAfter: Millis | null;

  constructor(reason: FailureReason, message: string, retryAfter: Millis | null = null) {
    super(message);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}
