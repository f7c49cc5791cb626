import type { Zone } from '../../carbon/units.ts';
import type { FailureReason } from '../failure.ts';

/** What a circuit lets through: everything, nothing, or one probe. */
export type CircuitPhase = 'closed' | 'open' | 'half-open';

/** How a call or a report ended. */
export type Outcome = 'ok' | FailureReason;

/** Told of everything that the chain does, for metrics and logs. Must not throw. */
export interface ChainObserver {
  /** One request is over; `what` is the request's own name, `seconds` 0 where it was not sent. */
  onCall(source: string, what: string, outcome: Outcome, seconds: number): void;
  /** A zone was asked for, or was to be; every retry counts. */
  onReport(source: string, zone: Zone, outcome: Outcome): void;
  onCircuit(source: string, phase: CircuitPhase): void;
  /** Requests that the day still allows; null: as many as one likes. */
  onBudget(source: string, left: number | null): void;
}
