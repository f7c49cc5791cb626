import type { Instant, Millis, Region } from '../../carbon/units.ts';
import type { World } from '../../placement/facts.ts';
import type { PodScheduling } from '../../placement/types.ts';
import { HOLD_LIMIT, PLACED, READ } from '../../policy/annotations.ts';
import { parseDuration } from '../../policy/duration.ts';
import { resolveIntent } from '../../policy/workload-intent.ts';
import type { Intent } from '../../policy/workload-intent.ts';
import { decideHold } from '../../timing/decide.ts';
import type { HoldSituation } from '../../timing/decide.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import type { Progress } from '../../timing/progress.ts';
import { heldProgress } from '../../timing/progress-marks.ts';
import type { HoldDecision } from '../../timing/types.ts';
import { CandidateRegions } from '../candidate-regions.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { CapacityBook } from './capacity-book.ts';

/** What a decision was made from; one for all work that says the same, of the same world. */
export interface Question {
  readonly intent: Intent;
  /** Regions with nodes that it could run on. */
  readonly candidates: readonly Region[];
  readonly world: World;
}

/** A decision with what it was made from. */
export interface Judgement {
  readonly question: Question;
  readonly situation: HoldSituation;
  readonly decision: HoldDecision;
}

interface Kind extends Question {
  /** By creation, hold limit and progress, the only things of one's own that a decision on held work rests on. */
  readonly judgements: Map<string, Judgement>;
}

type State = Pick<ClusterState, 'namespace' | 'volumeTerms'>;

interface DecisionsOptions {
  readonly state: State;
  readonly regionLabel: string;
  /** Whether a paused Job may be resumed elsewhere. */
  readonly moves: () => boolean;
  /** What finished work of a class usually ran; null: not known. */
  readonly usual: (workClass: string) => Millis | null;
  /** Who runs where; left out: capacities bound nothing, as for who only looks. */
  readonly capacity?: CapacityBook;
}

/**
 * Decides on held work. Work is of a kind where annotations, namespace and scheduling say the same: for a world each kind
 * is resolved once, and decided once for each moment of creation, so that ten thousand alike cost little more than one.
 */
export class Decisions {
  readonly #options: DecisionsOptions;
  readonly #candidates: CandidateRegions;
  /** Kept by the object: the index replaces it when anything of it changes. */
  readonly #keys = new WeakMap<HeldWork, string>();
  #world: World | null = null;
  #kinds = new Map<string, Kind>();

  constructor(options: DecisionsOptions) {
    this.#options = options;
    this.#candidates = new CandidateRegions(options.regionLabel);
  }

  /** Pass one world for all that is decided together. */
  judge(work: HeldWork, world: World): Judgement {
    const kind = this.#kindOf(work, world);
    const progress = heldProgress(work);
    // What others have planned is another for each: it has to be decided in its turn.
    if (this.#options.capacity?.limits(world) === true) return this.#decide(kind, work, progress);
    const key = JSON.stringify([work.created, work.annotations[HOLD_LIMIT], progress]);
    let judgement = kind.judgements.get(key);
    if (judgement === undefined) {
      judgement = this.#decide(kind, work, progress);
      kind.judgements.set(key, judgement);
    }
    return judgement;
  }

  /** Decides on work that runs: `wait` is to pause it, `release` to let it run on. */
  judgeRun(work: HeldWork, progress: Progress, world: World): Judgement {
    return this.#decide(this.#kindOf(work, world), work, progress);
  }

  #decide(question: Question, work: HeldWork, progress: Progress): Judgement {
    const { intent, candidates, world } = question;
    const { moves, usual, capacity } = this.#options;
    const { created, annotations, notPausable, grace } = work;
    const { workClass } = intent.placement;
    const situation: HoldSituation = {
      intent,
      candidates,
      world,
      created,
      limit: parseDuration(annotations[HOLD_LIMIT] ?? ''),
      progress,
      pausable: notPausable === null,
      moves: moves(),
      usual: workClass === null ? null : usual(workClass.name),
      grace,
      ...(capacity !== undefined && { full: capacity.fullFor(work.uid, world) }),
    };
    const decision = decideHold(situation);
    capacity?.book(work.uid, decision.plan?.runs ?? [], world);
    return { question, situation, decision };
  }

  #kindOf(work: HeldWork, world: World): Kind {
    if (world !== this.#world) {
      this.#world = world;
      this.#kinds = new Map();
    }
    const key = this.#keyOf(work);
    const found = this.#kinds.get(key);
    if (found !== undefined) return found;
    const { annotations } = work;
    const namespace = this.#options.state.namespace(work.namespace) ?? null;
    const kind: Kind = {
      intent: resolveIntent({ annotations, namespace, policy: world.policy }),
      candidates: this.#candidates.of({ ...work, scheduling: this.#bounds(work), world, state: this.#options.state }),
      world,
      judgements: new Map(),
    };
    this.#kinds.set(key, kind);
    return kind;
  }

  #keyOf(work: HeldWork): string {
    const known = this.#keys.get(work);
    if (known !== undefined) return known;
    const { namespace, annotations, scheduling, notPausable, grace } = work;
    const words = READ.map((name) => annotations[name] ?? null);
    const key = JSON.stringify([namespace, words, scheduling, annotations[PLACED], notPausable === null, grace]);
    this.#keys.set(work, key);
    return key;
  }

  /** What bounds where it can go: affinity that is ours, and may be replaced, is no bound. */
  #bounds({ annotations, scheduling }: HeldWork): PodScheduling {
    const replaced = annotations[PLACED] === 'true' && this.#options.moves();
    return replaced ? { ...scheduling, nodeAffinity: null } : scheduling;
  }
}

/** Whether a decision made in one world stands in the other: only time went on between them. */
export function sameBasis(a: World, b: World): boolean {
  return (
    a.signal.generation === b.signal.generation &&
    a.policyGeneration === b.policyGeneration &&
    a.catalog.revision === b.catalog.revision
  );
}

/** When the work has to be looked at again: when it is expected to go, and at the latest when its time is over. */
export function nextLook(decision: HoldDecision, now: Instant): Instant {
  if (decision.action === 'release') return now;
  return decision.expected > now && decision.expected < decision.until ? decision.expected : decision.until;
}
