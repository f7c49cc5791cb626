import { at } from '../../carbon/forecast/vectors.ts';
import { instant } from '../../carbon/units.ts';
import { slotAfter } from './full-slots.ts';
import { stepIndexAt } from './outlook.ts';
import type { Outlook } from './outlook.ts';
import type { RunCost } from './run-cost.ts';
import type { PlanRegion } from './types.ts';
import type { StartSearch } from './window-starts.ts';

/**
 * By counting, where moving or full slots matter. They only ever make a start dearer, so that what is dear without them is
 * not asked for.
 */
export function byRules(place: PlanRegion, outlook: Outlook, cost: RunCost, search: StartSearch): void {
  const { sums, values, step } = outlook;
  const { now, last, slope, whole, rest } = cost;
  search.costNow = cost.of(place, now);
  search.offer(now, search.costNow);
  let edge = cost.first;
  for (let index = cost.index + 1; search.cost > search.bound && edge - rest < last; index += 1) {
    edge += step;
    const inner = at(sums, index + whole) - at(sums, index) + slope * (edge - now);
    const early = inner + rest * (at(values, index - 1) - slope);
    if (early < search.cost) offerWithin(place, cost, search, edge - rest);
    if (edge >= last || search.cost <= search.bound) break;
    const late = inner + rest * at(values, index + whole);
    if (late < search.cost) offerWithin(place, cost, search, edge);
  }
  if (search.cost > search.bound) search.offer(last, cost.of(place, last));
}

function offerWithin(place: PlanRegion, cost: RunCost, search: StartSearch, start: number): void {
  if (start > cost.now && start < cost.last) search.offer(start, cost.of(place, start));
}

/** From edge to edge, for every outlook and with every rule, past what is full. */
export function byWalk(place: PlanRegion, cost: RunCost, search: StartSearch): void {
  let start = cost.now;
  search.costNow = cost.of(place, start);
  search.offer(start, search.costNow);
  while (search.cost > search.bound && start < cost.last) {
    start = Math.min(cost.last, Math.max(cost.freeFrom(place, start), nextStart(place, cost, start)));
    search.offer(start, cost.of(place, start));
  }
}

/** Edges stand on whole milliseconds; half of one keeps rounding from finding the same again. */
const APART_MS = 0.5;

function nextStart({ outlook, full }: PlanRegion, { duration }: RunCost, after: number): number {
  if (outlook === null) return Infinity;
  const [start, end] = [after + APART_MS, after + duration + APART_MS];
  const next = Math.min(edgeAfter(outlook, start), edgeAfter(outlook, end) - duration);
  return full === null ? next : Math.min(next, slotAfter(full, start), slotAfter(full, end) - duration);
}

function edgeAfter(outlook: Outlook, moment: number): number {
  const { edges } = outlook;
  if (moment < at(edges, 0)) return at(edges, 0);
  const next = at(edges, stepIndexAt(outlook, instant(moment)) + 1);
  return next > moment ? next : Infinity;
}
