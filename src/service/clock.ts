import type { Instant } from '../carbon/units.ts';
import { instant } from '../carbon/units.ts';

/** The two clocks of the shell; the pure rooms get their values as arguments. */
export interface Clock {
  /** Wall time. */
  now(): Instant;
  /** Milliseconds that only ever rise; for durations. */
  monotonic(): number;
}

/** The machine's own clocks. */
export const SYSTEM_CLOCK: Clock = {
  now: () => instant(Date.now()),
  monotonic: () => performance.now(),
};
