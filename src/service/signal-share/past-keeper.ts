import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import { reasonOf } from '../../kubernetes/errors.ts';
import type { HistoryCodec } from './history-codec.ts';
import type { ShareObserver } from './observer.ts';
import type { SharedPast } from './ports.ts';
import { withoutContents, writtenAt } from './published-set.ts';
import type { Published, PublishedSet } from './published-set.ts';

interface PastKeeperOptions {
  readonly past: SharedPast;
  /** Null: it is shared with nobody. */
  readonly set: PublishedSet | null;
  readonly codec: HistoryCodec;
  readonly now: () => Instant;
  readonly observer: ShareObserver;
  /** Called when work in the background has ended. */
  readonly onEnded: () => void;
}

const HOUR = 3_600_000;
/** Until the first time, and the next where nothing is known yet. */
const FIRST = HOUR / 6;
/** Between two gatherings, whatever is due. */
const SHORTEST_PAUSE = 5_000;

/** What is done in the background; null: nothing. */
interface Running {
  gathering: Promise<void> | null;
  keeping: Promise<void> | null;
}

/** Has the past gathered while this replica leads, and hands it on once an hour, both in the background. */
export class PastKeeper {
  readonly #options: PastKeeperOptions;
  #before: Published | null = null;
  /** When it is next to be published. */
  #next: Instant;
  #read = false;
  #gatherFrom = instant(0);
  readonly #running: Running = { gathering: null, keeping: null };

  constructor(options: PastKeeperOptions) {
    this.#options = options;
    this.#next = instant(options.now() + FIRST);
  }

  /** Goes on from what a predecessor knew, before anything is gathered; that it cannot be read stops nobody. */
  begin(signal: AbortSignal): void {
    const { set } = this.#options;
    if (set === null) return;
    this.#inBackground(
      'gathering',
      this.#guarded(signal, () => this.#inherit(set, signal)),
    );
  }

  /** Requests that gathering may take now, by source id. */
  due(): ReadonlyMap<string, number> {
    return this.#gatherDueAt() > this.#options.now() ? new Map() : this.#options.past.due();
  }

  /** When there is something to do; null: not before something changes. */
  nextDue(): Instant | null {
    const keepDueAt = this.#running.keeping === null && this.#options.set !== null ? this.#next : Infinity;
    const next = Math.min(this.#gatherDueAt(), keepDueAt);
    return next === Infinity ? null : instant(next);
  }

  /** Begins what is due. */
  go(signal: AbortSignal): void {
    const { past, set, now } = this.#options;
    if (this.#gatherDueAt() <= now()) {
      this.#gatherFrom = instant(now() + SHORTEST_PAUSE);
      this.#inBackground('gathering', past.gather(signal));
    }
    if (set === null || this.#running.keeping !== null || now() < this.#next) return;
    this.#next = instant(now() + HOUR);
    this.#inBackground(
      'keeping',
      this.#guarded(signal, () => this.#keep(set, signal)),
    );
  }

  /** Resolves when nothing runs any more. */
  async ended(): Promise<void> {
    await Promise.allSettled(Object.values(this.#running));
  }

  /** Never while one runs. */
  #gatherDueAt(): number {
    if (this.#running.gathering !== null) return Infinity;
    return Math.max(this.#options.past.nextDue() ?? Infinity, this.#gatherFrom);
  }

  #inBackground(what: keyof Running, work: Promise<void>): void {
    this.#running[what] = work.finally(() => {
      this.#running[what] = null;
      this.#options.onEnded();
    });
  }

  async #guarded(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // Of what was not answered nobody knows whether it came through: it is read before the next time.
      this.#read = false;
      if (!signal.aborted) this.#options.observer.onTrouble('past-not-kept', reasonOf(error));
    }
  }

  async #inherit(set: PublishedSet, signal: AbortSignal): Promise<void> {
    const { past, codec, now, observer } = this.#options;
    const opened = await set.read(signal);
    this.#before = withoutContents(opened);
    this.#read = true;
    if (opened === null) return;
    const { value: history, problem } = await codec.decode(opened.payload);
    if (history === null) {
      observer.onTrouble('unreadable', `${set.name}: ${opened.problem ?? problem}`);
      return;
    }
    past.adopt(history);
    this.#next = instant(Math.min(writtenAt(opened) ?? 0, now()) + HOUR);
  }

  async #keep(set: PublishedSet, signal: AbortSignal): Promise<void> {
    const { past, codec, now, observer } = this.#options;
    if (!this.#read) await this.#inherit(set, signal);
    const history = past.state();
    this.#next = instant(now() + (history.pasts.length === 0 ? FIRST : HOUR));
    if (history.pasts.length === 0) return;
    this.#before = await set.write({ payload: await codec.encode(history), notes: {} }, this.#before, signal);
    this.#read = this.#before !== null;
    if (this.#before === null) observer.onTrouble('conflict', `${set.name} was written by somebody else`);
    else await set.sweep(this.#before, signal);
  }
}
