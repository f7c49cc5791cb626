import { at } from '../../carbon/forecast/vectors.ts';
import type { Instant } from '../../carbon/units.ts';
import { stepIndexAt } from './outlook.ts';
import type { FullSlots, PlanRegion } from './types.ts';

/** Added to what a full slot emits, gCO2eq/kWh: chosen only where nothing else is left. */
export const FULL = 1e7;

/**
 * The time ahead in parts within which no region's value changes: part i is [edges[i], edges[i + 1]). One grid is kept and
 * refilled, since a simulation asks for millions.
 */
export class StepGrid {
  /** Number of parts. */
  count = 0;
  /** Number of regions. */
  width = 0;
  /** count + 1 moments, ms since the epoch. */
  edges = new Float64Array(65);
  /** gCO2eq/kWh of region r in part i at [i * width + r]; Infinity: it may not run there then. */
  values = new Float64Array(64);
  /** The cheapest region's value in each part. */
  best = new Float64Array(64);
  /** Index of that region; a region is kept while nothing is cheaper. */
  bestRegion = new Int32Array(64);
  #index = new Int32Array(8);

  /** Lays out [now, end) for regions that have an outlook. */
  fill(regions: readonly PlanRegion[], now: Instant, end: number): void {
    this.width = regions.length;
    if (this.#index.length < this.width) this.#index = new Int32Array(this.width);
    regions.forEach(({ outlook }, r) => {
      this.#index[r] = outlook === null ? 0 : stepIndexAt(outlook, now);
    });
    this.count = 0;
    if (isRegular(regions, now, end)) {
      this.#fillRegular(regions, now, end);
      return;
    }
    let moment: number = now;
    while (moment < end) {
      this.#reserve();
      this.edges[this.count] = moment;
      moment = this.#part(regions, moment, end);
      this.count += 1;
    }
    this.edges[this.count] = moment;
  }

  /** The common case, millions of times over: steps of one length that begin together. */
  #fillRegular(regions: readonly PlanRegion[], now: number, end: number): void {
    const outlook = regions[0]?.outlook ?? null;
    if (outlook === null) return;
    const first = this.#index[0] ?? 0;
    const begin = at(outlook.edges, first);
    this.count = Math.ceil((end - begin) / outlook.step);
    this.#reserve();
    for (let i = 0; i <= this.count; i += 1) this.edges[i] = at(outlook.edges, first + i);
    this.edges[0] = now;
    this.edges[this.count] = end;
    for (let r = 0; r < this.width; r += 1) this.#copyColumn(regions[r]?.outlook?.values ?? outlook.values, r);
  }

  #copyColumn(values: Float64Array, r: number): void {
    const first = this.#index[r] ?? 0;
    for (let i = 0; i < this.count; i += 1) this.values[i * this.width + r] = at(values, first + i);
  }

  #part(regions: readonly PlanRegion[], moment: number, end: number): number {
    let next = end;
    for (let r = 0; r < this.width; r += 1) {
      next = Math.min(next, this.#regionPart(regions[r], r, moment));
    }
    return next;
  }

  /** Notes the value of one region from `moment` on, and returns until when it holds. */
  #regionPart(region: PlanRegion | undefined, r: number, moment: number): number {
    const outlook = region?.outlook ?? null;
    if (outlook === null) return Infinity;
    const last = outlook.values.length - 1;
    let index = this.#index[r] ?? 0;
    while (index < last && at(outlook.edges, index + 1) <= moment) index += 1;
    this.#index[r] = index;
    this.values[this.count * this.width + r] = at(outlook.values, index);
    const until = index < last ? at(outlook.edges, index + 1) : Infinity;
    return Math.min(until, this.#fullPart(region?.full ?? null, r, moment));
  }

  #fullPart(slots: FullSlots | null, r: number, moment: number): number {
    if (slots === null) return Infinity;
    const { start, slot, full } = slots;
    const index = Math.floor((moment - start) / slot);
    if (full[index] === 1) {
      const place = this.count * this.width + r;
      this.values[place] = at(this.values, place) + FULL;
    }
    return index < full.length ? start + (index + 1) * slot : Infinity;
  }

  /** Leaves regions other than `home` and `kept`, where it runs already, only the parts in which they are below `share` of it. */
  onlyBelow(share: number, home: number, kept: number): void {
    for (let i = 0; i < this.count; i += 1) {
      const row = i * this.width;
      const most = share * at(this.values, row + home);
      for (let r = 0; r < this.width; r += 1) {
        if (r !== home && r !== kept && at(this.values, row + r) >= most) this.values[row + r] = Infinity;
      }
    }
  }

  /** Finds each part's cheapest region; `region` is where work would rather stay before the first, -1: anywhere. */
  findBest(region: number): void {
    if (this.width === 1) {
      this.best.set(this.values.subarray(0, this.count));
      this.bestRegion.fill(0, 0, this.count);
      return;
    }
    let kept = region;
    for (let i = 0; i < this.count; i += 1) {
      const row = i * this.width;
      let value = kept < 0 ? Infinity : at(this.values, row + kept);
      for (let r = 0; r < this.width; r += 1) {
        if (at(this.values, row + r) >= value) continue;
        value = at(this.values, row + r);
        kept = r;
      }
      this.best[i] = value;
      this.bestRegion[i] = kept;
    }
  }

  /** Ends the grid at `end`, within what it covers. */
  cutAt(end: number): void {
    while (this.count > 1 && at(this.edges, this.count - 1) >= end) this.count -= 1;
    this.edges[this.count] = end;
  }

  #reserve(): void {
    if (this.count + 2 > this.edges.length) {
      this.edges = grown(this.edges, (this.count + 2) * 2);
      this.best = new Float64Array(this.edges.length);
      this.bestRegion = new Int32Array(this.edges.length);
    }
    if ((this.count + 1) * this.width > this.values.length) {
      this.values = grown(this.values, (this.count + 1) * this.width * 2);
    }
  }
}

/** Steps of all regions have one length and the same edges, cover the time, and none is full. */
function isRegular(regions: readonly PlanRegion[], now: number, end: number): boolean {
  const first = regions[0]?.outlook ?? null;
  if (first === null || first.step === 0 || end <= now) return false;
  return regions.every(({ outlook, full }) => {
    if (full !== null || outlook?.step !== first.step) return false;
    const begin = at(outlook.edges, 0);
    const isAligned = (begin - at(first.edges, 0)) % first.step === 0;
    return isAligned && begin <= now && at(outlook.edges, outlook.values.length) >= end;
  });
}

function grown(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(values);
  return larger;
}
