import { at } from '../../carbon/forecast/vectors.ts';
import type { Course } from './unknown-length-course.ts';

/** What a course is planned for; lengths in hours, costs in gCO2eq/kWh. */
export interface Terms {
  /** Mean of the running time that is left, whatever has run so far. */
  readonly mean: number;
  /** Running time that a start or resume adds. */
  readonly switchCost: number;
  /** What an hour of delay must save. */
  readonly price: number;
  /** Work that has begun may be paused again. */
  readonly mayPause: boolean;
}

/** Expected costs from the end of the first slot on, by the waiting that is left then; in gCO2eq/kWh times hours. */
export interface Worth {
  /** Whole slots of waiting, the last of them perhaps shorter. */
  readonly units: number;
  /** Length of the last unit, hours. */
  readonly last: number;
  /** Of work that runs, by units left. */
  readonly running: Float64Array;
  /** Of work that does not. */
  readonly paused: Float64Array;
  /** By slot and units: whether RUNNING work goes on, and PAUSED work begins. */
  readonly choices: Uint8Array;
}

export const RUNNING = 1;
export const PAUSED = 2;
export const HOUR_MS = 3_600_000;
/** Work that is equally cheap now and later runs now, though sums are rounded. */
const ROUNDING = 1 + 1e-9;

/**
 * Running time that is expected within so many hours, by work that is still running at their start: only a mean is known,
 * so that lengths are taken as exponential (of all with that mean the least presuming), which makes what is left independent
 * of what has run.
 */
export function runningWithin(hours: number, mean: number): number {
  return -mean * Math.expm1(-hours / mean);
}

/** Probability that work still runs after so many hours more of running. */
export function lastsFor(hours: number, mean: number): number {
  return Math.exp(-hours / mean);
}

/** Length of a slot, hours. */
export function slotHours({ edges }: Course, slot: number): number {
  return (at(edges, slot + 1) - at(edges, slot)) / HOUR_MS;
}

/**
 * Dynamic programming backwards over (slot, waiting left, running or paused): run the slot, or wait it out. Once nothing is
 * left to wait it runs through. After the last slot the mean of all stands for the rest.
 */
export function worthOf(course: Course, terms: Terms, budget: number): Worth {
  const { values } = course;
  const slot = values.length > 1 ? slotHours(course, 1) : slotHours(course, 0);
  const units = Math.max(0, Math.ceil(budget / slot - 1e-9));
  const last = budget - (units - 1) * slot;
  const running = new Float64Array(units + 1).fill(course.mean * terms.mean);
  const paused = new Float64Array(units + 1).fill(course.mean * (terms.mean + terms.switchCost));
  const choices = new Uint8Array(values.length * (units + 1));
  const worth = { units, last, running, paused, choices };
  const rates = ratesOf(terms, slot, last);
  for (let i = values.length - 1; i > 0; i -= 1) stepBack(worth, course, i, rates);
  return worth;
}

interface Rates {
  readonly within: number;
  readonly lasts: number;
  readonly withinRest: number;
  readonly lastsRest: number;
  readonly delay: number;
  readonly lastDelay: number;
  readonly switchCost: number;
  readonly mayPause: boolean;
}

function ratesOf({ mean, price, switchCost, mayPause }: Terms, slot: number, last: number): Rates {
  return {
    within: runningWithin(slot, mean),
    lasts: lastsFor(slot, mean),
    withinRest: runningWithin(slot - last, mean),
    lastsRest: lastsFor(slot - last, mean),
    delay: price * mean * slot,
    lastDelay: price * mean * last,
    switchCost,
    mayPause,
  };
}

/**
 * From the end of a slot to its start, in place: more units first, since waiting asks what one unit fewer costs after it.
 * No more than one unit a slot can have been used before it.
 */
function stepBack({ units, running, paused, choices }: Worth, course: Course, slot: number, rates: Rates): void {
  const { lasts, delay, mayPause } = rates;
  const value = at(course.values, slot);
  const cost = value * rates.within;
  const resume = value * rates.switchCost;
  const full = course.full[slot] === 1;
  const row = slot * (units + 1);
  const least = Math.max(1, units - slot);
  for (let k = units; k >= least; k -= 1) {
    const going = cost + lasts * at(running, k);
    // The last unit may end within the slot, and the rest of the slot is run.
    const waiting =
      k > 1
        ? delay + at(paused, k - 1)
        : resume + value * rates.withinRest + rates.lastDelay + rates.lastsRest * at(running, 0);
    const goesOn = !mayPause || going <= waiting * ROUNDING;
    const begins = !full && going + resume <= waiting * ROUNDING;
    running[k] = goesOn ? going : waiting;
    paused[k] = begins ? going + resume : waiting;
    choices[row + k] = (goesOn ? RUNNING : 0) | (begins ? PAUSED : 0);
  }
  running[0] = cost + lasts * at(running, 0);
  paused[0] = at(running, 0) + resume;
  choices[row] = RUNNING | PAUSED;
}
