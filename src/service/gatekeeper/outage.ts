import { instant, millis } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import { isApiError } from '../../kubernetes/errors.ts';
import type { ApiErrorCode } from '../../kubernetes/errors.ts';
import { backoff } from './backoff.ts';

/**
 * What is wrong with the API server or the way there, not with what was asked. An answer of 5xx is not among them: a webhook
 * of somebody else's that fails for one namespace gives it, and the rest must not wait for that one.
 */
const OUTAGE: ReadonlySet<ApiErrorCode> = new Set<ApiErrorCode>([
  'credentials-unavailable',
  'unreachable',
  'timeout',
  'invalid-answer',
]);
/** An end that is due must not wait long for an API server that is back. */
const PAUSE = { first: millis(250), longest: millis(2_000) };

/** Whether the next call would probably fail like this one, whatever it is about. */
export function isOutage(error: unknown): boolean {
  return isApiError(error) && OUTAGE.has(error.code);
}

/** While the API server does not answer, one call at a time tries whether it does, and the others wait. */
export class Outage {
  readonly #random: () => number;
  #failures = 0;
  #until: Instant | null = null;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A call failed. Those that were sent along with it tell nothing new. */
  failed(now: Instant): void {
    if (this.#pauses(now)) return;
    this.#failures += 1;
    this.#until = instant(now + backoff({ ...PAUSE, failures: this.#failures, chance: this.#random() }));
  }

  /** A call was answered. */
  over(): void {
    this.#failures = 0;
    this.#until = null;
  }

  /** How many calls may be under way, of the usual number. */
  limit(now: Instant, usual: number): number {
    if (this.#until === null) return usual;
    return this.#pauses(now) ? 0 : 1;
  }

  /** When the next call may be tried; null: there is no pause. */
  next(now: Instant): Instant | null {
    return this.#until !== null && this.#pauses(now) ? this.#until : null;
  }

  /** A pause that ends later than any could was begun before the clock was put back: it is over. */
  #pauses(now: Instant): boolean {
    return this.#until !== null && now < this.#until && this.#until <= now + PAUSE.longest;
  }
}
