import type { Instant } from '../../carbon/units.ts';
import type { HoldDecision } from '../../timing/types.ts';

interface Told {
  readonly expected: Instant;
  readonly at: Instant;
}

const TEN_MINUTES = 600_000;
/** Of the time that was left. */
const SHARE = 0.1;

/** What people were told of when each piece of work is expected to go, and whether it is time to tell them anew. */
export class Replans {
  readonly #told = new Map<string, Told>();

  /** Whether the expected moment moved by more than ten minutes or a tenth of what is left; at most once in ten minutes. */
  isNews(uid: string, { expected }: Extract<HoldDecision, { action: 'wait' }>, now: Instant): boolean {
    const told = this.#told.get(uid);
    if (told === undefined) {
      this.#told.set(uid, { expected, at: now });
      return false;
    }
    if (now < told.at + TEN_MINUTES) return false;
    const moved = Math.abs(expected - told.expected);
    if (moved <= Math.min(TEN_MINUTES, SHARE * Math.max(0, told.expected - now))) return false;
    this.#told.set(uid, { expected, at: now });
    return true;
  }

  forget(uid: string): void {
    this.#told.delete(uid);
  }

  clear(): void {
    this.#told.clear();
  }
}
