import { integralTo, valueAt } from '../../src/timing/plan/outlook.ts';
import type { PlannedRun, PlanRegion, Situation } from '../../src/timing/plan/types.ts';

const HOUR_MS = 3_600_000;

/** What hourly work can do at best: everything there is to try, by whole hours; times in hours from the first. */
export interface HourlyCase {
  /** By region: an intensity an hour. */
  readonly values: readonly (readonly number[])[];
  readonly need: number;
  readonly switchCost: number;
  readonly minRun: number;
  /** Region where it runs; -1: it waits. */
  readonly running: number;
  readonly price: number;
  /** Share of the energy that a move takes. */
  readonly transfer: number;
  readonly home: number;
  readonly pauses: number;
}

/** The least that any course of whole hours costs, gCO2eq/kWh of `need`, the price of its delay included. */
export function leastByTrial(trial: HourlyCase): number {
  const hours = trial.values[0]?.length ?? 0;
  let least = Infinity;
  const course: number[] = [];
  const tryFrom = (hour: number): void => {
    const cost = costOfCourse(trial, course);
    if (cost !== null) least = Math.min(least, cost);
    if (hour === hours) return;
    for (let choice = -1; choice < trial.values.length; choice += 1) {
      course.push(choice);
      tryFrom(hour + 1);
      course.pop();
    }
  };
  tryFrom(0);
  return least;
}

/** A course while it is followed: where it runs and has its data, and what came of it. */
interface Trail {
  before: number;
  place: number;
  pauses: number;
  ran: number;
  sum: number;
  /** Hours of the run under way. */
  length: number;
}

/** Null: it is not what is needed, or not allowed. */
function costOfCourse(trial: HourlyCase, course: readonly number[]): number | null {
  const { running, home, minRun, need, switchCost, price } = trial;
  const place = running >= 0 ? running : home;
  const trail: Trail = { before: running, place, pauses: 0, ran: 0, sum: 0, length: minRun };
  if (course.length === 0 || course.at(-1) === -1) return null;
  for (const [hour, choice] of course.entries()) if (!follow(trial, trail, hour, choice)) return null;
  const isEnough = Math.abs(trail.ran - trail.pauses * switchCost - need) < 1e-9;
  if (!isEnough || trail.pauses > trial.pauses) return null;
  return trail.sum / need + price * (course.length - need);
}

/** False: a run ends before it may. */
function follow(trial: HourlyCase, trail: Trail, hour: number, choice: number): boolean {
  if (trail.before >= 0 && choice !== trail.before) {
    trail.pauses += 1;
    if (trail.length < trial.minRun) return false;
  }
  if (choice >= 0) run(trial, trail, hour, choice);
  trail.before = choice;
  return true;
}

function run(trial: HourlyCase, trail: Trail, hour: number, choice: number): void {
  const value = trial.values[choice]?.[hour] ?? NaN;
  if (trail.place >= 0 && trail.place !== choice) {
    trail.sum += trial.transfer * trial.need * 0.5 * (value + (trial.values[trail.place]?.[hour] ?? NaN));
  }
  trail.length = choice === trail.before ? trail.length + 1 : 1;
  trail.place = choice;
  trail.ran += 1;
  trail.sum += value;
}

/** What planned runs cost, as the rules say: gCO2eq per kWh of `need` hours of work, the price of its delay included. */
export function costOfRuns(asked: Situation, runs: readonly PlannedRun[], need: number): number {
  const { run, home, transfer, rules, now } = asked;
  let sum = 0;
  let place = run?.region ?? home;
  for (const { region, start, end } of runs) {
    const outlook = outlookNamed(asked.regions, region);
    sum += (integralTo(outlook, end ?? start) - integralTo(outlook, start)) / HOUR_MS;
    if (place !== null && place !== region) {
      const mean = 0.5 * (valueAt(outlook, start) + valueAt(outlookNamed(asked.regions, place), start));
      sum += transfer * need * mean;
    }
    place = region;
  }
  const end = runs.at(-1)?.end ?? now;
  return sum / need + rules.price * ((end - now) / HOUR_MS - need);
}

function outlookNamed(regions: readonly PlanRegion[], name: string): NonNullable<PlanRegion['outlook']> {
  const found = regions.find(({ region }) => region === name)?.outlook ?? null;
  if (found === null) throw new RangeError(`no outlook of ${name}`);
  return found;
}

/** Hours that runs last in all. */
export function hoursOf(runs: readonly PlannedRun[]): number {
  return runs.reduce((sum, { start, end }) => sum + (end ?? start) - start, 0) / HOUR_MS;
}
