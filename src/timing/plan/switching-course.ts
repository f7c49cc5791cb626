import { at } from '../../carbon/forecast/vectors.ts';
import type { DraftRun } from './run-list.ts';
import { StepGrid } from './step-grid.ts';

/** What pausing and moving cost, and where work stands; times in ms. */
export interface SwitchingTerms {
  /** Running time that each pause adds, for the resume that follows it. */
  readonly switchCost: number;
  /** A run that begins is this long at least, unless it is the last. */
  readonly minRun: number;
  /** What each millisecond until the end costs, gCO2eq/kWh. */
  readonly worth: number;
  /** What a move costs, as ms at the mean of both regions' intensities. */
  readonly transfer: number;
  /** Column of the region where it runs; -1: it waits. */
  readonly running: number;
  /** Column of the region where its data is; -1: in none of these. */
  readonly home: number;
  /** Its data is somewhere else, so that every start moves it. */
  readonly isAway: boolean;
}

/** Work that waits, and whose pauses and moves cost nothing. */
export const FREE: SwitchingTerms = {
  switchCost: 0,
  minRun: 0,
  worth: 0,
  transfer: 0,
  running: -1,
  home: -1,
  isAway: false,
};

/** What a move of the data to a region at an edge costs, gCO2eq/kWh times ms; `place` -1: it is nowhere, or away. */
export function moveCost(grid: StepGrid, terms: SwitchingTerms, place: number, to: readonly [number, number]): number {
  const [region, part] = to;
  if (terms.transfer === 0 || place === region || (place < 0 && !terms.isAway)) return 0;
  const there = at(grid.values, part * grid.width + region);
  const here = place < 0 ? there : at(grid.values, part * grid.width + place);
  return terms.transfer * 0.5 * (here + there);
}

/**
 * The best course of running and pausing if each millisecond of progress is rewarded: a shortest path over the edges of a
 * grid and the states "runs in a region" and "is paused, its data in a region". SwitchingSearch finds the right reward.
 */
export class SwitchingCourse {
  /** What the course emits, with moves, delay and penalties, gCO2eq/kWh times ms. */
  cost = 0;
  /** Running time less what switches add, ms. */
  work = 0;
  #values = new Float64Array(512);
  #works = new Float64Array(512);
  #from = new Int32Array(512);
  #grid = new StepGrid();
  #terms: SwitchingTerms = FREE;
  #reward = 0;
  /** Cells of one state: its edges. */
  #row = 1;
  #least = 0;
  #leastWork = 0;
  #end = 0;
  #endFrom = -1;

  /** Takes up a grid and terms. */
  take(grid: StepGrid, terms: SwitchingTerms): void {
    this.#grid = grid;
    this.#terms = terms;
    this.#row = grid.count + 1;
    const cells = this.#row * (2 * grid.width + 1);
    if (this.#values.length < cells) {
      this.#values = new Float64Array(cells * 2);
      this.#works = new Float64Array(cells * 2);
      this.#from = new Int32Array(cells * 2);
    }
  }

