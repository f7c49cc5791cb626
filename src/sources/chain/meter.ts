import type { BudgetState } from './state.ts';

/** Counts the requests of one source, and says when there may be no more. */
export interface SourceMeter {
  /** Takes one request out of allowance and bucket; false: it must not be sent now. */
  take(): boolean;
  /** Requests that the day still allows; null: as many as one likes. */
  left(): number | null;
  /** Sets requests aside, so that they are counted before they are sent; returns how many may be, of those wanted. */
  reserve(requests: number): number;
  /** What is to be handed on: everything set aside counts as used. */
  state(): BudgetState;
  /** Goes on from what another replica has used: never from less than what is known here. */
  adopt(state: BudgetState): void;
}
