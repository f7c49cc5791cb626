import { blockedUntil } from './full-slots.ts';
import { oneMinThreshold, pauseResumeThresholds } from './k-search.ts';
import type { SearchBounds, Thresholds } from './k-search.ts';
import { cheapestOf } from './present.ts';
import type { PlanReason } from './reasons.ts';
import { runLength, wholeRun } from './run-length.ts';
import { threshold } from './threshold.ts';
import type { Plan, PlanRegion, Situation } from './types.ts';

const HOUR_MS = 3_600_000;
/** Units of work whose length is not known: so many that the thresholds hardly fall. */
const MANY = 1000;
/** Lower bounds below this share of the upper one are taken for it, so that their ratio stays finite. */
const LEAST_SHARE = 1e-3;

/**
 * Decides without a forecast, by the intensity now and the bounds that were seen of late: work that may be paused accepts an
 * hour at or below thresholds that fall with the hours done, with a distance between resuming and going on that pays for a
 * switch; other work starts once the intensity is at or below the geometric mean of both bounds, and runs through.
 */
export function online(asked: Situation): Plan {
  // Forecasts, where there are any, stay out of it.
  const situation = { ...asked, regions: asked.regions.map((place) => ({ ...place, outlook: null })) };
  const bounds = boundsOf(situation);
  if (bounds === null) return { ...threshold(situation), degraded: 'no-trail' };
  const known = situation.regions.filter(({ intensity }) => intensity !== null);
  const places = known.filter((place) => hasRoomNow(place, situation));
  if (places.length === 0) return decline(known.length === 0 ? 'no-value' : 'regions-full');
  return weighed(situation, places, bounds);
}

function weighed(situation: Situation, places: readonly PlanRegion[], bounds: SearchBounds): Plan {
  const here = places.find(({ region }) => region === situation.run?.region) ?? null;
  const { running, paused } = thresholdsOf(bounds, situation);
  const best = cheapestOf(places, situation);
  if (here !== null && levelOf(here) <= Math.max(running, bounds.low)) {
    const isWorthMoving = levelOf(best) < levelOf(here) - 2 * bounds.switching;
    return accept(situation, isWorthMoving ? best : here, 'online-accepts');
  }
  if (levelOf(best) <= Math.max(paused, bounds.low)) return accept(situation, best, 'online-accepts');
  const most = 1 - bounds.low / levelOf(best);
  return most < situation.rules.minGain
    ? accept(situation, here ?? best, 'gain-too-small')
    : decline('online-declines');
}

/** Bounds of the cheapest region at any time: the least of both. */
function boundsOf({ regions, rules }: Situation): SearchBounds | null {
  const trails = regions.flatMap(({ trail }) => (trail === null ? [] : [trail]));
  if (trails.length === 0) return null;
  const high = Math.min(...trails.map((trail) => trail.high));
  const low = Math.max(Math.min(...trails.map((trail) => trail.low)), high * LEAST_SHARE);
  // What a resume adds in running time, at an intensity between the bounds, for the hour that is a unit.
  const switching = (0.5 * rules.switchCost * Math.sqrt(low * high)) / HOUR_MS;
  return { low, high, switching };
}

function thresholdsOf(bounds: SearchBounds, situation: Situation): Thresholds {
  const { elapsed, remaining, rules } = situation;
  if (rules.pausesLeft <= 0 || 2 * bounds.switching >= bounds.high - bounds.low) {
    return { running: Infinity, paused: oneMinThreshold(bounds) };
  }
  const done = elapsed / HOUR_MS;
  const left = remaining.state === 'unknown' ? MANY : runLength(situation) / HOUR_MS;
  return pauseResumeThresholds(bounds, Math.max(1, done + left), done);
}

function hasRoomNow({ full }: PlanRegion, { now }: Situation): boolean {
  return full === null || blockedUntil(full, now, now + 1) === -Infinity;
}

/** Infinity: it may not be gone to, or nothing is known of it. */
function levelOf(place: PlanRegion | null): number {
  return place?.intensity ?? Infinity;
}

function accept(situation: Situation, place: PlanRegion | null, reason: PlanReason): Plan {
  if (place === null) return decline('online-declines');
  return { ...NOTHING, act: 'run', reason, runs: [wholeRun(situation, place, situation.now)] };
}

function decline(reason: PlanReason): Plan {
  return { ...NOTHING, act: 'wait', reason };
}

const NOTHING = { strategy: 'online', degraded: null, runs: [], mean: null, meanNow: null } as const;
