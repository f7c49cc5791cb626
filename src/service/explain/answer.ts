import type { Instant } from '../../carbon/units.ts';
import { formatDuration } from '../../policy/duration.ts';
import type { HoldSituation } from '../../timing/decide.ts';
import { rfc3339 } from '../../timing/decision-note.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import { untouched } from '../../timing/progress.ts';
import type { HoldDecision } from '../../timing/types.ts';
import { explainedIntent } from './intent-part.ts';
import { explainedPlan } from './plan-part.ts';
import { notPausedReason, reasonFor } from './reasons.ts';
import { explainedRegions, withoutNodes } from './regions.ts';
import type { Explanation, ExplainedProgress, Reason, Standing } from './types.ts';
import { unknowns } from './unknowns.ts';

/** What is known of one object and of what is decided about it. */
export interface ExplainQuestion {
  readonly work: Pick<HeldWork, 'kind' | 'namespace' | 'name' | 'created' | 'notPausable'>;
  readonly standing: Standing;
  /** Of objects that nothing is decided about: what was noted on it, or why Lowtide leaves it alone. */
  readonly noted: string | null;
  /** What the decision is made from, whether or not there is one to be made. */
  readonly situation: HoldSituation;
  /** The gatekeeper's; null: there is nothing to decide. */
  readonly decision: HoldDecision | null;
  /** What the gatekeeper does for it; null as the decision. */
  readonly act: Explanation['act'];
  /** When the gatekeeper looks again; null: it does not. */
  readonly nextLook: Instant | null;
  /** Whether the cluster lets a paused Job be resumed elsewhere; null: nobody has found out. */
  readonly moves: boolean | null;
}

/** The answer of `explain`: a pure function of the judgement. */
export function explain(question: ExplainQuestion): Explanation {
  const { work, standing, situation, nextLook } = question;
  const { kind, namespace, name, created, notPausable } = work;
  const ended = standing === 'finished';
  return {
    object: { kind, namespace, name, created: rfc3339(created) },
    at: rfc3339(situation.world.now),
    verdict: standing,
    ...decided(question),
    nextLook: nextLook === null ? null : rfc3339(nextLook),
    intent: explainedIntent(situation),
    progress: explainedProgress(situation),
    regions: ended ? [] : explainedRegions(situation, question.decision !== null),
    withoutNodes: ended ? [] : withoutNodes(situation),
    pausing: verdictOf(notPausable === null ? null : notPausedReason(notPausable)),
    moving: verdictOf(hindranceOfMoves(question)),
    unknown: ended ? [] : unknowns(situation),
  };
}

type Decided = Pick<Explanation, 'reason' | 'decided' | 'act' | 'until' | 'expected' | 'region' | 'intensity' | 'plan'>;

const NOTHING_DECIDED = {
  act: null,
  until: null,
  expected: null,
  region: null,
  intensity: null,
  plan: null,
} as const;

function decided({ decision, act, noted, situation, standing }: ExplainQuestion): Decided {
  if (decision === null) {
    const reason = noted === null ? null : reasonFor(noted);
    return { reason, decided: reason === null ? null : 'noted', ...NOTHING_DECIDED };
  }
  const { reason, region, intensity, plan, until } = decision;
  const waits = standing !== 'running';
  return {
    reason: reasonFor(reason),
    decided: 'now',
    act,
    until: waits ? rfc3339(until) : null,
    expected: act === 'wait' && decision.action === 'wait' ? rfc3339(decision.expected) : null,
    region,
    intensity,
    plan: plan === null ? null : explainedPlan(plan, situation),
  };
}

function explainedProgress({ created, progress = untouched(created), world }: HoldSituation): ExplainedProgress {
  const { waited, ran, pauses } = progress;
  const { maxPauses } = world.policy.scheduler;
  return { waited: formatDuration(waited), ran: formatDuration(ran), pauses, maxPauses };
}

function verdictOf(reason: Reason | null): Explanation['pausing'] {
  return { may: reason === null, reason };
}

function hindranceOfMoves({ work, moves }: ExplainQuestion): Reason | null {
  if (work.kind === 'pod') return reasonFor('other-kind-of-pod');
  if (work.notPausable !== null) return reasonFor('never-paused');
  if (moves === null) return reasonFor('moves-unknown');
  return moves ? null : reasonFor('resumed-in-place');
}
