import { at } from '../../carbon/forecast/vectors.ts';
import type { Situation } from './types.ts';
import type { Course } from './unknown-length-course.ts';
import { outlineOf } from './unknown-length-runs.ts';
import type { FirstStep, Outline } from './unknown-length-runs.ts';
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

/** What it costs from now on to run the first slot, and to wait it out; in gCO2eq/kWh times hours. */
interface Sides {
  readonly going: number;
  readonly waiting: number;
  readonly ifRun: FirstStep;
  readonly ifWaits: FirstStep;
}

/** Weighs running the first slot of a course against waiting it out. */
export function optionOn(course: Course, terms: Terms, situation: Situation, running: boolean): Option {
  const { going, waiting, ifRun, ifWaits } = sidesOf(course, terms, situation, running);
  const full = course.full[0] === 1;
  const goes = !full && going <= waiting * NEAR_EQUAL;
  const outline = outlineOf(course, terms, goes ? ifRun : ifWaits);
  return { act: goes ? 'run' : 'wait', cost: (goes ? going : waiting) / terms.mean, full, ...outline };
}

function sidesOf(course: Course, terms: Terms, { waitLeft, elapsed }: Situation, running: boolean): Sides {
  const { mean, price } = terms;
  const [budget, length, value] = [waitLeft / HOUR_MS, slotHours(course, 0), at(course.values, 0)];
  const resume = terms.switchCost * value;
  const run = (hours: number, after: number): number =>
    value * runningWithin(hours, mean) + lastsFor(hours, mean) * after;
  const worth = worthOf(course, terms, budget);
  const { units } = worth;
  const common = { running, begun: running || elapsed > 0, lateHours: 0 };
  const ifRun: FirstStep = { ...common, act: 'run', worth, units };
  const going = (running ? 0 : resume) + run(length, at(worth.running, units));
  if (budget < length) {
    // The waiting ends within the slot, and the rest of the slot is run.
    const waiting = price * mean * budget + resume + run(length - budget, at(worth.running, 0));
    return { going, waiting, ifRun, ifWaits: { ...common, act: 'wait', lateHours: length - budget, worth, units: 0 } };
  }
  const isWhole = course.values.length > 1 && length === slotHours(course, 1);
  const later = isWhole ? worth : worthOf(course, terms, budget - length);
  const left = isWhole ? units - 1 : later.units;
  const waiting = price * mean * length + at(later.paused, left);
  return { going, waiting, ifRun, ifWaits: { ...common, act: 'wait', worth: later, units: left } };
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
