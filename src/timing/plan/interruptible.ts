import { at } from '../../carbon/forecast/vectors.ts';
import { instant } from '../../carbon/units.ts';
import type { Millis, Region } from '../../carbon/units.ts';
import { CheapestParts } from './cheapest-parts.ts';
import { FinishSearch } from './finish-search.ts';
import { runsOver } from './interruptible-runs.ts';
import type { RunsAhead } from './interruptible-runs.ts';
import { meanBetween } from './outlook.ts';
import { FULL, StepGrid } from './step-grid.ts';
import type { Plan, PlannedRun, PlanRegion, Situation, Strategy } from './types.ts';

const HOUR_MS = 3_600_000;
/** Share of the dearest value needed. */
const NEAR_EQUAL = 1e-4;
const grid = new StepGrid();
const parts = new CheapestParts(NEAR_EQUAL);
const finish = new FinishSearch();

/** Runs in the cheapest parts of the time it has, pausing between them; what pausing costs is weighed. */
export const interruptible: Strategy = (situation) => {
  const { now, waitLeft, remaining, rules } = situation;
  const regions = situation.regions.filter(({ outlook }) => outlook !== null);
  if (remaining.state === 'unknown' || regions.length === 0) return unforetold(situation);
  const need = remaining.value;
  const home = indexOf(regions, situation.home);
  grid.fill(regions, now, now + waitLeft + need);
  if (rules.moveBelow !== null && home >= 0) grid.onlyBelow(rules.moveBelow, home);
  grid.findBest(indexOf(regions, situation.run?.region ?? situation.home));
  if (rules.price > 0) grid.cutAt(finish.bestEnd(grid, need, rules.price));
  parts.choose(grid.best, grid.edges, grid.count, need);
  return decided(situation, regions, need, runsOver(grid, parts.taken, regions));
};

function indexOf(regions: readonly PlanRegion[], name: Region | null): number {
  return name === null ? -1 : regions.findIndex(({ region }) => region === name);
}

/** planWork lets others decide where nothing is foretold or nothing is known of its length; alone, it waits for nothing. */
function unforetold(situation: Situation): Plan {
  const region = situation.run?.region ?? situation.regions[0]?.region;
  const runs = region === undefined ? [] : [{ region, start: situation.now, end: null }];
  const degraded = situation.remaining.state === 'unknown' ? 'duration-unknown' : 'no-forecast';
  return plan({ act: 'run', reason: 'plan-starts-now', degraded, runs, mean: null, meanNow: null });
}

function decided(situation: Situation, regions: readonly PlanRegion[], need: Millis, ahead: RunsAhead): Plan {
  const { now, rules, remaining } = situation;
  const through = runThrough(situation, regions, need);
  const degraded = remaining.state === 'usual' ? 'duration-usual' : null;
  const mean = ahead.sum / need;
  const told = { degraded, runs: ahead.runs, mean, meanNow: through.mean } as const;
  const first = ahead.runs[0]?.start ?? now;
  if (first <= now) {
    // Full slots are planned with only where nothing else is left.
    if (at(grid.best, 0) >= FULL) return plan({ ...told, act: 'wait', reason: 'regions-full' });
    return plan({ ...told, act: 'run', reason: 'cheap-hour' });
  }
  const end = ahead.runs.at(-1)?.end ?? now;
  const gain = through.mean - mean - (rules.price * (end - now - need)) / HOUR_MS;
  if (gain >= rules.minGain * through.mean) return plan({ ...told, act: 'wait', reason: 'cleaner-hours' });
  return plan({ ...told, act: 'run', reason: 'gain-too-small', runs: [through.run], mean: through.mean });
}

/** Running from now on without a pause, in the region where that emits least. */
function runThrough(
  { now }: Situation,
  regions: readonly PlanRegion[],
  need: Millis,
): { readonly run: PlannedRun; readonly mean: number } {
  const end = instant(now + need);
  let found = { run: { region: '' as Region, start: now, end }, mean: Infinity };
  for (const { region, outlook } of regions) {
    if (outlook === null) continue;
    const mean = meanBetween(outlook, now, end);
    if (mean < found.mean) found = { run: { region, start: now, end }, mean };
  }
  return found;
}

function plan(decision: Omit<Plan, 'strategy'>): Plan {
  return { strategy: 'interruptible', ...decision };
}
