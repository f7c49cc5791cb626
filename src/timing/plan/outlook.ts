import { at } from '../../carbon/forecast/vectors.ts';
import { instant } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';

/**
 * What is expected of a region's carbon intensity: means of steps without gaps. Columns, since a simulation asks them
 * millions of times.
 */
export interface Outlook {
  /** n + 1 rising moments, ms since the epoch; step i is [edges[i], edges[i + 1]). */
  readonly edges: Float64Array;
  /** n means, gCO2eq/kWh. */
  readonly values: Float64Array;
  /** n + 1: the integral from the first edge to each, gCO2eq/kWh times ms. */
  readonly sums: Float64Array;
  /** Length of every step, ms, where all are alike, so that one is found without a search; 0: they differ. */
  readonly step: number;
  /** What lies beyond is not foretold but repeats the last day of what is. */
  readonly toldUntil: Instant;
}

const DAY_MS = 24 * 3_600_000;

/** At least one step of one length, the first from `start` on; values in gCO2eq/kWh. */
export function regularOutlook(start: Instant, step: Millis, values: Float64Array): Outlook {
  const edges = new Float64Array(values.length + 1);
  for (let i = 0; i < edges.length; i += 1) edges[i] = start + i * step;
  return built(edges, values, step);
}

/** At least one step between rising edges, one edge more than values in gCO2eq/kWh. */
export function outlookOf(edges: Float64Array, values: Float64Array): Outlook {
  const step = at(edges, 1) - at(edges, 0);
  const even = edges.every((edge, index) => edge === at(edges, 0) + index * step);
  return built(edges, values, even ? step : 0);
}

function built(edges: Float64Array, values: Float64Array, step: number): Outlook {
  const sums = new Float64Array(edges.length);
  for (let i = 0; i < values.length; i += 1) {
    sums[i + 1] = at(sums, i) + at(values, i) * (at(edges, i + 1) - at(edges, i));
  }
  return { edges, values, sums, step, toldUntil: instant(at(edges, values.length)) };
}

/** The same up to `until` at least: its last day again and again, or its last value where it has less than a day. */
export function reaching(outlook: Outlook, until: Instant): Outlook {
  const end = endOf(outlook);
  if (end >= until) return outlook;
  const period = end - at(outlook.edges, 0) < DAY_MS ? lastLength(outlook) : DAY_MS;
  const first = stepIndexAt(outlook, instant(end - period));
  const edges = Array.from(outlook.edges);
  const values = Array.from(outlook.values);
  for (let base = end; base < until; base += period) {
    for (let i = first; i < outlook.values.length; i += 1) {
      // The step that the last day begins in counts from there on: the edge that closes it is the next one's.
      if (i > first) edges.push(at(outlook.edges, i) + base + period - end);
      values.push(at(outlook.values, i));
    }
    edges.push(base + period);
  }
  return { ...outlookOf(Float64Array.from(edges), Float64Array.from(values)), toldUntil: outlook.toldUntil };
}

function endOf({ edges }: Outlook): number {
  return at(edges, edges.length - 1);
}

function lastLength({ edges }: Outlook): number {
  return at(edges, edges.length - 1) - at(edges, edges.length - 2);
}

/** Index of the step that a moment lies in; before the first step it is the first, after the last the last. */
export function stepIndexAt({ edges, values, step }: Outlook, moment: Instant): number {
  const last = values.length - 1;
  if (step > 0) return Math.min(last, Math.max(0, Math.floor((moment - at(edges, 0)) / step)));
  let [low, high] = [0, last];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(edges, middle) <= moment) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Expected intensity at a moment, gCO2eq/kWh; beyond its ends that of the nearest step. */
export function valueAt(outlook: Outlook, moment: Instant): number {
  return at(outlook.values, stepIndexAt(outlook, moment));
}

/** Integral from the first edge to a moment, gCO2eq/kWh times ms; beyond its ends the nearest step goes on. */
export function integralTo(outlook: Outlook, moment: number): number {
  const index = stepIndexAt(outlook, instant(moment));
  return at(outlook.sums, index) + (moment - at(outlook.edges, index)) * at(outlook.values, index);
}

/** Expected mean over [from, to), gCO2eq/kWh; the value at `from` where `to` is no later. */
export function meanBetween(outlook: Outlook, from: Instant, to: Instant): number {
  if (to <= from) return valueAt(outlook, from);
  return (integralTo(outlook, to) - integralTo(outlook, from)) / (to - from);
}
