import { at } from '../../carbon/forecast/vectors.ts';
import { instant } from '../../carbon/units.ts';
import { slotAfter } from './full-slots.ts';
import { stepIndexAt } from './outlook.ts';
import type { Outlook } from './outlook.ts';
import type { RunCost } from './run-cost.ts';
import type { PlanRegion } from './types.ts';

/*
 * Between two steps' edges the mean over a run changes evenly with its start, so that the best starts or ends at an edge.
 * Each search gives the first start after now and before the latest whose cost is at most `bound`, else the cheapest, else
 * now: minus infinity as bound asks for the cheapest.
 */

/** Whether steps of one length cover every run, so that starts can be told by counting. */
export function isRegular({ edges, step, values }: Outlook, { now, last, duration }: RunCost): boolean {
  return step > 0 && now >= at(edges, 0) && last + duration <= at(edges, values.length);
}

/** What a run has beyond whole steps, ms. */
export function beyondSteps({ step }: Outlook, { duration }: RunCost): number {
  return duration - Math.floor(duration / step) * step;
}

/**
 * Starts on edges (`early` 0), or, with the part of a step that the run has beyond whole steps, those that end on edges, by
 * running sums: the innermost loop of a simulation.
 */
export function startByCount(outlook: Outlook, cost: RunCost, early: number, bound: number): number {
  const { sums, values, step } = outlook;
  const first = at(outlook.edges, 0);
  const rest = beyondSteps(outlook, cost);
  const whole = Math.round((cost.duration - rest) / step);
  const beside = early > 0 || rest === 0 ? -1 : whole;
  const end = Math.ceil((cost.last - first + early) / step);
  let edge = Math.floor((cost.now - first + early) / step) + 1;
  let price = cost.slope * (first + edge * step - early - cost.now);
  const rise = cost.slope * step;
  let least = Infinity;
  let found = 0;
  for (; edge < end && least > bound; edge += 1) {
    const each = at(sums, edge + whole) - at(sums, edge) + rest * at(values, edge + beside) + price;
    if (each < least) {
      least = each;
      found = edge;
    }
    price += rise;
  }
  return least === Infinity ? cost.now : first + found * step - early;
}

/** The same from edge to edge, for every outlook and with every rule, past what is full. */
export function startByWalk(place: PlanRegion, cost: RunCost, bound: number): number {
  let least = Infinity;
  let found = cost.now;
  let start = nextStart(place, cost, cost.now);
  while (start < cost.last && least > bound) {
    const free = cost.freeFrom(place, start);
    const each = free > start ? Infinity : cost.of(place, start);
    if (each < least) {
      least = each;
      found = start;
    }
    start = free > start ? free : nextStart(place, cost, start);
  }
  return found;
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
  if (moment < at(outlook.edges, 0)) return at(outlook.edges, 0);
  const next = stepIndexAt(outlook, instant(moment)) + 1;
  return at(outlook.edges, next) > moment ? at(outlook.edges, next) : Infinity;
}
