import type { Instant } from '../carbon/units.ts';
import { ProviderFailure } from './failure.ts';
import type { FailureReason } from './failure.ts';

/** A day's quota comes back within a day, ms. */
const LONGEST_REST = 86_400_000;

/**
 * What a report does without, e.g. a percentile. It is no failure of the value beside it, but where the provider asks to be
 * left alone it is not asked for until then.
 */
export class Extra {
  readonly #excused: ReadonlySet<FailureReason> | null;
  #restUntil = -Infinity;

  /** `excused`: the failures that a report does without it through; null: all of them. */
  constructor(excused: ReadonlySet<FailureReason> | null = null) {
    this.#excused = excused;
  }

  /**
   * What is told; null where it failed, or is left alone.
   * @throws ProviderFailure for a reason that is not excused.
   */
  async ask<Told>(now: Instant, ask: () => Promise<Told>): Promise<Told | null> {
    if (now < this.#restUntil) return null;
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ProviderFailure) || this.#excused?.has(error.reason) === false) throw error;
      this.#restUntil = now + Math.min(error.retryAfter ?? 0, LONGEST_REST);
      return null;
    }
  }
}
