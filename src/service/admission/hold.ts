import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Region } from '../../carbon/units.ts';
import type { World } from '../../placement/facts.ts';
import type { Intent } from '../../policy/workload-intent.ts';
import { decideHold } from '../../timing/decide.ts';
import { holdable } from '../../timing/holdable.ts';
import type { NotHeldReason, ReleaseReason } from '../../timing/reasons.ts';
import type { FullSlots } from '../../timing/plan/types.ts';
import type { HoldCandidate, HoldClamp, HoldDecision } from '../../timing/types.ts';
import type { Scene } from './scene.ts';

/** Held from now on: by a decision that is looked at again and again until its end. */
export interface Held {
  readonly held: true;
  readonly since: Instant;
  readonly decision: Extract<HoldDecision, { action: 'wait' }>;
  /** What bounds the hold beside policy and annotations; null: nothing. */
  readonly clamp: HoldClamp | null;
}

/** Not held: it never is, or its time is now (with the numbers that say so). */
export interface NotHeld {
  readonly held: false;
  readonly reason: NotHeldReason | ReleaseReason;
  readonly decision: HoldDecision | null;
  /** What bounds the pauses of work that is not held now, as it would bound its hold; null: nothing. */
  readonly clamp: HoldClamp | null;
}

export type HoldVerdict = Held | NotHeld;

/** The object that may be held, as its author meant it. */
export interface HoldSubject {
  readonly candidate: HoldCandidate;
  readonly intent: Intent;
  readonly since: Instant;
  /** The pod's, or the Job's template's. */
  readonly podSpec: unknown;
  /** Whether it may be paused once it runs. */
  readonly pausable: boolean;
}

/** Whether an object is held: what forbids it comes first, then the same decision as while it waits. */
export function decideToHold(subject: HoldSubject, scene: Scene): HoldVerdict {
  const { candidate, intent, since, podSpec, pausable } = subject;
  const { world } = scene;
  const { startupAllowance } = world.policy.scheduler;
  const verdict = holdable(candidate, intent, { now: world.now, created: since, startupAllowance });
  if (!verdict.holdable) return { held: false, reason: verdict.reason, decision: null, clamp: null };
  if (scene.facts === null) return { held: false, reason: 'namespace-unknown', decision: null, clamp: null };
  const { clamp } = verdict;
  const limit = clamp?.limit ?? null;
  const candidates = scene.candidates(podSpec);
  const usual = scene.usual(intent);
  const full = candidate.kind === 'job' ? limitedRegions(world) : NO_LIMITS;
  const decision = decideHold({
    intent,
    created: since,
    limit,
    candidates,
    world,
    pausable,
    usual,
    full,
  });
  if (decision.action === 'release') return { held: false, reason: decision.reason, decision, clamp };
  return { held: true, since, decision, clamp };
}

const HOUR_MS = 3_600_000;
const AHEAD = 14 * 24;
const NO_LIMITS: ReadonlyMap<Region, FullSlots> = new Map();

/** Only the gatekeeper knows how much room is left: a Job waits for its word wherever a region has a capacity. */
function limitedRegions({ policy, now }: World): ReadonlyMap<Region, FullSlots> {
  const limited = [...policy.regions.values()].filter(({ capacity }) => capacity !== null);
  if (limited.length === 0) return NO_LIMITS;
  const start = instant(Math.floor(now / HOUR_MS) * HOUR_MS);
  const slots = { start, slot: millis(HOUR_MS), full: new Uint8Array(AHEAD).fill(1) };
  return new Map(limited.map(({ name }) => [name, slots]));
}

/** The end of a hold where something beside policy and annotations brings it forward; null: nothing does. */
export function clampedEnd({ since, decision, clamp }: Held): Instant | null {
  const end = clamp === null ? null : instant(since + clamp.limit);
  return end === decision.until ? end : null;
}
