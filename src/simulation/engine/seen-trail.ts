import { at } from '../../carbon/forecast/vectors.ts';
import type { TrailingBounds } from '../../carbon/trail.ts';
import type { ForecastModel, IntensityTable } from '../types.ts';

const DAY_MS = 24 * 3_600_000;
/** How far back is looked, and, with a day of it, what has to have been seen: as in the service. */
const KEPT_DAYS = 7;

/** Lowest and highest of what was seen of every region in the last seven days; null: of less than a day. */
export function trailsAt(
  slot: number,
  { step, regions }: IntensityTable,
  forecast: ForecastModel,
): readonly (TrailingBounds | null)[] {
  const day = Math.ceil(DAY_MS / step);
  const bounds = regions.map(() => ({ low: Infinity, high: -Infinity, count: 0 }));
  for (let past = Math.max(0, slot - KEPT_DAYS * day); past <= slot; past += 1) {
    const seen = forecast.seenAt(past);
    for (const [index, bound] of bounds.entries()) widen(bound, at(seen, index));
  }
  return bounds.map(({ low, high, count }) => (count > day ? { low, high } : null));
}

function widen(bound: { low: number; high: number; count: number }, value: number): void {
  if (Number.isNaN(value)) return;
  bound.low = Math.min(bound.low, value);
  bound.high = Math.max(bound.high, value);
  bound.count += 1;
}