  /**
   * Finds the course that makes cost less `reward` (gCO2eq/kWh) times work least, each pause costing `penalty` more, and
   * returns that: 0, for doing nothing, or less.
   */
  find(reward: number, penalty: number): number {
    const { width, count } = this.#grid;
    const { running, home } = this.#terms;
    this.#reward = reward;
    this.#values.fill(Infinity, 0, this.#row * (2 * width + 1));
    this.#least = 0;
    this.#leastWork = 0;
    this.#endFrom = -1;
    this.#reach(running >= 0 ? this.#runs(running, 0) : this.#paused(home, 0), 0, 0, -1);
    const pause = reward * this.#terms.switchCost + penalty;
    for (let edge = 0; edge <= count; edge += 1) {
      for (let r = 0; r < width; r += 1) this.#goOn(r, edge, pause);
      if (edge === count) break;
      if (this.#terms.transfer > 0) for (let q = 0; q < width; q += 1) this.#wait(q, edge);
      this.#wait(-1, edge);
    }
    this.work = this.#leastWork;
    this.cost = this.#least + reward * this.#leastWork;
    return this.#least;
  }

  /** The runs of the course that was found. */
  runs(): DraftRun[] {
    const runs: DraftRun[] = [];
    if (this.#endFrom < 0) return runs;
    const [row, { width }] = [this.#row, this.#grid];
    let cell = this.#endFrom % this.#cells();
    const last = Math.floor(this.#endFrom / this.#cells()) - 1;
    if (last >= 0) this.#prepend(runs, last, cell % row, this.#end);
    for (let from = this.#from[cell] ?? -1; from >= 0; from = this.#from[cell] ?? -1) {
      const state = Math.floor(cell / row);
      if (state < width) this.#prepend(runs, state, from % row, cell % row);
      cell = from;
    }
    return runs.reverse();
  }

  #runs(region: number, edge: number): number {
    return region * this.#row + edge;
  }

  /** Where nothing has to be moved it does not matter where it is paused. */
  #paused(place: number, edge: number): number {
    const { width } = this.#grid;
    return (this.#terms.transfer > 0 && place >= 0 ? width + place : 2 * width) * this.#row + edge;
  }

  /** From running at an edge: end there, pause, or run through the next part. */
  #goOn(r: number, edge: number, pause: number): void {
    const cell = this.#runs(r, edge);
    const value = at(this.#values, cell);
    if (value === Infinity) return;
    const work = at(this.#works, cell);
    this.#finish(value, work, edge, cell);
    this.#reach(this.#paused(r, edge), value + pause, work - this.#terms.switchCost, cell);
    if (edge === this.#grid.count) return;
    const intensity = at(this.#grid.values, edge * this.#grid.width + r);
    if (intensity === Infinity) return;
    const length = this.#length(edge);
    this.#reach(cell + 1, value + (intensity - this.#reward) * length, work + length, cell);
  }

  /** From being paused at an edge: wait through the next part, or run somewhere for the least time of a run. */
  #wait(place: number, edge: number): void {
    const cell = this.#paused(place, edge);
    const value = at(this.#values, cell);
    if (value === Infinity) return;
    this.#reach(cell + 1, value, at(this.#works, cell), cell);
    for (let r = 0; r < this.#grid.width; r += 1) {
      this.#start(cell, r, edge, value + moveCost(this.#grid, this.#terms, place, [r, edge]));
    }
  }

  #start(cell: number, r: number, edge: number, before: number): void {
    const { count, width, values, edges } = this.#grid;
    const began = at(edges, edge);
    let value = before;
    let work = at(this.#works, cell);
    for (let part = edge; part < count; part += 1) {
      const intensity = at(values, part * width + r);
      if (intensity === Infinity) return;
      const length = this.#length(part);
      value += (intensity - this.#reward) * length;
      work += length;
      if (at(edges, part + 1) - began >= this.#terms.minRun) {
        this.#reach(this.#runs(r, part + 1), value, work, cell);
        return;
      }
      this.#finish(value, work, part + 1, cell + (r + 1) * this.#cells());
    }
  }

  #length(part: number): number {
    return at(this.#grid.edges, part + 1) - at(this.#grid.edges, part);
  }

  #reach(cell: number, value: number, work: number, from: number): void {
    if (value >= at(this.#values, cell)) return;
    this.#values[cell] = value;
    this.#works[cell] = work;
    this.#from[cell] = from;
  }

  /** `from`: the cell where it ends, or, of a last run shorter than others have to be, where that begins, and its region. */
  #finish(value: number, work: number, edge: number, from: number): void {
    const total = value + this.#terms.worth * (at(this.#grid.edges, edge) - at(this.#grid.edges, 0));
    if (total >= this.#least) return;
    this.#least = total;
    this.#leastWork = work;
    this.#end = edge;
    this.#endFrom = from;
  }

  #cells(): number {
    return this.#row * (2 * this.#grid.width + 1);
  }

  /** Joins what was run between two edges to the run after it; runs are listed from the last to the first. */
  #prepend(runs: DraftRun[], region: number, from: number, to: number): void {
    const start = at(this.#grid.edges, from);
    const end = at(this.#grid.edges, to);
    const after = runs.at(-1);
    if (after?.region === region && after.start === end) after.start = start;
    else runs.push({ region, start, end });
  }
}
