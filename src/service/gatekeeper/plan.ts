import type { Instant, Region } from '../../carbon/units.ts';
import type { ReleaseChange } from '../../kubernetes/release-work.ts';
import type { UnpinChange } from '../../kubernetes/unpin-work.ts';
import { withoutPinnedRegion, withPinnedRegion, withPreferredRegions } from '../../placement/affinity.ts';
import type { World } from '../../placement/facts.ts';
import { rankPermitted } from '../../placement/permitted-ranking.ts';
import type { RankedRegion } from '../../placement/rank.ts';
import type { NodeAffinity } from '../../placement/types.ts';
import { decisionNote } from '../../timing/decision-note.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import type { Judgement, Question } from './decisions.ts';
import { withResidency } from './residency-affinity.ts';

/** What release plans need to know beside the decision. */
export interface PlanSettings {
  readonly regionLabel: string;
  /** Whether a Job's region may be required: the cluster lets a suspended Job's template be changed again. */
  readonly pins: boolean;
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
    return {
      releasedAt,
      decision: decisionNote(decision),
      affinity: pin === null ? this.#affinity(work, question) : this.#pinned(work, question, pin),
      pinned: pin !== null,
    };
  }

  /** A released Job's affinity without the region that was required. */
  unpin(work: HeldWork, { question, decision }: Judgement): UnpinChange {
    const bare = withoutPinnedRegion(work.scheduling.nodeAffinity, this.#settings.regionLabel);
    const affinity = this.#required(bare, question) ?? {};
    return { decision: decisionNote(decision), affinity };
  }

  /** Null: what stands there stays. */
  #affinity(work: HeldWork, question: Question): NodeAffinity | null {
    const own = work.scheduling.nodeAffinity;
    // Whoever wrote affinity into a Job's template applies it again: such a template is not ours to change.
    if (work.kind === 'job' && own !== null) return null;
    const required = this.#required(own, question);
    if (question.world.policy.scheduler.placement !== 'affinity') return required === own ? null : required;
    const preferred = withPreferredRegions(required, this.#ranking(question), this.#settings.regionLabel);
    return preferred === own ? null : preferred;
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

  #pinOf({ kind, scheduling }: HeldWork, { policy }: World, best: Region | null): Region | null {
    const pins = this.#settings.pins && policy.scheduler.pin === 'required';
    return pins && kind === 'job' && scheduling.nodeAffinity === null ? best : null;
  }

  #pinned(work: HeldWork, question: Question, region: Region): NodeAffinity {
    return withPinnedRegion(this.#affinity(work, question), region, this.#settings.regionLabel);
  }
}
