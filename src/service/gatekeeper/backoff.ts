import { millis } from '../../carbon/units.ts';
import type { Millis } from '../../carbon/units.ts';

interface BackoffQuestion {
  readonly first: Millis;
  readonly longest: Millis;
  /** In a row, the latest included. */
  readonly failures: number;
  /** From 0 to 1. */
  readonly chance: number;
}

/** How long to wait after a failure: doubling up to the longest, of which chance takes away up to a half. */
export function backoff({ first, longest, failures, chance }: BackoffQuestion): Millis {
  const full = Math.min(longest, first * 2 ** Math.min(failures - 1, 30));
  return millis(Math.round(full * (1 - chance / 2)));
}
