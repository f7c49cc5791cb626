import type { DraftRun } from './run-list.ts';
import { costOf, pausesOf } from './run-list.ts';
import { at } from '../../carbon/forecast/vectors.ts';
import { extended } from './run-extend.ts';
import { trimmed } from './run-trim.ts';
import type { StepGrid } from './step-grid.ts';
import { SwitchingCourse } from './switching-course.ts';
import type { SwitchingTerms } from './switching-course.ts';

/** Courses whose values differ by less than this share are equally good. */
const EQUAL = 1e-9;
/** The search ends by itself when no better course is left; this is far more than it takes. */
const MOST_STEPS = 60;
/** Halvings, on a scale of ratios, of what a pause is made to cost until there are few enough of them. */
const PENALTY_STEPS = 12;
/** A penalty of no consequence, share of what all the work emits. */
const LEAST_PENALTY = 1e-6;

/** What a search is for: `need` ms of work, with at most `pauses`. */
export interface SwitchingTask {
  readonly grid: StepGrid;
  readonly terms: SwitchingTerms;
  readonly need: number;
  readonly pauses: number;
}

/**
 * Plans work whose pauses or moves cost something. What progress is worth is found by Lagrange's method: of a course with
 * too little work and one with enough, the reward at which both are equally good is tried next, until no course is better.
 * The one with enough is then trimmed to what is needed.
 */
export class SwitchingSearch {
  readonly #course = new SwitchingCourse();
  /** Runs of the last search, exactly as long as needed. */
  found: readonly DraftRun[] = [];
  #enough: readonly DraftRun[] = [];
  #little: readonly DraftRun[] = [];

  /** The best runs found, exactly as long as needed; at least as good as running through now. */
  plan(task: SwitchingTask): readonly DraftRun[] {
    const through = runThrough(task);
    this.#course.take(task.grid, task.terms);
    this.#search(task, through, 0);
    let best = pausesOf(task.grid, task.terms, this.found) <= task.pauses ? this.found : this.#fewer(task, through);
    if (costOf(task.grid, task.terms, through) <= costOf(task.grid, task.terms, best)) best = through;
    return best;
  }

  /** A bound from below on what any course of that work emits, gCO2eq/kWh times ms. */
  bound(task: SwitchingTask): number {
    this.#course.take(task.grid, task.terms);
    return this.#search(task, runThrough(task), 0);
  }

  /** The best of enough work trimmed and too little extended, each pause costing `penalty` more. */
  #exact(task: SwitchingTask, penalty: number): readonly DraftRun[] {
    const { grid, terms, need } = task;
    const weighed = (runs: readonly DraftRun[]): number =>
      costOf(grid, terms, runs) + penalty * pausesOf(grid, terms, runs);
    let best = trimmed(grid, terms, this.#enough, need);
    for (const whole of [true, false]) {
      const longer = extended(task, this.#little, whole);
      if (longer === null) continue;
      const exact = trimmed(grid, terms, longer, need);
      if (weighed(exact) < weighed(best)) best = exact;
    }
    return best;
  }

  /** Makes pauses dearer until few enough are left. */
  #fewer(task: SwitchingTask, through: readonly DraftRun[]): readonly DraftRun[] {
    const { grid, terms } = task;
    let best = through;
    // A pause that costs as much as all the work is never worth it.
    let high = costOf(grid, terms, through);
    let low = high * LEAST_PENALTY;
    for (let step = 0; step < PENALTY_STEPS; step += 1) {
      const penalty = Math.sqrt(low * high);
      this.#search(task, through, penalty);
      if (pausesOf(grid, terms, this.found) > task.pauses) {
        low = penalty;
        continue;
      }
      high = penalty;
      if (costOf(grid, terms, this.found) < costOf(grid, terms, best)) best = this.found;
    }
    return best;
  }

  /** Leaves the best course in found, and returns the bound. */
  #search(task: SwitchingTask, through: readonly DraftRun[], penalty: number): number {
    const { grid, terms, need } = task;
    const throughCost = costOf(grid, terms, through);
    let little = { cost: 0, work: 0 };
    let enough = { cost: throughCost, work: need };
    let bound = 0;
    this.#enough = through;
    this.#little = [];
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const reward = (enough.cost - little.cost) / (enough.work - little.work);
      const value = this.#course.find(reward, penalty);
      bound = Math.max(bound, value + reward * need);
      const { cost, work } = this.#course;
      if (value >= enough.cost - reward * enough.work - EQUAL * throughCost) break;
      const runs = this.#course.runs();
      if (work < need) {
        little = { cost, work };
        this.#little = runs;
      } else {
        enough = { cost, work };
        this.#enough = runs;
      }
    }
    this.found = this.#exact(task, penalty);
    return bound;
  }
}

/** Running through from now on: where it runs, else where that emits least. */
export function runThrough({ grid, terms, need }: SwitchingTask): readonly DraftRun[] {
  const start = at(grid.edges, 0);
  const from = Math.max(0, terms.running);
  const to = terms.running >= 0 ? terms.running : grid.width - 1;
  let best: readonly DraftRun[] = [];
  let least = Infinity;
  for (let region = from; region <= to; region += 1) {
    const runs = [{ region, start, end: start + need }];
    const cost = costOf(grid, terms, runs);
    if (cost >= least) continue;
    least = cost;
    best = runs;
  }
  return best;
}
