import { at } from '../../carbon/forecast/vectors.ts';
import type { DraftRun } from './run-list.ts';
import { partAt, workOf } from './run-list.ts';
import type { StepGrid } from './step-grid.ts';
import type { SwitchingTerms } from './switching-course.ts';

/** Time beside a run that it could use as well: before its beginning, or after its end. */
interface Piece {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  /** What using it emits, gCO2eq/kWh. */
  readonly cost: number;
}

/**
 * Lengthens runs until they are at least the work that is needed, by the cheapest pieces beside them; runs that meet become
 * one. `whole`: by all of a piece, so that runs are more likely to meet; else by no more than is lacking. Null: there are
 * none to lengthen.
 */
export function extended(
  { grid, terms, need }: { readonly grid: StepGrid; readonly terms: SwitchingTerms; readonly need: number },
  course: readonly DraftRun[],
  whole: boolean,
): readonly DraftRun[] | null {
  const runs = course.map((run) => ({ ...run }));
  for (;;) {
    const lacking = need - workOf(grid, terms, runs);
    if (lacking <= 0) return runs;
    const piece = cheapestPiece(grid, terms, runs);
    if (piece === null) return null;
    use(runs, whole ? piece : partOf(piece, Math.ceil(lacking), runs));
  }
}

/** So much of a piece as is beside its run. */
function partOf({ index, from, to, cost }: Piece, length: number, runs: readonly DraftRun[]): Piece {
  return runs[index]?.end === from
    ? { index, from, to: Math.min(to, from + length), cost }
    : { index, from: Math.max(from, to - length), to, cost };
}

function use(runs: DraftRun[], { index, from, to }: Piece): void {
  const run = runs[index];
  if (run === undefined) return;
  run.start = Math.min(run.start, from);
  run.end = Math.max(run.end, to);
  const next = runs[index + 1];
  const before = runs[index - 1];
  if (next?.start === run.end && next.region === run.region) {
    run.end = next.end;
    runs.splice(index + 1, 1);
  }
  if (before?.end === run.start && before.region === run.region) {
    before.end = run.end;
    runs.splice(index, 1);
  }
}

function cheapestPiece(grid: StepGrid, terms: SwitchingTerms, runs: readonly DraftRun[]): Piece | null {
  let found: Piece | null = null;
  for (const [index, run] of runs.entries()) {
    const before = runs[index - 1]?.end ?? at(grid.edges, 0);
    const after = runs[index + 1]?.start ?? at(grid.edges, grid.count);
    const isLast = index === runs.length - 1;
    if (before < run.start) found = cheaper(found, pieceBefore(grid, run, index, before));
    if (run.end < after) found = cheaper(found, pieceAfter(grid, run, index, [after, isLast ? terms.worth : 0]));
  }
  return found;
}

function cheaper(found: Piece | null, piece: Piece): Piece | null {
  return piece.cost < (found?.cost ?? Infinity) ? piece : found;
}

function pieceBefore(grid: StepGrid, run: DraftRun, index: number, limit: number): Piece {
  let part = partAt(grid, run.start);
  if (at(grid.edges, part) >= run.start) part -= 1;
  const from = Math.max(limit, at(grid.edges, part));
  return { index, from, to: run.start, cost: at(grid.values, part * grid.width + run.region) };
}

function pieceAfter(grid: StepGrid, run: DraftRun, index: number, [limit, worth]: readonly [number, number]): Piece {
  const part = partAt(grid, run.end);
  const to = Math.min(limit, at(grid.edges, part + 1));
  return { index, from: run.end, to, cost: at(grid.values, part * grid.width + run.region) + worth };
}
