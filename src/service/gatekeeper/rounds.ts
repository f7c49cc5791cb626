import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { World } from '../../placement/facts.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import { pausesOf } from '../../timing/progress-marks.ts';
import type { ReleaseReason } from '../../timing/reasons.ts';
import { Agenda } from './agenda.ts';
import type { Chronicle } from './chronicle.ts';
import { nextLook } from './decisions.ts';
import type { Decisions } from './decisions.ts';
import type { GatekeeperObserver } from './observer.ts';
import type { GatekeeperPorts } from './ports.ts';
import type { ReleaseQueue } from './release-queue.ts';
import { Slices } from './slices.ts';
import { Alarm } from './timing.ts';

interface RoundsOptions {
  readonly ports: Pick<GatekeeperPorts, 'held' | 'timing' | 'gather'>;
  readonly decisions: Decisions;
  readonly queue: ReleaseQueue;
  readonly chronicle: Chronicle;
  readonly observer: GatekeeperObserver;
  /** Told of work in the index that is not held any more. */
  readonly onNotHeld: (work: HeldWork) => void;
}

/** What a round is about. */
interface Round {
  readonly works: Iterable<HeldWork>;
  /** What came about that makes a look worth while. */
  readonly since: Instant;
  /** The work was held before this replica led. */
  readonly inherited: boolean;
}

interface Look extends Pick<Round, 'since' | 'inherited'> {
  readonly world: World;
}

const AGAIN_AFTER_FAULT_MS = 30_000;
/** In case the watch is silent. */
const STOPPING_MS = 30_000;

/** Reasons that are a moment, which is then when the work's time has come. */
const AT_ITS_END: ReadonlySet<ReleaseReason> = new Set<ReleaseReason>([
  'max-delay-reached',
  'deadline-near',
  'hold-limit-reached',
]);

/** Goes round held work: decides on each piece, queues what is to go, and notes when to come back to the rest. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #agenda = new Agenda();
  readonly #alarm: Alarm;
  readonly #slices: Slices;
  /** A round of all is under way, and since when there is cause for another. */
  #goesRound = false;
  #again: Instant | null = null;
  /** Let go, and still in the index, which hears of it a little later; with how often each had been paused by then. */
  readonly #free = new Map<string, number>();

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#slices = new Slices(options.ports.timing);
    this.#alarm = new Alarm(options.ports.timing, () => {
      this.#dueRound();
    });
  }

  /** One world for the whole round, of however many turns: alike work is decided once. */
  go({ works, since, inherited }: Round, then: () => void = () => undefined): void {
    const { ports, queue } = this.#options;
    const world = ports.gather();
    this.#slices.run(works, {
      each: (work) => {
        // Between two turns it may have changed, or gone.
        const now = ports.held.get(work.uid);
        if (now !== undefined) this.#guarded(now, { world, since, inherited });
      },
      done: () => {
        queue.pump();
        this.#tellStaggered(world, inherited);
        this.#alarm.set(this.#agenda.next());
        then();
      },
    });
  }

  /** One such round at a time, each to its end, so that the last of many has its turn however often the grid turns. */
  goAll(since: Instant, inherited: boolean): void {
    if (this.#goesRound) {
      this.#again ??= since;
      return;
    }
    this.#goesRound = true;
    this.go({ works: this.#options.ports.held.all(), since, inherited }, () => {
      this.#goesRound = false;
      const again = this.#again;
      this.#again = null;
      if (again !== null) this.goAll(again, false);
    });
  }

  /** It is no longer held, whether the index knows it yet or not. */
  setFree(uid: string): void {
    this.#agenda.delete(uid);
    const work = this.#options.ports.held.get(uid);
    if (work !== undefined) this.#free.set(uid, pausesOf(work.annotations));
  }

  /** The index has it no more; whether that was to be expected. */
  leave(uid: string): boolean {
    this.#agenda.delete(uid);
    this.#options.queue.withdraw(uid);
    return this.#free.delete(uid);
  }

  clear(): void {
    this.#slices.clear();
    this.#goesRound = false;
    this.#again = null;
    this.#agenda.clear();
    this.#free.clear();
    this.#alarm.set(null);
  }

  #dueRound(): void {
    const { held, timing } = this.#options.ports;
    const now = timing.now();
    const works = this.#agenda.due(now).map((uid) => held.get(uid));
    this.go({ works: works.filter((work) => work !== undefined), since: now, inherited: false });
  }

  /** A fault of ours over one piece of work must not keep the others. */
  #guarded(work: HeldWork, look: Look): void {
    try {
      this.#consider(work, look);
    } catch (error) {
      this.#options.observer.onReleaseFailed(work, error);
      this.#agenda.set(work.uid, instant(look.world.now + AGAIN_AFTER_FAULT_MS));
    }
  }

  #consider(work: HeldWork, { world, since, inherited }: Look): void {
    const { decisions, queue, chronicle, observer, onNotHeld } = this.#options;
    const { uid } = work;
    if (this.#free.get(uid) === pausesOf(work.annotations)) return;
    if (!work.held) {
      queue.withdraw(uid);
      onNotHeld(work);
      return;
    }
    const judgement = decisions.judge(work, world);
    const { decision } = judgement;
    observer.onDecided(work, decision);
    chronicle.waiting(work, decision, inherited);
    if (decision.action === 'wait') {
      queue.withdraw(uid);
      this.#agenda.set(uid, nextLook(decision, world.now));
    } else if (!work.stopped) {
      // The watch tells when the pods that ran are gone: until then it would run twice.
      queue.withdraw(uid);
      this.#agenda.set(uid, instant(world.now + STOPPING_MS));
      if (world.now >= decision.until) observer.onStopping(work);
    } else {
      const { reason, region, until } = decision;
      queue.offer({ work, judgement, reason, region, until, since: AT_ITS_END.has(reason) ? until : since });
      // The queue knows its end, and when to try again.
      this.#agenda.delete(uid);
    }
  }

  #tellStaggered({ now }: World, inherited: boolean): void {
    const { queue, chronicle } = this.#options;
    for (const [{ work, judgement }, slot] of queue.staggered()) {
      const expected = instant(Math.max(now, slot));
      const waits = { ...judgement.decision, action: 'wait', reason: 'release-staggered', expected } as const;
      chronicle.waiting(work, waits, inherited);
    }
  }
}
