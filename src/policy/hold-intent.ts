import type { GramsPerKwh, Instant, Millis } from '../carbon/units.ts';

/** What one workload wants of time, resolved against its namespace and the policy, and clamped to their ceilings. */
export interface HoldIntent {
  /** `lowtide.dev/hold`: "true" opted-in, "false" opted-out. */
  readonly choice: 'opted-in' | 'opted-out' | 'none';
  /**
   * Longest sum of all holds, the first counted from creation. 0: not held. Infinity: the deadline alone bounds it, which
   * is then not null.
   */
  readonly maxDelay: Millis;
  /** The work must have ended by then; needs `expectedDuration`. Null: none. */
  readonly deadline: Instant | null;
  readonly expectedDuration: Millis | null;
  /** Released at or below it, gCO2eq/kWh; the annotation's, else the class's. Null: nothing to wait for. */
  readonly threshold: GramsPerKwh | null;
  /** An annotation's always releases; a class's only where there is no forecast. */
  readonly thresholdOf: 'annotation' | 'class';
  /** It says that it can be stopped and started again. */
  readonly interruptible: boolean;
}
