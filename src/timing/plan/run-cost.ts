import { at } from '../../carbon/forecast/vectors.ts';
import { instant } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { blockedUntil } from './full-slots.ts';
import { integralTo, stepIndexAt, valueAt } from './outlook.ts';
import type { Outlook } from './outlook.ts';
import type { PlanRegion, Situation } from './types.ts';

const HOUR_MS = 3_600_000;
/** Less than this is left of no work: a mean over nothing is none. */
const SHORTEST_MS = 1000;

/**
 * What a contiguous run costs, for any region and start: its emissions, moving included, and the price of its delay.
 * Everything is multiplied by the run's length (gCO2eq/kWh times ms), which is the same for all starts, so that nothing has
 * to be divided while they are compared. Used again and again: a search over millions of jobs makes no garbage.
 */
export class RunCost {
  now = NaN;
  /** Latest start. */
  last = NaN;
  duration = SHORTEST_MS;
  /** Price of each ms of delay. */
  slope = NaN;
  regions: readonly PlanRegion[] = [];
  /** Of the regular outlook that was split for last: the run's length in whole steps, and what is beyond them, ms. */
  whole = 0;
  rest = NaN;
  /** Of the same, the step that now lies in, and its first edge. */
  index = 0;
  first = NaN;
  #transfer = 0;
  #moveBelow: number | null = null;
  #home: PlanRegion | null = null;
  #placed = false;

  /** Takes up another situation, with the running time that counts for it. */
  take({ now, waitLeft, regions, home, transfer, rules }: Situation, duration: Millis): void {
    this.now = now;
    this.last = now + Math.max(0, waitLeft);
    this.duration = Math.max(SHORTEST_MS, duration);
    this.slope = (rules.price * this.duration) / HOUR_MS;
    this.regions = regions;
    this.#transfer = transfer;
    this.#moveBelow = rules.moveBelow;
    this.#placed = home !== null && (transfer > 0 || rules.moveBelow !== null);
    this.#home = this.#placed ? (regions.find(({ region }) => region === home) ?? null) : null;
  }

  /** Counts a run by the steps of an outlook where all are alike. */
  split({ edges, step }: Outlook): this {
    const first = at(edges, 0);
    this.whole = Math.trunc(this.duration / step);
    this.rest = this.duration - this.whole * step;
    this.index = Math.trunc((this.now - first) / step);
    this.first = first + this.index * step;
    return this;
  }

  /** Emissions of a run that begins `into` ms after an edge of the outlook that was split for. */
  fromEdge({ sums, values, step }: Outlook, index: number, into: number): number {
    const end = index + this.whole;
    const inner = at(sums, end) - at(sums, index) - into * at(values, index);
    const over = into + this.rest - step;
    return over <= 0
      ? inner + (into + this.rest) * at(values, end)
      : inner + step * at(values, end) + over * at(values, end + 1);
  }

  /** Whether a start costs what the outlook alone says. */
  isPlain(place: PlanRegion): boolean {
    return place.full === null && (!this.#placed || place === this.#home);
  }

  /** Emissions of a run, moving included, however full the region is; infinity: nothing is foretold, or it may not move there. */
  emitted(place: PlanRegion, start: number): number {
    const { outlook } = place;
    if (outlook === null) return Infinity;
    const own = integralTo(outlook, start + this.duration) - integralTo(outlook, start);
    return this.#placed && place !== this.#home ? this.#moved(outlook, own, instant(start)) : own;
  }

  /** Where its home is not permitted it has to move, and nothing is known of the home. */
  #moved(outlook: Outlook, own: number, start: Instant): number {
    const there = valueAt(outlook, start);
    const home = this.#home?.outlook ?? null;
    if (this.#home !== null && this.#moveBelow !== null) {
      const atHome = home === null ? NaN : integralTo(home, start + this.duration) - integralTo(home, start);
      if (!(own < this.#moveBelow * atHome)) return Infinity;
    }
    const here = home === null ? there : valueAt(home, start);
    return own + this.#transfer * 0.5 * (here + there) * this.duration;
  }

  /** Cost of a run that starts within time; infinity: it may not. */
  of(place: PlanRegion, start: number): number {
    if (this.freeFrom(place, start) > start) return Infinity;
    return this.emitted(place, start) + this.slope * (start - this.now);
  }

  /** When the last full slot that a run touches is over; minus infinity: it touches none. */
  freeFrom({ full }: PlanRegion, start: number): number {
    return full === null ? -Infinity : blockedUntil(full, start, start + this.duration);
  }
}

/** Length of the step that a moment lies in. */
export function stepLengthAt(outlook: Outlook, moment: Instant): number {
  const index = stepIndexAt(outlook, moment);
  return at(outlook.edges, index + 1) - at(outlook.edges, index);
}
