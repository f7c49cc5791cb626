import { at } from '../../carbon/forecast/vectors.ts';
import type { DraftRun } from './run-list.ts';
import { partAt, workOf } from './run-list.ts';
import type { StepGrid } from './step-grid.ts';
import type { SwitchingTerms } from './switching-course.ts';

/** Rounding of moments, ms. */
const SAME_MOMENT = 1e-3;

/** A piece that a run can do without: its beginning or its end; the end of the last run is when the work is done. */
interface Piece {
  readonly run: DraftRun;
  readonly atEnd: boolean;
  /** What leaving it out saves, gCO2eq/kWh. */
  readonly worth: number;
  /** How long it is, ms. */
  readonly length: number;
}

/** Shortens runs to just the work that is needed, the dearest pieces first; runs stay as long as they have to be. */
export function trimmed(
  grid: StepGrid,
  terms: SwitchingTerms,
  course: readonly DraftRun[],
  need: number,
): readonly DraftRun[] {
  const runs = course.map((run) => ({ ...run }));
  for (;;) {
    const excess = workOf(grid, terms, runs) - need;
    if (excess <= SAME_MOMENT) return runs;
    const piece = dearestPiece(grid, terms, runs);
    if (piece === null) runs.pop();
    else shorten(piece, Math.min(excess, piece.length));
    if (piece !== null && piece.run.end - piece.run.start <= SAME_MOMENT) runs.splice(runs.indexOf(piece.run), 1);
  }
}

function shorten({ run, atEnd }: Piece, length: number): void {
  if (atEnd) run.end -= length;
  else run.start += length;
}

function dearestPiece(grid: StepGrid, terms: SwitchingTerms, runs: readonly DraftRun[]): Piece | null {
  let found: Piece | null = null;
  for (const [index, run] of runs.entries()) {
    const isLast = index === runs.length - 1;
    const spare = run.end - run.start - (isLast ? 0 : terms.minRun);
    if (spare <= SAME_MOMENT) continue;
    const goesOn = index === 0 && terms.running === run.region && run.start === at(grid.edges, 0);
    if (!goesOn) found = dearer(found, firstPiece(grid, run, spare));
    // Of equally dear pieces the end of the last: what starts earlier is done earlier.
    if (isLast) found = dearer(lastPiece(grid, run, [spare, terms.worth]), found);
    else found = dearer(found, lastPiece(grid, run, [spare, 0]));
  }
  return found;
}

/** The first where both are alike. */
function dearer(some: Piece | null, other: Piece | null): Piece | null {
  return some === null || (other !== null && other.worth > some.worth) ? other : some;
}

function firstPiece(grid: StepGrid, run: DraftRun, spare: number): Piece {
  const part = partAt(grid, run.start);
  const length = Math.min(spare, at(grid.edges, part + 1) - run.start);
  return { run, atEnd: false, worth: at(grid.values, part * grid.width + run.region), length };
}

function lastPiece(grid: StepGrid, run: DraftRun, [spare, worth]: readonly [number, number]): Piece {
  let part = partAt(grid, run.end);
  if (at(grid.edges, part) >= run.end) part -= 1;
  const length = Math.min(spare, run.end - Math.max(run.start, at(grid.edges, part)));
  return { run, atEnd: true, worth: at(grid.values, part * grid.width + run.region) + worth, length };
}
