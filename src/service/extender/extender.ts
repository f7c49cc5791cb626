import type { World } from '../../placement/facts.ts';
import { filterPlaces } from '../../placement/filter.ts';
import { rankRegions } from '../../placement/rank.ts';
import type { RankedRegion } from '../../placement/rank.ts';
import type { Refusal } from '../../placement/reasons.ts';
import { placementIntent } from '../../policy/intent.ts';
import type { PlacementIntent } from '../../policy/intent.ts';
import type { Listed } from './listed.ts';
import { NameList } from './name-list.ts';
import { NameLists } from './name-lists.ts';
import type { ExtenderRequest, PodFacts } from './request.ts';
import { WholeNodes } from './whole-nodes.ts';

/** What every decision is about, and the values that it rests on. */
interface Decided {
  readonly pod: PodFacts;
  readonly intent: PlacementIntent;
  readonly world: World;
  readonly listed: Listed;
}

/** A filter call's outcome: the verdict on each place of the list, in the list's order. */
export interface Filtered extends Decided {
  readonly verdicts: readonly (Refusal | null)[];
}

/** A prioritize call's outcome: the regions of the list with score and evidence. */
export interface Prioritized extends Decided {
  readonly ranking: readonly RankedRegion[];
}

/** Who is told of each decision: metrics and log. */
export interface ExtenderObserver {
  onFiltered(outcome: Filtered): void;
  onPrioritized(outcome: Prioritized): void;
}

/** An answer, and work that may be done once it is on its way. */
export interface Answered {
  readonly body: Buffer;
  readonly afterwards: (() => void) | null;
}

interface ExtenderOptions {
  /** Gathers what decisions rest on: all of it in memory, nothing waits. */
  readonly gather: () => World;
  readonly observer: ExtenderObserver;
  readonly regionLabel: string;
}

/** Answers kube-scheduler: gather, decide, answer; synchronous, no I/O. */
export class Extender {
  readonly #options: ExtenderOptions;
  readonly #lists = new NameLists();

  constructor(options: ExtenderOptions) {
    this.#options = options;
  }

  /** @throws ExtenderError where the names are no list of names. */
  filter(request: ExtenderRequest): Answered {
    const { pod, intent, world, listed } = this.#gathered(request);
    const decided = filterPlaces(listed.places, intent, world);
    const verdicts = listed.places.map((place) => decided.get(place) ?? null);
    const body = listed.filterAnswer(verdicts);
    this.#options.observer.onFiltered({ pod, intent, world, listed, verdicts });
    if (!(listed instanceof NameList)) return { body, afterwards: null };
    const afterwards = (): void => {
      this.#expectPrioritize(listed.passing(verdicts), intent, world);
    };
    return { body, afterwards };
  }

  /** @throws ExtenderError where the names are no list of names. */
  prioritize(request: ExtenderRequest): Answered {
    const { pod, intent, world, listed } = this.#gathered(request);
    const ranking = rank(listed, intent, world);
    const body = answerScores(listed, ranking);
    this.#options.observer.onPrioritized({ pod, intent, world, listed, ranking });
    return { body, afterwards: null };
  }

  #gathered(request: ExtenderRequest): Decided {
    const world = this.#options.gather();
    const { pod } = request;
    const intent = placementIntent(pod.annotations, world.policy);
    const listed =
      request.form === 'names'
        ? this.#lists.find(request.names, world.catalog)
        : new WholeNodes(request.nodes, this.#options.regionLabel);
    return { pod, intent, world, listed };
  }

  /**
   * kube-scheduler's next call asks for the scores of exactly the names that passed, in their order (not where one
   * alone passed). That answer is built while it reads this one; the call itself decides afresh, and takes the answer
   * made here only if names and scores are still the same.
   */
  #expectPrioritize(passing: NameList, intent: PlacementIntent, world: World): void {
    if (passing.size < 2 || !this.#lists.expect(passing, world.catalog)) return;
    answerScores(passing, rank(passing, intent, world));
  }
}

/** Nodes that the catalogue does not know are scored as nodes without a region: no data. */
function rank(listed: Listed, intent: PlacementIntent, world: World): readonly RankedRegion[] {
  return rankRegions(
    listed.places.map((place) => place ?? null),
    intent,
    world,
  );
}

function answerScores(listed: Listed, ranking: readonly RankedRegion[]): Buffer {
  const scores = new Map(ranking.map(({ region, score }) => [region, score]));
  return listed.prioritizeAnswer(listed.places.map((place) => scores.get(place ?? null) ?? 0));
}
