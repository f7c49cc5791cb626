import { at } from '../../carbon/forecast/vectors.ts';
import { instant } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { RunCost } from './run-cost.ts';
import type { PlanRegion, Situation } from './types.ts';
import { beyondSteps, isRegular, startByCount, startByWalk } from './window-starts.ts';

/** Starts that cost so little more than the best (share of its emissions) are as good, and the earliest is taken. */
const NEAR = 1e-4;
/** The latest start, and those that are told by edges at which the run starts or ends. */
const WAYS = 3;

/**
 * Finds the start and region of least cost for work that runs through. Its fields hold what the last `find` found, means in
 * gCO2eq/kWh, moving included. One serves for any number of jobs and makes no garbage.
 */
export class WindowSearch {
  readonly #cost = new RunCost();
  /** Least cost of each region, as far as it was seen. */
  #least = new Float64Array(8);
  /** Cost of the start that was found. */
  #found = Infinity;
  /** Null: no start is possible. */
  place: PlanRegion | null = null;
  start: Instant = instant(NaN);
  mean = Infinity;
  /** Where it would run now; null: no region is foretold, or none of those has room. */
  placeNow: PlanRegion | null = null;
  /** Mean of running there now; infinity: nowhere. */
  meanNow = Infinity;

  /** Whether a start within time is possible. */
  find(situation: Situation, duration: Millis): boolean {
    this.#cost.take(situation, duration);
    this.#lookAtNow();
    this.#findLeast();
    if (this.place === null) return false;
    this.#findEarliest(this.#found + NEAR * this.#cost.emitted(this.place, this.start));
    this.mean = this.#cost.emitted(this.place, this.start) / this.#cost.duration;
    return true;
  }

  #lookAtNow(): void {
    const cost = this.#cost;
    if (this.#least.length < cost.regions.length) this.#least = new Float64Array(cost.regions.length);
    this.place = null;
    this.#found = Infinity;
    let index = 0;
    for (const place of cost.regions) {
      const each = cost.of(place, cost.now);
      if (each < this.#found) this.#take(place, cost.now, each);
      this.#least[index] = each;
      index += 1;
    }
    this.placeNow = this.place;
    this.meanNow = this.#found / cost.duration;
  }

  #findLeast(): void {
    let index = 0;
    for (const place of this.#cost.regions) {
      for (let way = 0; way < WAYS; way += 1) {
        const start = this.#candidate(place, way, -Infinity);
        const each = this.#cost.of(place, start);
        if (each < at(this.#least, index)) this.#least[index] = each;
        if (each < this.#found) this.#take(place, start, each);
      }
      index += 1;
    }
  }

  /** Regions whose best is dearer than the bound have no start within it. */
  #findEarliest(bound: number): void {
    let index = 0;
    for (const place of this.#cost.regions) {
      if (at(this.#least, index) <= bound) this.#findWithin(place, bound);
      index += 1;
    }
  }

  #findWithin(place: PlanRegion, bound: number): void {
    for (let way = -1; way < WAYS; way += 1) {
      const start = way < 0 ? this.#cost.now : this.#candidate(place, way, bound);
      const each = this.#cost.of(place, start);
      const sooner = start < this.start || (start === this.start && each < this.#found);
      if (sooner && each <= bound) this.#take(place, start, each);
    }
  }

  /** First start within the bound, else the cheapest: at the latest moment, from edge to edge, or up to an edge. */
  #candidate(place: PlanRegion, way: number, bound: number): number {
    const cost = this.#cost;
    const { outlook } = place;
    if (outlook === null || way === 0) return cost.last;
    if (cost.isPlain(place) && isRegular(outlook, cost)) {
      if (way === 1) return startByCount(outlook, cost, 0, bound);
      const early = beyondSteps(outlook, cost);
      return early === 0 ? cost.last : startByCount(outlook, cost, early, bound);
    }
    return way === 1 ? startByWalk(place, cost, bound) : cost.last;
  }

  #take(place: PlanRegion, start: number, found: number): void {
    this.place = place;
    this.start = instant(start);
    this.#found = found;
  }
}
