import type { Reading } from '../carbon/types.ts';
import { transferShare } from '../carbon/transfer.ts';
import { instant, millis } from '../carbon/units.ts';
import type { Instant, Millis, Region } from '../carbon/units.ts';
import type { World } from '../placement/facts.ts';
import type { RankedRegion } from '../placement/rank.ts';
import type { Intent } from '../policy/workload-intent.ts';
import { cleanHoursOf } from './clean-hours.ts';
import { outlookAt } from './outlooks.ts';
import type { FullSlots, PlanRegion, PlanRules, Remaining, Situation } from './plan/types.ts';
import { resumeCost } from './progress.ts';
import type { Progress } from './progress.ts';

/** What a plan for one piece of work is made from, beside its intent. */
export interface PlanQuestion {
  readonly intent: Intent;
  readonly world: World;
  /** Regions that residency, latency and nodes permit, best placed first. */
  readonly permitted: readonly RankedRegion[];
  readonly progress: Progress;
  readonly until: Instant;
  /** What work of its class usually takes; null: not known. */
  readonly usual: Millis | null;
  /** Extra running time at each resume, the grace period of its pods included. */
  readonly switchCost: Millis;
  /** Whether it may be resumed elsewhere than where it ran. */
  readonly moves: boolean;
  /** Where no more is to run; none where the policy sets no capacity. */
  readonly full: ReadonlyMap<Region, FullSlots>;
}

/** Puts the values together that a strategy decides by. */
export function situationOf(question: PlanQuestion): Situation {
  const { intent, world, progress, until } = question;
  const { now } = world;
  const waitLeft = millis(Math.min(until - now, FARTHEST));
  const remaining = remainingOf(question);
  const home = homeOf(question);
  const transfer = transferOf(intent, progress);
  const left = remaining.state === 'unknown' ? DAY : Math.min(remaining.value, FARTHEST);
  const reach = instant(now + waitLeft + left + question.switchCost);
  const regions = reachable(question, home, transfer).flatMap(({ view: { region, reading } }) =>
    region === null ? [] : [planRegion({ region, reading }, reach, question)],
  );
  return {
    now,
    waitLeft,
    remaining,
    elapsed: progress.ran,
    regions,
    home,
    transfer: transfer ?? 0,
    rules: rulesOf(question, home),
    run: progress.run,
  };
}

/** How far ahead is looked for work of which nobody knows how long it takes. */
const DAY = millis(86_400_000);

/**
 * No plan looks farther: forecasts repeat their last day long before, and who writes a deadline of the year 9999 must not
 * have that counted out in hours. Work whose time is longer is planned anew as it goes by.
 */
const FARTHEST = millis(14 * DAY);

/** Work that has run longer than it was expected to has a duration that nobody knows. */
function remainingOf({ intent, world, progress, usual }: PlanQuestion): Remaining {
  const expected = intent.hold.expectedDuration;
  const done = progress.ran - resumeCost(progress, world.policy.scheduler.switchCost, NONE).spent;
  if (expected !== null && expected > done) return { state: 'known', value: millis(expected - done) };
  return usual === null || expected !== null ? { state: 'unknown' } : { state: 'usual', value: usual };
}

const NONE = millis(0);

/** The region that work has of its own: its data's, its tenant's where moves are bound, else where it ran last. */
function homeOf({ intent, world, progress }: PlanQuestion): Region | null {
  const primary = world.policy.scheduler.shift === null ? null : intent.placement.primaryRegion;
  return intent.data?.region ?? primary ?? progress.region;
}

/** Energy of moving its data as a share of what it still draws; null: nobody knows, since its energy is not known. */
function transferOf({ data, energyKwh, hold }: Intent, { ran }: Progress): number | null {
  if (data === null || data.gb === 0) return 0;
  if (energyKwh === null) return null;
  const { expectedDuration } = hold;
  const done = expectedDuration === null || expectedDuration === 0 ? 0 : Math.min(0.99, ran / expectedDuration);
  return transferShare(data.gb, energyKwh * (1 - done));
}

/** Those it may be run in now; it stays at home where a move cannot be shown to save, or is not allowed. */
function reachable(question: PlanQuestion, home: Region | null, transfer: number | null): readonly RankedRegion[] {
  const { permitted, progress, moves } = question;
  const stays = !moves && progress.ran > 0 ? progress.region : null;
  const bound = stays ?? (mayMove(question, transfer) ? null : home);
  if (bound === null) return permitted;
  const own = permitted.filter(({ region }) => region === bound);
  // Where its own region is not permitted any more it has to go elsewhere.
  return own.length > 0 ? own : permitted;
}

function mayMove({ intent, world }: PlanQuestion, transfer: number | null): boolean {
  if (transfer === null) return false;
  const { shift } = world.policy.scheduler;
  if (shift === null) return true;
  return shift.allowed && (intent.data?.gb ?? 0) <= (shift.maxDataGB ?? Infinity);
}

interface Place {
  readonly region: Region;
  readonly reading: Reading;
}

function planRegion({ region, reading }: Place, reach: Instant, { world, full }: PlanQuestion): PlanRegion {
  const { policy, signal, now } = world;
  const zone = policy.regions.get(region)?.zone;
  return {
    region,
    intensity: reading.state === 'known' ? reading.value : null,
    outlook: reading.state === 'known' ? outlookAt(reading, reach) : null,
    trail: (zone === undefined ? undefined : signal.trails?.get(zone)) ?? null,
    clean: cleanHoursOf(policy.windows, region, now),
    full: full.get(region) ?? null,
  };
}

function rulesOf({ intent, world, progress, switchCost }: PlanQuestion, home: Region | null): PlanRules {
  const { scheduler } = world.policy;
  const { threshold, thresholdOf } = intent.hold;
  const { price = 0, minGain = 0 } = intent.placement.workClass ?? {};
  return {
    threshold,
    thresholdOf,
    price,
    minGain,
    switchCost,
    minRun: scheduler.minRun,
    pausesLeft: Math.max(0, (scheduler.maxPauses ?? Infinity) - progress.pauses),
    moveBelow: home === null ? null : (scheduler.shift?.moveBelow ?? null),
  };
}
