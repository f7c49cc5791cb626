import { at } from '../../carbon/forecast/vectors.ts';
import { instant } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { RunCost } from './run-cost.ts';
import type { PlanRegion, Situation } from './types.ts';
import { StartSearch } from './window-starts.ts';

/** Starts that cost so little more than the best (share of its emissions) are as good, and the earliest is taken. */
const NEAR = 1e-4;
/** So little that only rounding makes it, gCO2eq/kWh: where next to nothing is emitted, a share of it is nothing at all. */
const ROUNDING = 1e-6;

/**
 * Finds the start and region of least cost for work that runs through. Its fields hold what the last `find` found, means in
 * gCO2eq/kWh, moving included. One serves for any number of jobs and makes no garbage.
 */
export class WindowSearch {
  readonly #cost = new RunCost();
  readonly #search = new StartSearch();
  /** Least cost of each region. */
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
    this.#findLeast();
    if (this.place === null) return false;
    // Rounding may leave a little less than nothing of emissions.
    this.#findEarliest(this.#found + this.#near(this.#emitted()));
    this.mean = this.#emitted() / this.#cost.duration;
    return true;
  }

  #emitted(): number {
    return this.#found - this.#cost.slope * (this.start - this.#cost.now);
  }

  /** How much more is as good. */
  #near(cost: number): number {
    return Math.max(NEAR * Math.abs(cost), ROUNDING * this.#cost.duration);
  }

  #findLeast(): void {
    const { regions, duration } = this.#cost;
    if (this.#least.length < regions.length) this.#least = new Float64Array(regions.length);
    [this.place, this.placeNow] = [null, null];
    this.#found = Infinity;
    const search = this.#search;
    search.bound = -Infinity;
    let [index, now] = [0, Infinity];
    for (const place of regions) {
      search.ceiling = this.#found + this.#near(this.#found);
      search.through(place, this.#cost);
      if (search.cost < this.#found) this.#take(place);
      if (search.costNow < now) {
        now = search.costNow;
        this.placeNow = place;
      }
      // Nothing below the ceiling: its starts need no second look.
      this.#least[index] = search.cost < search.ceiling ? search.cost : Infinity;
      index += 1;
    }
    this.meanNow = now / duration;
  }

  /** Regions whose best is dearer than the bound have no start within it. Of equal starts the first region's is taken. */
  #findEarliest(bound: number): void {
    const search = this.#search;
    search.bound = bound;
    search.ceiling = Infinity;
    this.start = instant(Infinity);
    let index = 0;
    for (const place of this.#cost.regions) {
      if (at(this.#least, index) <= bound) {
        search.through(place, this.#cost);
        if (search.cost <= bound && search.start < this.start) this.#take(place);
      }
      index += 1;
    }
  }

  #take(place: PlanRegion): void {
    this.place = place;
    this.start = instant(this.#search.start);
    this.#found = this.#search.cost;
  }
}
