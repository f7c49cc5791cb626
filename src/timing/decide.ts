import { instant } from '../carbon/units.ts';
import type { GramsPerKwh, Instant, Millis, Region } from '../carbon/units.ts';
import type { World } from '../placement/facts.ts';
import { rankPermitted } from '../placement/permitted-ranking.ts';
import type { PermittedRanking } from '../placement/permitted-ranking.ts';
import type { RankedRegion } from '../placement/rank.ts';
import type { Intent } from '../policy/workload-intent.ts';
import { holdEnd } from './hold-end.ts';
import type { ReleaseReason, WaitReason } from './reasons.ts';
import type { HoldDecision, HoldEvidence } from './types.ts';

/** All that a decision on one piece of held, or about to be held, work rests on. */
export interface HoldSituation {
  readonly intent: Intent;
  readonly created: Instant;
  /** `lowtide.dev/hold-limit`, counted from creation; null: none. */
  readonly limit: Millis | null;
  /** Regions that could run it, whatever residency and carbon say. */
  readonly candidates: readonly Region[];
  readonly world: World;
}

/** Decides whether work waits or goes now. Never throws, never waits at or past its end. */
export function decideHold({ intent, created, limit, candidates, world }: HoldSituation): HoldDecision {
  const { startupAllowance } = world.policy.scheduler;
  const end = holdEnd({ hold: intent.hold, created, limit, startupAllowance });
  const { threshold } = intent.hold;
  const ranking = rankPermitted(candidates, intent.placement, world);
  const clean = cleanest(ranking, threshold);
  const best = clean ?? ranking.permitted.find(isKnown) ?? null;
  const evidence: HoldEvidence = { ...intensityAt(best), threshold, until: end.until };

  if (intent.hold.choice === 'opted-out') return release('hold-opted-out', evidence);
  if (world.now >= end.until) return release(end.reason, evidence);
  if (threshold === null) return release('no-threshold', evidence);
  if (clean !== null) return release('intensity-below-threshold', evidence);
  if (ranking.permitted.length === 0) return wait('no-permitted-region', evidence);
  if (best !== null) {
    const expected = forecastRelease(ranking.permitted, threshold, world.now);
    return wait('intensity-above-threshold', evidence, expected);
  }
  return world.policy.scheduler.noSignal === 'release'
    ? release('no-signal', evidence)
    : wait('no-signal-waiting', evidence);
}

/**
 * The region that placement would choose among those that are at or below the threshold. Only real readings count: an
 * average that stands in for a missing one ranks regions, and releases nothing.
 */
function cleanest({ passing }: PermittedRanking, threshold: GramsPerKwh | null): RankedRegion | null {
  if (threshold === null) return null;
  return passing.find(({ view }) => view.reading.state === 'known' && view.reading.value <= threshold) ?? null;
}

function isKnown({ view }: RankedRegion): boolean {
  return view.reading.state === 'known';
}

function intensityAt(best: RankedRegion | null): Pick<HoldEvidence, 'region' | 'intensity'> {
  const reading = best?.view.reading;
  return { region: best?.region ?? null, intensity: reading?.state === 'known' ? reading.value : null };
}

function release(reason: ReleaseReason, evidence: HoldEvidence): HoldDecision {
  return { action: 'release', reason, ...evidence };
}

function wait(reason: WaitReason, evidence: HoldEvidence, expected: Instant | null = null): HoldDecision {
  const { until } = evidence;
  return { action: 'wait', reason, ...evidence, expected: expected === null || expected > until ? until : expected };
}

/** Start of the first step ahead in which a permitted region is forecast at or below the threshold. */
function forecastRelease(permitted: readonly RankedRegion[], threshold: GramsPerKwh, now: Instant): Instant | null {
  let first = Infinity;
  for (const { view } of permitted) {
    const forecast = view.reading.state === 'known' ? view.reading.forecast : [];
    for (const { start, value } of forecast) {
      if (value <= threshold && start > now) first = Math.min(first, start);
    }
  }
  return first === Infinity ? null : instant(first);
}
