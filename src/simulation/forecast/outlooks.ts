import { at } from '../../carbon/forecast/vectors.ts';
import { instant } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import type { Outlook } from '../../timing/plan/outlook.ts';

/** Edges of regular steps, ms since the epoch: made once, of which each outlook takes a part. */
export function edgesOf(start: Instant, step: Millis, count: number): Float64Array {
  return Float64Array.from({ length: count + 1 }, (_, i) => start + i * step);
}

/** An outlook over regular steps, one edge more than values. `told`: steps that are foretold, the rest repeats. */
export function outlookOver(edges: Float64Array, values: Float64Array, told: number = values.length): Outlook {
  const step = at(edges, 1) - at(edges, 0);
  const sums = new Float64Array(values.length + 1);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    sum += at(values, i) * step;
    sums[i + 1] = sum;
  }
  return { edges, values, sums, step, toldUntil: instant(at(edges, Math.min(told, values.length))) };
}
