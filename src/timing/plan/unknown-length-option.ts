import { at } from '../../carbon/forecast/vectors.ts';
import type { Situation } from './types.ts';
import type { Course } from './unknown-length-course.ts';
import { outlineOf } from './unknown-length-runs.ts';
import type { Outline } from './unknown-length-runs.ts';
import { HOUR_MS, lastsFor, runningWithin, slotHours, worthOf } from './unknown-length-value.ts';
import type { Terms } from './unknown-length-value.ts';

/** What would be done on one course. */
export interface Option extends Outline {
  readonly act: 'run' | 'wait';
  /** Expected, price of delay included, gCO2eq/kWh. */
  readonly cost: number;
  /** It waits for nothing but a place. */
  readonly full: boolean;
}

/** No more is lost by running at once (0.01 %): the earliest of near-equals. */
const NEAR_EQUAL = 1 + 1e-4;

/** Weighs running the first slot of a course against waiting it out. */
export function optionOn(course: Course, terms: Terms, { waitLeft, elapsed }: Situation, running: boolean): Option {
  const { mean, price } = terms;
  const [budget, length, value] = [waitLeft / HOUR_MS, slotHours(course, 0), at(course.values, 0)];
  const begun = running || elapsed > 0;
  const ifRun = worthOf(course, terms, budget);
  const resume = running ? 0 : terms.switchCost * value;
  const slot = (hours: number, after: number): number =>
    value * runningWithin(hours, mean) + lastsFor(hours, mean) * after;
  const going = resume + slot(length, at(ifRun.running, ifRun.units));
  const lateHours = Math.max(0, length - budget);
  const ifWaits = lateHours > 0 ? ifRun : worthOf(course, terms, budget - length);
  const units = lateHours > 0 ? 0 : ifWaits.units;
  const waiting =
    price * mean * Math.min(length, budget) +
    (lateHours > 0 ? terms.switchCost * value + slot(lateHours, at(ifRun.running, 0)) : at(ifWaits.paused, units));
  const full = course.full[0] === 1;
  const goes = !full && going <= waiting * NEAR_EQUAL;
  const outline = goes
    ? outlineOf(course, terms, { act: 'run', running, begun, lateHours: 0, worth: ifRun, units: ifRun.units })
    : outlineOf(course, terms, { act: 'wait', running, begun, lateHours, worth: ifWaits, units });
  return { act: goes ? 'run' : 'wait', cost: (goes ? going : waiting) / mean, full, ...outline };
}

/** Expected mean of running through from now on, gCO2eq/kWh. */
export function throughOf(course: Course, mean: number): number {
  const { values } = course;
  const later = values.length > 1 ? slotHours(course, 1) : 0;
  const lasts = lastsFor(later, mean);
  let sum = mean * course.mean;
  for (let i = values.length - 1; i > 0; i -= 1) {
    sum = at(values, i) * mean * (1 - lasts) + lasts * sum;
  }
  const first = slotHours(course, 0);
  return (at(values, 0) * runningWithin(first, mean) + lastsFor(first, mean) * sum) / mean;
}
