import type { ObservedStep } from '../report.ts';
import { instant } from '../units.ts';
import type { Instant, Millis } from '../units.ts';
import type { Series } from './series.ts';

/** A value over [start, end). */
type Piece = Pick<ObservedStep, 'start' | 'end' | 'value'>;

/** A regular series, and of each step how much is known: 0 nothing, 1 all of it. */
export interface ObservedSeries extends Series {
  readonly known: Float64Array;
}

/**
 * Lays observed steps of whatever length and order on a regular grid that begins at a multiple of `step`: the mean of
 * what is known of each, NaN where nothing is. Where two overlap, the later of the list is believed: values are revised.
 */
export function observedSeries(steps: readonly ObservedStep[], step: Millis): ObservedSeries {
  const pieces: Piece[] = [];
  for (const observed of steps) if (observed.end > observed.start) lay(pieces, observed);
  const start = Math.floor((pieces[0]?.start ?? 0) / step);
  const count = Math.ceil((pieces.at(-1)?.end ?? 0) / step) - start;
  const sums = new Float64Array(count);
  const known = new Float64Array(count);
  for (const piece of pieces) spread(piece, { start: instant(start * step), step, sums, known });
  return {
    start: instant(start * step),
    step,
    values: sums.map((sum, i) => (known[i] === 0 ? NaN : sum / (known[i] ?? 0))),
    known: known.map((length) => length / step),
  };
}

/** Puts a step among pieces that are ascending and do not overlap, and takes away what it covers. */
function lay(pieces: Piece[], { start, end, value }: Piece): void {
  if (start >= (pieces.at(-1)?.end ?? -Infinity)) {
    pieces.push({ start, end, value });
    return;
  }
  const from = firstWhere(pieces, (piece) => piece.end > start);
  const covered = pieces.slice(
    from,
    firstWhere(pieces, (piece) => piece.start >= end),
  );
  const before = covered.slice(0, 1).filter((piece) => piece.start < start);
  const after = covered.slice(-1).filter((piece) => piece.end > end);
  pieces.splice(
    from,
    covered.length,
    ...before.map((piece) => ({ ...piece, end: start })),
    { start, end, value },
    ...after.map((piece) => ({ ...piece, start: end })),
  );
}

/** The first piece from which on `holds` is true; their number, where it never is. */
function firstWhere(pieces: readonly Piece[], holds: (piece: Piece) => boolean): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const piece = pieces[middle];
    if (piece !== undefined && holds(piece)) high = middle;
    else low = middle + 1;
  }
  return low;
}

interface Grid {
  readonly start: Instant;
  readonly step: Millis;
  readonly sums: Float64Array;
  readonly known: Float64Array;
}

function spread({ start, end, value }: Piece, grid: Grid): void {
  for (let at = start as number; at < end;) {
    const i = Math.floor((at - grid.start) / grid.step);
    const until = Math.min(end, grid.start + (i + 1) * grid.step);
    grid.sums[i] = (grid.sums[i] ?? 0) + value * (until - at);
    grid.known[i] = (grid.known[i] ?? 0) + (until - at);
    at = until;
  }
}
