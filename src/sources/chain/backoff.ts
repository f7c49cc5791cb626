import { millis } from '../../carbon/units.ts';
import type { Millis } from '../../carbon/units.ts';

/** How long to wait at first, and at most. */
export interface Growth {
  readonly first: Millis;
  readonly cap: Millis;
}

const SHORTEST = 10_000;
/** Doublings that outgrow any cap. */
const ENOUGH = 40;

/** Doubles with each step from 0 on up to the cap; then `chance` (0 to 1) takes up to half of it away. */
export function growing(step: number, { first, cap }: Growth, chance: number): Millis {
  const whole = Math.min(cap, first * 2 ** Math.min(Math.max(step, 0), ENOUGH));
  return millis(whole * (1 - chance / 2));
}

/**
 * How long one zone is left alone after so many failures in a row: from an eighth of the refresh interval (at least 10 s)
 * up to all of it, so that a zone that fails for ever costs hardly more than one that never does.
 */
export function zoneBackoff(failures: number, refresh: Millis, chance: number): Millis {
  const first = millis(Math.min(refresh, Math.max(SHORTEST, refresh / 8)));
  return growing(failures - 1, { first, cap: refresh }, chance);
}
