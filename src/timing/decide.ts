import { instant, millis } from '../carbon/units.ts';
import type { Instant, Millis, Region } from '../carbon/units.ts';
import type { World } from '../placement/facts.ts';
import { rankPermitted } from '../placement/permitted-ranking.ts';
import type { PermittedRanking } from '../placement/permitted-ranking.ts';
import type { RankedRegion } from '../placement/rank.ts';
import type { StrategyName } from '../policy/strategies.ts';
import type { Intent } from '../policy/workload-intent.ts';
import { holdEnd } from './hold-end.ts';
import type { HoldEnd } from './hold-end.ts';
import { planWork } from './plan/plan.ts';
import type { FullSlots, Plan } from './plan/types.ts';
import { resumeCost, untouched } from './progress.ts';
import type { Progress } from './progress.ts';
import type { ReleaseReason, WaitReason } from './reasons.ts';
import { situationOf } from './situation.ts';
import type { HoldDecision, HoldEvidence } from './types.ts';

/** All that a decision on one piece of work rests on: held, about to be held, or running and free to be paused. */
export interface HoldSituation {
  readonly intent: Intent;
  readonly created: Instant;
  /** `lowtide.dev/hold-limit`, on the sum of all holds; null: none. */
  readonly limit: Millis | null;
  /** Regions that could run it, whatever residency and carbon say. */
  readonly candidates: readonly Region[];
  readonly world: World;
  /** How far it has come; left out: it has not run. */
  readonly progress?: Progress;
  /** Whether it may be paused once it runs; left out: it may not. */
  readonly pausable?: boolean;
  /** Whether it may be resumed elsewhere; left out: it may. */
  readonly moves?: boolean;
  /** What work of its class usually takes; left out: not known. */
  readonly usual?: Millis | null;
  /** How long its pods may take to end. */
  readonly grace?: Millis;
  /** Where no more is to run. */
  readonly full?: ReadonlyMap<Region, FullSlots>;
}

/**
 * Decides whether work waits or goes now; of work that runs, `wait` is to pause it and `release` to let it run on. Never
 * throws, never waits at or past its end.
 */
export function decideHold(situation: HoldSituation): HoldDecision {
  const { intent, candidates, world } = situation;
  const progress = situation.progress ?? untouched(situation.created);
  const end = endOf(situation, progress);
  const ranking = rankPermitted(candidates, intent.placement, world);
  const evidence = evidenceOf(ranking, intent, end.until);
  if (intent.hold.choice === 'opted-out') return { action: 'release', reason: 'hold-opted-out', ...evidence };
  const plan = planOf(situation, { progress, ranking, until: end.until });
  if (world.now >= end.until) return released(end.reason, plan, { evidence, ranking });
  if (plan.act === 'wait') return waiting(plan, evidence, world);
  return released(plan.reason as ReleaseReason, plan, { evidence, ranking });
}

/** The strategy that is asked for: the class's; work that may be paused is, unless its class says otherwise. */
export function strategyOf(intent: Intent, pausable: boolean): StrategyName {
  const strategy = intent.placement.workClass?.strategy ?? 'window';
  if (strategy === 'window' || strategy === 'interruptible') return pausable ? 'interruptible' : 'window';
  return strategy;
}

function endOf({ intent, limit, world, grace = NONE }: HoldSituation, progress: Progress): HoldEnd {
  const { startupAllowance, switchCost } = world.policy.scheduler;
  // What runs could be held from now on.
  const since = progress.run === null ? progress.since : world.now;
  const resumes = resumeCost(progress, switchCost, grace);
  return holdEnd({ hold: intent.hold, progress: { ...progress, since }, limit, startupAllowance, resumes });
}

const NONE = millis(0);

interface PlanPart {
  readonly progress: Progress;
  readonly ranking: PermittedRanking;
  readonly until: Instant;
}

function planOf(situation: HoldSituation, { progress, ranking, until }: PlanPart): Plan {
  const { intent, world, usual = null, moves = true, pausable = false, grace = NONE, full = NO_LIMITS } = situation;
  const { permitted } = ranking;
  const switchCost = millis(world.policy.scheduler.switchCost + grace);
  const question = { intent, world, permitted, progress, until, usual, switchCost, moves, full };
  const plan = planWork(strategyOf(intent, pausable), situationOf(question));
  const asked = intent.placement.workClass?.strategy;
  const refused = asked === 'interruptible' && !pausable && plan.degraded === null;
  return refused ? { ...plan, degraded: 'not-interruptible' } : plan;
}

const NO_LIMITS: ReadonlyMap<Region, FullSlots> = new Map();

function evidenceOf({ passing, permitted }: PermittedRanking, { hold }: Intent, until: Instant): HoldEvidence {
  const { threshold } = hold;
  const clean = threshold === null ? undefined : passing.find((ranked) => valueOf(ranked) <= threshold);
  const best = clean ?? permitted.find((ranked) => valueOf(ranked) < Infinity) ?? null;
  return { ...intensityAt(best), threshold, until, plan: null };
}

/** Only real readings count: an average that stands in for a missing one ranks regions, and releases nothing. */
function valueOf({ view: { reading } }: RankedRegion): number {
  return reading.state === 'known' ? reading.value : Infinity;
}

function intensityAt(best: RankedRegion | null): Pick<HoldEvidence, 'region' | 'intensity'> {
  const reading = best?.view.reading;
  return { region: best?.region ?? null, intensity: reading?.state === 'known' ? reading.value : null };
}

interface Released {
  readonly evidence: HoldEvidence;
  readonly ranking: PermittedRanking;
}

/** Where a plan has a forecast it chooses the region for the whole run; else placement does, for this moment. */
function released(reason: ReleaseReason, plan: Plan, { evidence, ranking }: Released): HoldDecision {
  const planned = ranking.permitted.some(hasForecast) && plan.reason !== 'intensity-below-threshold';
  const chosen = planned ? plan.runs[0]?.region : undefined;
  const place = ranking.permitted.find(({ region }) => region === chosen);
  const there = place === undefined ? {} : intensityAt(place);
  return { action: 'release', reason, ...evidence, ...there, plan };
}

function hasForecast({ view: { reading } }: RankedRegion): boolean {
  return reading.state === 'known' && reading.forecast.length > 0;
}

function waiting(plan: Plan, evidence: HoldEvidence, { policy, now }: World): HoldDecision {
  if (plan.reason === 'no-value') {
    if (policy.scheduler.noSignal === 'release') return { action: 'release', reason: 'no-signal', ...evidence, plan };
    return { action: 'wait', reason: 'no-signal-waiting', ...evidence, expected: evidence.until, plan };
  }
  const start = plan.runs[0]?.start ?? evidence.until;
  const expected = instant(start > now ? Math.min(start, evidence.until) : evidence.until);
  return { action: 'wait', reason: plan.reason as WaitReason, ...evidence, expected, plan };
}
