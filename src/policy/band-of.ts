import type { GramsPerKwh } from '../carbon/units.ts';
import type { Band } from './types.ts';

/** Name of the band that an intensity falls into: the first whose bound is above it. */
export function bandOf(bands: readonly Band[], value: GramsPerKwh): string {
  const band = bands.find(({ below }) => below === null || value < below);
  return band?.name ?? UNBANDED;
}

/** A parsed policy always has a last band without bound; a hand-made list of bands may lack it. */
const UNBANDED = 'unbanded';
