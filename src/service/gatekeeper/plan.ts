import type { Instant, Region } from '../../carbon/units.ts';
import type { ReleaseChange } from '../../kubernetes/release-work.ts';
import type { UnpinChange } from '../../kubernetes/unpin-work.ts';
import { withoutPinnedRegion, withPinnedRegion, withPreferredRegions } from '../../placement/affinity.ts';
import type { World } from '../../placement/facts.ts';
import { rankPermitted } from '../../placement/permitted-ranking.ts';
import { plannedFirst } from '../../placement/planned-first.ts';
import type { RankedRegion } from '../../placement/rank.ts';
import type { NodeAffinity } from '../../placement/types.ts';
import { decisionNote } from '../../timing/decision-note.ts';
import { PLACED } from '../../policy/annotations.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import { pausesOf } from '../../timing/progress-marks.ts';
import type { HoldDecision } from '../../timing/types.ts';
import type { Judgement, Question } from './decisions.ts';
import { withResidency } from './residency-affinity.ts';

/** What release plans need to know beside the decision. */
export interface PlanSettings {
  readonly regionLabel: string;
  /** Whether a Job's region may be required: the cluster lets a suspended Job's template be changed again. */
  readonly pins: boolean;
  /** Whether a paused Job may be resumed elsewhere. */
  readonly moves: () => boolean;
}

/**
 * Plans releases: residency and latency budget as required affinity, computed anew; the regions that are best now as
 * preferred, where the policy places by affinity. What is the same for all work of a question is computed once.
 */
export class ReleasePlanner {
  readonly #settings: PlanSettings;
  readonly #rankings = new WeakMap<Question, readonly RankedRegion[]>();

  constructor(settings: PlanSettings) {
    this.#settings = settings;
  }

  plan(work: HeldWork, { question, decision }: Judgement, releasedAt: Instant): ReleaseChange {
    const pin = this.#pinOf(work, question.world, decision.region);
    const affinity = this.#affinity(work, question, decision);
    const pinned = pin === null ? affinity : withPinnedRegion(affinity, pin, this.#settings.regionLabel);
    return {
      releasedAt,
      decision: decisionNote(decision),
      affinity: pinned,
      pinned: pin !== null,
      // Whoever may pause it has to know where it ran.
      ...(work.notPausable === null && { region: decision.region }),
    };
  }

  /** A released Job's affinity without the region that was required. */
  unpin(work: HeldWork, { question, decision }: Judgement): UnpinChange {
    const bare = withoutPinnedRegion(work.scheduling.nodeAffinity, this.#settings.regionLabel);
    const affinity = this.#required(bare, question) ?? {};
    return { decision: decisionNote(decision), affinity };
  }

  /** Null: what stands there stays. */
  #affinity(work: HeldWork, question: Question, decision: HoldDecision): NodeAffinity | null {
    if (!this.#mayPlace(work)) return null;
    const own = this.#own(work);
    const wanted = this.#wanted(own, question, decision);
    if (wanted !== own) return wanted;
    // What we wrote at an earlier release must not stay.
    return work.scheduling.nodeAffinity === own ? null : {};
  }

  #wanted(own: NodeAffinity | null, question: Question, decision: HoldDecision): NodeAffinity | null {
    const required = this.#required(own, question);
    if (question.world.policy.scheduler.placement !== 'affinity') return required;
    return withPreferredRegions(
      required,
      plannedFirst(this.#ranking(question), plannedRegion(decision)),
      this.#settings.regionLabel,
    );
  }

  /** Whoever wrote affinity into a Job's template applies it again: such a template is not ours to change. */
  #mayPlace(work: HeldWork): boolean {
    if (work.kind === 'pod') return true;
    if (pausesOf(work.annotations) > 0 && !this.#settings.moves()) return false;
    return this.#own(work) === null;
  }

  /** The affinity that its owner gave it: what we wrote into a Job's template is replaced whole. */
  #own({ kind, annotations, scheduling }: HeldWork): NodeAffinity | null {
    return kind === 'job' && annotations[PLACED] === 'true' ? null : scheduling.nodeAffinity;
  }

  #required(own: NodeAffinity | null, { intent, world }: Question): NodeAffinity | null {
    const { regionLabel } = this.#settings;
    return withResidency(own, { intent: intent.placement, policy: world.policy, regionLabel });
  }

  #ranking(question: Question): readonly RankedRegion[] {
    const known = this.#rankings.get(question);
    if (known !== undefined) return known;
    const { passing, permitted } = rankPermitted(question.candidates, question.intent.placement, question.world);
    // Under a hard ceiling nothing may pass; the work goes all the same, so it had better go where it is least bad.
    const ranking = passing.length > 0 ? passing : permitted;
    this.#rankings.set(question, ranking);
    return ranking;
  }

  #pinOf(work: HeldWork, { policy }: World, best: Region | null): Region | null {
    const pins = this.#settings.pins && policy.scheduler.pin === 'required' && work.kind === 'job';
    return pins && this.#mayPlace(work) ? best : null;
  }
}

/** Where a plan wants it for the whole run; null: no plan named a region, or a threshold let it go anywhere below. */
function plannedRegion({ region, reason, plan }: HoldDecision): Region | null {
  return plan === null || plan.runs.length === 0 || reason === 'intensity-below-threshold' ? null : region;
}
