import { instant } from '../../carbon/units.ts';
import type { Generation } from '../generation-mix.ts';
import { ProviderFailure } from '../failure.ts';
import type { Period } from './schema.ts';

/** Thirty-two days of quarter hours, of which two are asked for: a period without end would fill the memory. */
const MOST_SLOTS = 32 * 96;

type Slot = Pick<Generation, 'start' | 'end' | 'amount'>;

/**
 * The steps of a period of an IEC 62325 series. Curve A01 names every position; in A03 a position that is not named repeats
 * the one before it, to the end of the period.
 * @throws ProviderFailure `malformed`: a position that lies outside the period.
 */
export function slotsOf({ timeInterval, resolution, Point }: Period, curve: 'A01' | 'A03'): readonly Slot[] {
  const { start, end } = timeInterval;
  const count = Math.floor((end - start) / resolution);
  if (count > MOST_SLOTS) throw new ProviderFailure('malformed', `generation: a period of ${count} steps`);
  const points = [...Point].sort((a, b) => a.position - b.position);
  return points.flatMap(({ position, quantity }, index) => {
    if (position > count) throw new ProviderFailure('malformed', `generation: position ${position} of ${count}`);
    const next = points[index + 1]?.position ?? count + 1;
    const until = curve === 'A03' ? next : position + 1;
    return Array.from({ length: until - position }, (_, offset) => {
      const from = start + (position - 1 + offset) * resolution;
      return { start: instant(from), end: instant(from + resolution), amount: quantity };
    });
  });
}
