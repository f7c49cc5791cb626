import { instant, millis, region } from '../../src/carbon/units.ts';
import type { Instant } from '../../src/carbon/units.ts';
import { regularOutlook } from '../../src/timing/plan/outlook.ts';
import type { Outlook } from '../../src/timing/plan/outlook.ts';
import type { FullSlots, PlanRegion, PlanRules, Remaining, Situation } from '../../src/timing/plan/types.ts';
import { hours } from './hold.ts';
import { grams } from './world.ts';

/** Builders of what plans rest on: a test states only what matters to it. */
export const MIDNIGHT = instant(Date.parse('2026-11-21T00:00:00Z'));

/** So many hours after midnight, when the outlooks of these builders begin. */
export function hour(count: number): Instant {
  return instant(MIDNIGHT + count * 3_600_000);
}

/** Hourly means, gCO2eq/kWh, from `start` on. */
export function hourly(values: readonly number[], start: Instant = MIDNIGHT): Outlook {
  return regularOutlook(start, hours(1), Float64Array.from(values));
}

/** Hours after midnight in which a region is full, e.g. '0110'. */
export function fullHours(pattern: string): FullSlots {
  return { start: MIDNIGHT, slot: hours(1), full: Uint8Array.from(pattern, Number) };
}

/** A region of which nothing is known but what is stated. */
export function planRegion(name: string, part: Partial<PlanRegion> = {}): PlanRegion {
  return { region: region(name), intensity: null, outlook: null, trail: null, clean: null, full: null, ...part };
}

/** A region with hourly expectations from midnight on; its intensity now is the first of them. */
export function foretold(name: string, values: readonly number[], part: Partial<PlanRegion> = {}): PlanRegion {
  return planRegion(name, { intensity: grams(values[0] ?? 0), outlook: hourly(values), ...part });
}

/** Neither threshold nor price nor any cost of switching. */
export function planRules(part: Partial<PlanRules> = {}): PlanRules {
  return {
    threshold: null,
    thresholdOf: 'class',
    price: 0,
    minGain: 0,
    switchCost: millis(0),
    minRun: millis(0),
    pausesLeft: 5,
    moveBelow: null,
    ...part,
  };
}

export function known(count: number): Remaining {
  return { state: 'known', value: hours(count) };
}

export interface SituationSketch extends Partial<Omit<Situation, 'rules'>> {
  rules?: Partial<PlanRules>;
}

/** At midnight: an hour of work that may wait six, in no region, with no home and no data. */
export function situation({ rules = {}, ...part }: SituationSketch = {}): Situation {
  return {
    now: MIDNIGHT,
    waitLeft: hours(6),
    remaining: known(1),
    elapsed: millis(0),
    regions: [],
    home: null,
    transfer: 0,
    rules: planRules(rules),
    run: null,
    ...part,
  };
}
