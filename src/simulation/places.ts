import type { ShiftRules } from '../policy/types.ts';
import type { KindTerms } from './terms.ts';

/** Whether the policy lets work with so much data, GB, run elsewhere than at home. */
export function mayMove(gb: number, shift: ShiftRules | null): boolean {
  return shift === null || (shift.allowed && gb <= (shift.maxDataGB ?? Infinity));
}

/** Where a job may run, whatever its carbon: indices into the table's regions. */
export function placesOf({ permitted, stay }: KindTerms, gb: number, shift: ShiftRules | null): readonly number[] {
  return mayMove(gb, shift) ? permitted : stay;
}
