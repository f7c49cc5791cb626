import type { Instant } from '../carbon/units.ts';
import type { HeldWork } from './held-work.ts';

/** A Job that Lowtide may pause, or waits to end: what is kept of it while it runs. */
export interface RunningJob extends HeldWork {
  /** Its pods run or are about to: not suspended, not ended or about to, not being deleted, and a pod is active. */
  readonly running: boolean;
  /** `status.startTime`: since when it runs without a pause; null: never yet. */
  readonly started: Instant | null;
  /** When it completed; null: it has not, or failed. */
  readonly completed: Instant | null;
}
