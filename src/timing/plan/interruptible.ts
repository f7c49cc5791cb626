import { at } from '../../carbon/forecast/vectors.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Millis, Region } from '../../carbon/units.ts';
import { CheapestParts } from './cheapest-parts.ts';
import { FinishSearch } from './finish-search.ts';
import { runsOver } from './interruptible-runs.ts';
import { meanOver } from './planned-mean.ts';
import type { RunsAhead } from './planned-mean.ts';
import { areFree, runsWithSwitches } from './interruptible-switching.ts';
import { lengthDegradation, runLength } from './run-length.ts';
import { FULL, StepGrid } from './step-grid.ts';
import { threshold } from './threshold.ts';
import type { Plan, PlannedRun, PlanRegion, Situation } from './types.ts';
import { window } from './window.ts';

const HOUR_MS = 3_600_000;
/** Less than this is left of no work: a mean over nothing is none. */
const SHORTEST_MS = 1000;
/** Values within this share of the dearest that is needed are alike, and the earliest is taken. */
const NEAR_EQUAL = 1e-4;
const grid = new StepGrid();
const parts = new CheapestParts(NEAR_EQUAL);
const finish = new FinishSearch();

/**
 * Runs in the cheapest parts of the time it has, pausing between them, in as many regions as it may; what pauses and moves
 * cost is weighed, and an hour of delay at the end has its price.
 */
export function interruptible(situation: Situation): Plan {
  const regions = comparable(situation);
  if (regions.length === 0) return { ...threshold(situation), degraded: 'no-forecast' };
  const need = millis(Math.max(SHORTEST_MS, runLength(situation)));
  layOut(situation, regions, need);
  const isFullNow = at(grid.best, 0) >= FULL;
  if (situation.rules.price > 0) grid.cutAt(finish.bestEnd(grid, need, situation.rules.price));
  parts.choose(grid.best, grid.edges, grid.count, need);
  let runs = runsOver(grid, parts.taken, regions);
  if (!areFree(situation, runs)) {
    layOut(situation, regions, need);
    runs = runsWithSwitches(situation, regions, grid, need);
    runs = cheaper(situation, [runs, singleRun(situation)], need);
  }
  return decided(situation, regions, { runs, mean: meanOver(situation, runs, need) }, { need, isFullNow });
}

/** One run, after one pause where it runs already, with a resume to pay; empty: there is no time for that. */
function singleRun(situation: Situation): readonly PlannedRun[] {
  if (situation.run === null) return window(situation).runs;
  const waitLeft = millis(situation.waitLeft - situation.rules.switchCost);
  const elapsed = millis(Math.max(1, situation.elapsed));
  return waitLeft <= 0 ? [] : window({ ...situation, run: null, elapsed, waitLeft }).runs;
}

/** Of two plans the better, the price of delay included; the first where they are alike. */
function cheaper(
  situation: Situation,
  [some, others]: readonly [readonly PlannedRun[], readonly PlannedRun[]],
  need: Millis,
): readonly PlannedRun[] {
  const weighed = (runs: readonly PlannedRun[]): number =>
    meanOver(situation, runs, need) + (situation.rules.price * delayOf(situation, runs, need)) / HOUR_MS;
  return others.length === 0 || weighed(some) <= weighed(others) ? some : others;
}

function delayOf({ now }: Situation, runs: readonly PlannedRun[], need: Millis): number {
  return (runs.at(-1)?.end ?? now) - now - need;
}

/** Regions with a forecast; where moving has to go below a share of the home's, only home if the home's is not known. */
function comparable({ regions, home, rules }: Situation): readonly PlanRegion[] {
  const foretold = regions.filter(({ outlook }) => outlook !== null);
  if (rules.moveBelow === null || foretold.some(({ region }) => region === home)) return foretold;
  return regions.some(({ region }) => region === home) ? [] : foretold;
}

function layOut({ now, waitLeft, home, run, rules }: Situation, regions: readonly PlanRegion[], need: Millis): void {
  grid.fill(regions, now, now + Math.max(0, waitLeft) + need);
  const place = indexOf(regions, home);
  const running = run === null ? -1 : indexOf(regions, run.region);
  // To go on where it runs is no move.
  if (rules.moveBelow !== null && place >= 0) grid.onlyBelow(rules.moveBelow, place, running);
  grid.findBest(run === null ? place : running);
}

function indexOf(regions: readonly PlanRegion[], name: Region | null): number {
  return name === null ? -1 : regions.findIndex(({ region }) => region === name);
}

interface Frame {
  readonly need: Millis;
  readonly isFullNow: boolean;
}

function decided(situation: Situation, regions: readonly PlanRegion[], ahead: RunsAhead, frame: Frame): Plan {
  const { now, rules } = situation;
  const { need, isFullNow } = frame;
  const through = runThrough(situation, regions, need);
  const told = {
    strategy: 'interruptible',
    degraded: lengthDegradation(situation),
    runs: ahead.runs,
    mean: ahead.mean,
    meanNow: through.mean,
  } as const;
  // Full slots are planned with only where nothing else is left.
  if (isFullNow) {
    return { ...told, act: 'wait', reason: 'regions-full', runs: ahead.runs.filter(({ start }) => start > now) };
  }
  if ((ahead.runs[0]?.start ?? now) <= now) return { ...told, act: 'run', reason: 'cheap-hour' };
  const gain = through.mean - ahead.mean - (rules.price * delayOf(situation, ahead.runs, need)) / HOUR_MS;
  if (gain >= rules.minGain * through.mean) return { ...told, act: 'wait', reason: 'cleaner-hours' };
  return { ...told, act: 'run', reason: 'gain-too-small', runs: through.runs, mean: through.mean };
}

/** Running from now on without a pause: where it runs, else where that emits least. */
function runThrough(situation: Situation, regions: readonly PlanRegion[], need: Millis): RunsAhead {
  const { now, run } = situation;
  const places = regions.filter(({ region }) => region === run?.region);
  let best: RunsAhead = { runs: [], mean: Infinity };
  for (const { region } of places.length > 0 ? places : regions) {
    const runs = [{ region, start: now, end: instant(now + need) }];
    const mean = meanOver(situation, runs, need);
    if (mean < best.mean) best = { runs, mean };
  }
  return best;
}
