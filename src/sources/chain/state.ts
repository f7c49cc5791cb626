import type { ZoneReport } from '../../carbon/report.ts';
import type { Instant, Zone } from '../../carbon/units.ts';
import type { FailureReason } from '../failure.ts';

/** What a provider's circuit remembers. Closed: it is asked. */
export interface CircuitState {
  /** Failures of the provider as a whole, since the last success. */
  readonly failures: number;
  /** Null: closed. Not asked before then; from then on one probe at a time decides. */
  readonly openUntil: Instant | null;
  /** Of the last failure; null after a success. */
  readonly reason: FailureReason | null;
}

/** What is left of a provider's daily allowance. */
export interface BudgetState {
  /** The UTC day that is counted, in days since 1970-01-01. */
  readonly day: number;
  /** Requests sent on that day, or set aside to be sent: never less than were sent. */
  readonly used: number;
}

/** One source, as the leader hands it on. */
export interface SourceState {
  readonly id: string;
  readonly circuit: CircuitState;
  readonly budget: BudgetState;
}

/** Why a source has nothing newer for a zone. */
export interface ZoneFailure {
  readonly zone: Zone;
  readonly source: string;
  readonly reason: FailureReason;
  /** Consecutive. */
  readonly failures: number;
  readonly at: Instant;
}

/** Everything that the leader knows and the other replicas need: immutable, handed over whole. */
export interface ChainState {
  readonly takenAt: Instant;
  readonly reports: readonly ZoneReport[];
  readonly failures: readonly ZoneFailure[];
  readonly sources: readonly SourceState[];
}
