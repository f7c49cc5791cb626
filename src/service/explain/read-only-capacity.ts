import { CapacityBook } from '../gatekeeper/capacity-book.ts';

/**
 * What is full because of what runs. Explaining books nothing, neither for itself nor for others: what other held work
 * means to do is known to the leader's gatekeeper alone.
 */
export class ReadOnlyCapacity extends CapacityBook {
  override book(): void {
    // A question is no plan.
  }
}
