import type { Instant, Millis } from '../../carbon/units.ts';
import type { ReleaseChange } from '../../kubernetes/release-work.ts';
import { HOLD_LIMIT } from '../../policy/annotations.ts';
import { parseDuration } from '../../policy/duration.ts';
import type { NamespaceFacts } from '../../policy/namespace.ts';
import type { Policy } from '../../policy/types.ts';
import { resolveIntent } from '../../policy/workload-intent.ts';
import type { Intent } from '../../policy/workload-intent.ts';
import { withResidency } from '../../service/gatekeeper/residency-affinity.ts';
import { decisionNote } from '../../timing/decision-note.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import { heldProgress, pausesOf } from '../../timing/progress-marks.ts';
import { resumeCost } from '../../timing/progress.ts';
import { holdEnd } from '../../timing/hold-end.ts';
import type { HoldEnd } from '../../timing/hold-end.ts';
import type { HoldDecision } from '../../timing/types.ts';

/** What releases by hand rest on: no grid, no nodes. */
export interface Rules {
  readonly policy: Policy;
  readonly namespaces: ReadonlyMap<string, NamespaceFacts>;
  readonly regionLabel: string;
  /** Only what is so much past its end; null: whatever its end. */
  readonly overdueBy: Millis | null;
}

/** A release by hand. */
export interface PlannedRelease {
  readonly decision: Extract<HoldDecision, { readonly action: 'release' }>;
  readonly change: ReleaseChange;
}

/**
 * Plans one release; null: it is not overdue, and only what is overdue is asked for. Work whose class or limit nobody
 * knows any more has no delay left, so it is overdue.
 */
export function planRelease(work: HeldWork, rules: Rules, now: Instant): PlannedRelease | null {
  const { policy, overdueBy } = rules;
  const namespace = rules.namespaces.get(work.namespace) ?? null;
  const intent = resolveIntent({ annotations: work.annotations, namespace, policy });
  const end = endOf(work, intent, policy);
  if (overdueBy !== null && now < end.until + overdueBy) return null;
  const reason = overdueBy === null ? 'released-by-hand' : end.reason;
  const { threshold } = intent.hold;
  const decision = {
    action: 'release',
    reason,
    region: null,
    intensity: null,
    threshold,
    until: end.until,
    plan: null,
  } as const;
  const affinity = affinityOf(work, intent, rules);
  // Who lets it go by hand means it to run.
  const change = { releasedAt: now, decision: decisionNote(decision), affinity, pinned: false, final: true };
  return { decision, change };
}

function endOf(work: HeldWork, { hold }: Intent, { scheduler }: Policy): HoldEnd {
  const limit = work.annotations[HOLD_LIMIT];
  const bound = limit === undefined ? null : parseDuration(limit);
  const { startupAllowance } = scheduler;
  const progress = heldProgress(work);
  const resumes = resumeCost(progress, scheduler.switchCost, work.grace);
  return holdEnd({ hold, progress, limit: bound, startupAllowance, resumes });
}

/**
 * Residency alone: which region is best nobody knows here. A Job's template with affinity of its own stays as it is, and
 * that of a paused Job, which runs on where it ran.
 */
function affinityOf(
  { kind, scheduling, annotations }: HeldWork,
  intent: Intent,
  rules: Rules,
): ReleaseChange['affinity'] {
  const own = scheduling.nodeAffinity;
  if (kind === 'job' && (own !== null || pausesOf(annotations) > 0)) return null;
  const { policy, regionLabel } = rules;
  const narrowed = withResidency(own, { intent: intent.placement, policy, regionLabel });
  return narrowed === own ? null : narrowed;
}
