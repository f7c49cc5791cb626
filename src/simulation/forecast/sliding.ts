import type { Outlook } from '../../timing/plan/outlook.ts';
import type { ForecastModel, IntensityTable } from '../types.ts';
import type { ForecastInput } from './input.ts';
import { edgesOf, outlookOver } from './outlooks.ts';
import { seenOf } from './seen.ts';

/**
 * Foretells into `into` (all of it) the slots from `known` on by the slots of one column before it, 1 at least. How many
 * of them are more than a repetition.
 */
export type Foretell = (known: number, into: Float64Array) => number;

/** Forecasts that are made anew at every slot, one way to foretell a column. Kept until the next slot is asked for. */
export function slidingForecast(kind: string, input: ForecastInput, ways: readonly Foretell[]): ForecastModel {
  const { truth, nowcast, reach } = input;
  // The slot at hand, and as many as the reach may touch.
  const count = 1 + Math.ceil(reach / truth.step);
  const edges = edgesOf(truth.start, truth.step, truth.count + count);
  const shown = nowcast ? 1 : 0;
  const outlookAt = (slot: number, column: Float64Array, foretell: Foretell): Outlook | null => {
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
      if (slot !== kept.slot) kept = { slot, outlooks: ways.map((way, i) => outlookAt(slot, columnOf(truth, i), way)) };
      return kept.outlooks;
    },
    seenAt: seenOf(truth, nowcast),
  };
}

/** Column i of a table. */
export function columnOf({ columns }: IntensityTable, i: number): Float64Array {
  return columns[i] ?? new Float64Array(0);
}
