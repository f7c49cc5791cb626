import { at } from '../../carbon/forecast/vectors.ts';
import type { Outlook } from './outlook.ts';
import type { RunCost } from './run-cost.ts';
import type { FullSlots, PlanRegion } from './types.ts';
import { byRules, byWalk } from './window-rules.ts';

/*
 * Between two steps' edges the mean over a run changes evenly with its start, so that the best starts now, at the latest
 * moment, or starts or ends at an edge. A search through these in order gives the first start whose cost is at most `bound`,
 * else the cheapest.
 */

/** What is asked of a search through a region's starts, and what it found; costs are those of RunCost. */
export class StartSearch {
  /** Ends the search where one costs no more. */
  bound = -Infinity;
  /** Starts that cost as much or more do not matter. */
  ceiling = Infinity;
  start = NaN;
  /** As much as the ceiling: nothing was found below it. */
  cost = Infinity;
  /** Of a start now; infinity: it may not. */
  costNow = Infinity;

  /** Searches a region's starts within time. */
  through(place: PlanRegion, cost: RunCost): void {
    const { outlook, full } = place;
    this.cost = this.ceiling;
    this.start = NaN;
    if (outlook === null || !isRegular(outlook, cost) || !isAligned(full, outlook)) byWalk(place, cost, this);
    else if (cost.isPlain(place)) byCount(outlook, cost.split(outlook), this);
    else byRules(place, outlook, cost.split(outlook), this);
  }

  /** Takes a start if it is cheaper than what was found. */
  offer(start: number, cost: number): void {
    if (cost >= this.cost) return;
    this.cost = cost;
    this.start = start;
  }
}

/** Rounding must not carry a run past the last edge. */
const SPARE_MS = 1;

/** Whether steps of one length cover every run, so that starts can be told by counting. */
function isRegular({ edges, step, values }: Outlook, { now, last, duration }: RunCost): boolean {
  return step > 0 && now >= at(edges, 0) && last + duration + SPARE_MS <= at(edges, values.length);
}

/** Whether full slots begin where steps do, so that the edges of these tell those of both. */
function isAligned(full: FullSlots | null, { edges, step }: Outlook): boolean {
  return full === null || (full.slot === step && (full.start - at(edges, 0)) % step === 0);
}

/**
 * By running sums over steps of one length: the innermost loop of a simulation. Of a run over whole steps and a rest, the
 * start that ends at an edge lies before the one at the next edge.
 */
function byCount(outlook: Outlook, cost: RunCost, search: StartSearch): void {
  const { sums, values, step } = outlook;
  const { now, last, slope, whole, rest, first } = cost;
  const { bound } = search;
  let edge = first;
  let index = cost.index;
  offerNow(outlook, cost, search);
  let least = search.cost;
  let found = search.start;
  while (least > bound) {
    const before = at(values, index);
    index += 1;
    edge += step;
    if (edge - rest >= last) break;
    const inner = at(sums, index + whole) - at(sums, index) + slope * (edge - now);
    const early = inner + rest * (before - slope);
    if (early < least && edge - rest > now) {
      least = early;
      found = edge - rest;
    }
    if (edge >= last || least <= bound) break;
    const late = inner + rest * at(values, index + whole);
    if (late < least) {
      least = late;
      found = edge;
    }
  }
  search.cost = least;
  search.start = found;
  if (least > bound) offerLast(outlook, cost, search);
}

function offerNow(outlook: Outlook, cost: RunCost, search: StartSearch): void {
  search.costNow = cost.fromEdge(outlook, cost.index, cost.now - cost.first);
  if (search.costNow >= search.cost) return;
  search.cost = search.costNow;
  search.start = cost.now;
}

function offerLast(outlook: Outlook, cost: RunCost, search: StartSearch): void {
  const after = cost.last - cost.first;
  const steps = Math.trunc(after / outlook.step);
  const own = cost.fromEdge(outlook, cost.index + steps, after - steps * outlook.step);
  const each = own + cost.slope * (cost.last - cost.now);
  if (each >= search.cost) return;
  search.cost = each;
  search.start = cost.last;
}
