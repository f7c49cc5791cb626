import { at } from '../../carbon/forecast/vectors.ts';
import { instant } from '../../carbon/units.ts';
import type { Millis, Region } from '../../carbon/units.ts';
import { integralTo, stepIndexAt } from './outlook.ts';
import type { Outlook } from './outlook.ts';
import type { FullSlots, PlanRegion, Situation } from './types.ts';

/** A permitted region of which it is known what to expect. */
export type ForetoldRegion = PlanRegion & { readonly outlook: Outlook };

/** Where work would run and what that would emit, slot by slot: the first reaches from now to the next decision. */
export interface Course {
  /** n + 1 rising moments, ms since the epoch; all slots but the first are equally long. */
  readonly edges: Float64Array;
  /** n means, gCO2eq/kWh. */
  readonly values: Float64Array;
  /** Where each slot is run. */
  readonly regions: readonly Region[];
  /** 1: nothing may start or resume in this slot. */
  readonly full: Uint8Array;
  /** Mean over the last day of them, gCO2eq/kWh: what is assumed of the time after. */
  readonly mean: number;
}

/** Whether work that runs now runs in this region, as far as that is known. */
export function runsIn({ run }: Situation, { region }: PlanRegion): boolean {
  return run !== null && (run.region === null || run.region === region);
}

const DAY_MS = 24 * 3_600_000;
/** A longer wait is planned in coarser slots. */
const MOST_UNITS = 96;
const MOST_SLOTS = 512;
/** Beyond so many mean lengths of running 5 % of all work is left (e^-3): the mean of what was before stands for it. */
const MEAN_LENGTHS_AHEAD = 3;

/** Edges of the slots to plan by, given the mean of the remaining running time. */
export function slotEdges(situation: Situation, regions: readonly ForetoldRegion[], mean: Millis): Float64Array {
  const { now, waitLeft, rules } = situation;
  const step = Math.min(...regions.map(({ outlook }) => stepAt(outlook, now)));
  const slot = step * Math.ceil(Math.max(1, rules.minRun / step, waitLeft / step / MOST_UNITS));
  const first = Math.min(...regions.map(({ outlook }) => edgeAfter(outlook, now)));
  const told = Math.min(...regions.map(({ outlook }) => at(outlook.edges, outlook.values.length)));
  const ahead = Math.min(told, now + Math.max(DAY_MS, waitLeft + MEAN_LENGTHS_AHEAD * mean)) - first;
  const later = Math.min(MOST_SLOTS, Math.max(0, Math.ceil(ahead / slot)));
  const edges = new Float64Array(later + 2);
  edges[0] = now;
  for (let i = 0; i <= later; i += 1) edges[i + 1] = first + i * slot;
  return edges;
}

function stepAt(outlook: Outlook, now: number): number {
  if (outlook.step > 0) return outlook.step;
  const index = stepIndexAt(outlook, instant(now));
  return at(outlook.edges, index + 1) - at(outlook.edges, index);
}

function edgeAfter(outlook: Outlook, now: number): number {
  const edge = at(outlook.edges, stepIndexAt(outlook, instant(now)) + 1);
  return edge > now ? edge : now + stepAt(outlook, now);
}

/** Running in one region alone. Work that runs there has its place: nothing is full for it. */
export function courseIn(place: ForetoldRegion, edges: Float64Array, situation: Situation): Course {
  const values = meansWithin(place.outlook, edges);
  const full = new Uint8Array(values.length);
  if (place.full !== null && !runsIn(situation, place)) markFull(full, edges, place.full);
  const regions = new Array<Region>(values.length).fill(place.region);
  return { edges, values, regions, full, mean: lastDay(edges, values) };
}

function meansWithin(outlook: Outlook, edges: Float64Array): Float64Array {
  const count = edges.length - 1;
  const first = stepIndexAt(outlook, instant(at(edges, 0)));
  const slot = count > 1 ? at(edges, 2) - at(edges, 1) : 0;
  if (
    slot === outlook.step &&
    at(edges, 1) === at(outlook.edges, first + 1) &&
    first + count <= outlook.values.length
  ) {
    return outlook.values.subarray(first, first + count);
  }
  const values = new Float64Array(count);
  let before = integralTo(outlook, at(edges, 0));
  for (let i = 0; i < count; i += 1) {
    const after = integralTo(outlook, at(edges, i + 1));
    values[i] = (after - before) / (at(edges, i + 1) - at(edges, i));
    before = after;
  }
  return values;
}

function markFull(target: Uint8Array, edges: Float64Array, { start, slot, full }: FullSlots): void {
  for (let i = 0; i < target.length; i += 1) {
    const last = Math.ceil((at(edges, i + 1) - start) / slot);
    for (let j = Math.max(0, Math.floor((at(edges, i) - start) / slot)); j < last; j += 1) {
      if (full[j] === 1) target[i] = 1;
    }
  }
}

/** Running in the cheapest region of each slot that has a place; of equal ones the first. */
export function cheapestOf(courses: readonly Course[], first: Course): Course {
  const values = Float64Array.from(first.values);
  const regions = [...first.regions];
  const full = Uint8Array.from(first.full);
  for (const course of courses) {
    for (const [i, region] of course.regions.entries()) {
      if (!better(course, i, at(values, i), full[i] === 1)) continue;
      values[i] = at(course.values, i);
      regions[i] = region;
      full[i] = course.full[i] === 1 ? 1 : 0;
    }
  }
  return { edges: first.edges, values, regions, full, mean: lastDay(first.edges, values) };
}

function better({ values, full }: Course, index: number, than: number, thatIsFull: boolean): boolean {
  const isFull = full[index] === 1;
  return isFull === thatIsFull ? at(values, index) < than : thatIsFull;
}

/** Work that waits sees the same end of its slots the whole time, so that its plan stays what it was. */
function lastDay(edges: Float64Array, values: Float64Array): number {
  const end = at(edges, values.length);
  let sum = 0;
  let i = values.length;
  while (i > 0 && (i === values.length || at(edges, i - 1) >= end - DAY_MS)) {
    i -= 1;
    sum += at(values, i) * (at(edges, i + 1) - at(edges, i));
  }
  return sum / (end - at(edges, i));
}
