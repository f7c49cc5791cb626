import { at } from '../../carbon/forecast/vectors.ts';
import type { StepGrid } from './step-grid.ts';
import { moveCost } from './switching-course.ts';
import type { SwitchingTerms } from './switching-course.ts';

/** A run while a plan is worked out; moments in ms since the epoch. */
export interface DraftRun {
  /** Column of the grid. */
  readonly region: number;
  start: number;
  end: number;
}

/** How often the work is paused: between runs, and before the first where it runs and does not go on. */
export function pausesOf(grid: StepGrid, terms: SwitchingTerms, runs: readonly DraftRun[]): number {
  const [first] = runs;
  if (first === undefined) return 0;
  const stops = terms.running >= 0 && (first.region !== terms.running || first.start > at(grid.edges, 0));
  return runs.length - 1 + (stops ? 1 : 0);
}

/** Running time less what switches add, ms. */
export function workOf(grid: StepGrid, terms: SwitchingTerms, runs: readonly DraftRun[]): number {
  const total = runs.reduce((sum, { start, end }) => sum + end - start, 0);
  return total - pausesOf(grid, terms, runs) * terms.switchCost;
}

/** What runs emit, moves included, gCO2eq/kWh times ms. */
export function emittedBy(grid: StepGrid, terms: SwitchingTerms, runs: readonly DraftRun[]): number {
  let sum = 0;
  let place = terms.running >= 0 ? terms.running : terms.home;
  let part = 0;
  for (const { region, start, end } of runs) {
    while (at(grid.edges, part + 1) <= start) part += 1;
    sum += moveCost(grid, terms, place, [region, part]);
    place = region;
    for (let i = part; i < grid.count && at(grid.edges, i) < end; i += 1) {
      const used = Math.min(end, at(grid.edges, i + 1)) - Math.max(start, at(grid.edges, i));
      sum += used * at(grid.values, i * grid.width + region);
    }
  }
  return sum;
}

/** Emissions with what the delay until the end costs. */
export function costOf(grid: StepGrid, terms: SwitchingTerms, runs: readonly DraftRun[]): number {
  const start = at(grid.edges, 0);
  return emittedBy(grid, terms, runs) + terms.worth * ((runs.at(-1)?.end ?? start) - start);
}

/** The part that a moment lies in; at an edge the one that begins there, but for the last edge. */
export function partAt(grid: StepGrid, moment: number): number {
  let [low, high] = [0, grid.count - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(grid.edges, middle) <= moment) low = middle;
    else high = middle - 1;
  }
  return low;
}
