import type { Instant, Millis, Region } from '../../carbon/units.ts';
import type { World } from '../../placement/facts.ts';
import { HOLD_LIMIT, READ } from '../../policy/annotations.ts';
import { parseDuration } from '../../policy/duration.ts';
import { resolveIntent } from '../../policy/workload-intent.ts';
import type { Intent } from '../../policy/workload-intent.ts';
import { decideHold } from '../../timing/decide.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import type { HoldDecision } from '../../timing/types.ts';
import { CandidateRegions } from '../candidate-regions.ts';
import type { ClusterState } from '../cluster-state.ts';

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
  readonly decision: HoldDecision;
}

interface Kind extends Question {
  /** By creation and hold limit, the only things of one's own that a decision rests on. */
  readonly decisions: Map<string, HoldDecision>;
}

type State = Pick<ClusterState, 'namespace' | 'volumeTerms'>;

/**
 * Decides on held work. Work is of a kind where annotations, namespace and scheduling say the same: for a world each kind
 * is resolved once, and decided once for each moment of creation, so that ten thousand alike cost little more than one.
 */
export class Decisions {
  readonly #state: State;
  readonly #candidates: CandidateRegions;
  /** Kept by the object: the index replaces it when anything of it changes. */
  readonly #keys = new WeakMap<HeldWork, string>();
  #world: World | null = null;
  #kinds = new Map<string, Kind>();

  constructor(state: State, regionLabel: string) {
    this.#state = state;
    this.#candidates = new CandidateRegions(regionLabel);
  }

  /** Pass one world for all that is decided together. */
  judge(work: HeldWork, world: World): Judgement {
    if (world !== this.#world) {
      this.#world = world;
      this.#kinds = new Map();
    }
    const kind = this.#kindOf(work, world);
    const limit = work.annotations[HOLD_LIMIT];
    const key = `${work.created} ${limit ?? ''}`;
    let decision = kind.decisions.get(key);
    if (decision === undefined) {
      decision = decideHold({ ...kind, created: work.created, limit: durationOf(limit) });
      kind.decisions.set(key, decision);
    }
    return { question: kind, decision };
  }

  #kindOf(work: HeldWork, world: World): Kind {
    const key = this.#keyOf(work);
    const found = this.#kinds.get(key);
    if (found !== undefined) return found;
    const { annotations } = work;
    const namespace = this.#state.namespace(work.namespace) ?? null;
    const kind: Kind = {
      intent: resolveIntent({ annotations, namespace, policy: world.policy }),
      candidates: this.#candidates.of({ ...work, world, state: this.#state }),
      world,
      decisions: new Map(),
    };
    this.#kinds.set(key, kind);
    return kind;
  }

  #keyOf(work: HeldWork): string {
    const known = this.#keys.get(work);
    if (known !== undefined) return known;
    const { namespace, annotations, scheduling } = work;
    const key = JSON.stringify([namespace, READ.map((name) => annotations[name] ?? null), scheduling]);
    this.#keys.set(work, key);
    return key;
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

function durationOf(text: string | undefined): Millis | null {
  return text === undefined ? null : parseDuration(text);
}
