import { instant } from '../../carbon/units.ts';
import { blockedUntil } from './full-slots.ts';
import { meanBetween } from './outlook.ts';
import { runLength } from './run-length.ts';
import type { PlanRegion, Situation } from './types.ts';

/** What is known of a run from now on: its expected mean, else the intensity now, gCO2eq/kWh; infinity: nothing. */
function levelNow(place: PlanRegion, situation: Situation): number {
  const { outlook, intensity } = place;
  if (outlook === null) return intensity ?? Infinity;
  return meanBetween(outlook, situation.now, instant(situation.now + runLength(situation)));
}

/** Whether a run that starts now meets no full slot. */
export function hasRoom({ full }: PlanRegion, situation: Situation): boolean {
  return full === null || blockedUntil(full, situation.now, situation.now + runLength(situation)) === -Infinity;
}

/** Where work stays unless moving saves: its home, if that is permitted. */
function homeOf({ regions, home }: Situation): PlanRegion | null {
  return home === null ? null : (regions.find(({ region }) => region === home) ?? null);
}

/**
 * Of some regions the one to run in from now on: of least intensity with what moving there emits. A move has to go below
 * the share of the home's that the policy names. Null: none may be gone to.
 */
export function cheapestOf(places: readonly PlanRegion[], situation: Situation): PlanRegion | null {
  const home = homeOf(situation);
  const atHome = home === null ? Infinity : levelNow(home, situation);
  let [best, least]: [PlanRegion | null, number] = [null, Infinity];
  for (const place of places) {
    const own = levelNow(place, situation);
    const moves = home !== null && place !== home;
    if (moves && !mayMove(own, atHome, situation)) continue;
    const cost = moves ? own + situation.transfer * 0.5 * (own + atHome) : own;
    if (best === null || cost < least) [best, least] = [place, cost];
  }
  return best;
}

/** Nothing is moved by a policy's share where one of the two is not known. */
function mayMove(own: number, atHome: number, { rules }: Situation): boolean {
  return rules.moveBelow === null || (Number.isFinite(atHome) && own < rules.moveBelow * atHome);
}
