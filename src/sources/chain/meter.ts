import type { Instant } from '../../carbon/units.ts';
import type { BudgetState } from './state.ts';

/** Counts the requests of one source, and says when there may be no more. */
export interface SourceMeter {
  /** Takes one request out of allowance and bucket; false: it must not be sent now. */
  take(): boolean;
  /** Requests that the day still allows, those set aside included; null: as many as one likes. */
  left(): number | null;
  /** Requests that were set aside and are not sent yet. */
  aside(): number;
  /** The first moment at which so many requests may be sent, `now` at the earliest; as many as may ever be, where it is more. */
  readyAt(requests: number): Instant;
  /**
   * Sets requests aside, so that they are counted before they are sent; returns how many may be, of those wanted. What
   * an earlier call set aside and nobody sent is counted in, so asking for the same number again costs nothing.
   */
  reserve(requests: number): number;
  /** What is to be handed on: everything set aside counts as used. */
  state(): BudgetState;
  /**
   * Goes on from what another replica has used: never from less than what is known here. What was set aside here is
   * given up, since nobody can say whether the other knew of it: a leader does not adopt its own state.
   */
  adopt(state: BudgetState): void;
}
