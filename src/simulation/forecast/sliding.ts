import type { Outlook } from '../../timing/plan/outlook.ts';
import type { ForecastModel } from '../types.ts';
import type { ForecastInput } from './types.ts';
import { edgesOf, outlookOver } from './outlooks.ts';
import { seenOf } from './seen.ts';

/**
 * Foretells into `into` (all of it) the slots from `known` on by the slots of one column before it, 1 at least. How many
 * of them are more than a repetition.
 */
export type Foretell = (known: number, into: Float64Array) => number;

/** Forecasts that are made anew at every slot, of each column in its own way. Kept until another slot is asked for. */
export function slidingForecast(
  kind: string,
  input: ForecastInput,
  wayOf: (column: Float64Array) => Foretell,
): ForecastModel {
  const { truth, nowcast, reach } = input;
  // The slot at hand, and as many as the reach may touch.
  const count = 1 + Math.ceil(reach / truth.step);
  const edges = edgesOf(truth.start, truth.step, truth.count + count);
  const shown = nowcast ? 1 : 0;
  const ways = truth.columns.map((column) => ({ column, foretell: wayOf(column) }));
  const outlookAt = (slot: number, { column, foretell }: (typeof ways)[number]): Outlook | null => {
    if (slot + shown === 0) return null;
    const values = new Float64Array(count);
    values.set(column.subarray(slot, slot + shown));
    const told = foretell(slot + shown, values.subarray(shown));
    return outlookOver(edges.subarray(slot, slot + count + 1), values, shown + told);
  };
  let kept: { readonly slot: number; readonly outlooks: readonly (Outlook | null)[] } = { slot: -1, outlooks: [] };
  return {
    kind,
    outlooksAt: (slot) => {
      if (slot !== kept.slot) kept = { slot, outlooks: ways.map((way) => outlookAt(slot, way)) };
      return kept.outlooks;
    },
    seenAt: seenOf(truth, nowcast),
  };
}
