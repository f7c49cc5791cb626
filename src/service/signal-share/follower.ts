import { instant, millis } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { ConfigMap } from '../../kubernetes/config-map.ts';
import { reasonOf } from '../../kubernetes/errors.ts';
import type { ResourceSink } from '../../kubernetes/resource.ts';
import type { ChainState } from '../../sources/chain/state.ts';
import type { Timing } from '../gatekeeper/ports.ts';
import { decodeSources } from './codec.ts';
import type { DecodedState, StateCodec } from './codec.ts';
import { manifestOf } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { ShareObserver } from './observer.ts';
import type { SharedChain } from './ports.ts';
import { SOURCES_KEY, tells } from './publisher.ts';
import type { PublishedSet } from './published-set.ts';
import { sane } from './sane.ts';

interface FollowerOptions {
  readonly chain: SharedChain;
  readonly set: PublishedSet;
  readonly codec: StateCodec;
  readonly timing: Timing;
  readonly observer: ShareObserver;
  /** Whether this replica leads: then it publishes, and takes nothing. */
  readonly leads: () => boolean;
  /** Told of every version that stands there; null: none does. */
  readonly onVersion: (version: string | null) => void;
}

/** Until parts that could not be read are tried again. */
const RETRY = millis(2_000);

/** Takes what a leader publishes, the newest alone where they come faster than they are read. */
export class Follower implements ResourceSink<ConfigMap> {
  readonly #options: FollowerOptions;
  readonly #first = Promise.withResolvers<undefined>();
  readonly #ending = new AbortController();
  /** As the watch has it; null: there is none. */
  #head: ConfigMap | null = null;
  /** Still to be taken. */
  #next: ConfigMap | null = null;
  #taking: Promise<void> | null = null;
  #cancelRetry: () => void = () => undefined;
  /** The payload that was taken last, by its checksum: most versions differ in budgets alone. */
  #taken: { readonly sha256: string; readonly state: ChainState } | null = null;
  #writtenAt: Instant | null = null;
  #problem: string | null = null;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Resolves when a state that tells of anything has been taken. */
  get first(): Promise<undefined> {
    return this.#first.promise;
  }

  /** When what was seen last was published, by the leader's clock; null: nothing was seen. */
  get writtenAt(): Instant | null {
    return this.#writtenAt;
  }

  /** Why what is published cannot be used; null: it can. */
  get problem(): string | null {
    return this.#problem;
  }

  replace(all: Parameters<ResourceSink<ConfigMap>['replace']>[0]): void {
    const [found] = all;
    if (found === undefined) this.remove();
    else this.put(found.key, found.value);
  }

  put(_key: string, head: ConfigMap): void {
    this.#head = head;
    this.#options.onVersion(head.resourceVersion);
    if (!this.#options.leads()) this.#take(head);
  }

  remove(): void {
    this.#head = null;
    this.#next = null;
    this.#options.onVersion(null);
  }

  /** This replica leads no more: what stands there counts again. */
  follow(): void {
    if (this.#head !== null) this.#take(this.#head);
  }

  /** Resolves when nothing runs any more. */
  async end(): Promise<void> {
    this.#ending.abort();
    this.#next = null;
    this.#cancelRetry();
    await this.#taking;
  }

  #take(head: ConfigMap): void {
    if (this.#ending.signal.aborted) return;
    this.#next = head;
    this.#taking ??= this.#takeAll().finally(() => {
      this.#taking = null;
    });
  }

  async #takeAll(): Promise<void> {
    for (let head = this.#next; head !== null; head = this.#next) {
      this.#next = null;
      this.#cancelRetry();
      try {
        await this.#takeOne(head);
      } catch (error) {
        this.#failed(head, error);
      }
    }
  }

  async #takeOne(head: ConfigMap): Promise<void> {
    const { chain, observer, timing } = this.#options;
    const { value: manifest } = manifestOf(head);
    const { state, problem } = await this.#stateOf(head, manifest);
    // While its parts were read another has come, or this replica has begun to lead.
    if (this.#next !== null || this.#options.leads()) return;
    if (manifest !== null) this.#writtenAt = instant(Date.parse(manifest.writtenAt));
    if (problem !== null && problem !== this.#problem) observer.onTrouble('unreadable', problem);
    this.#problem = problem;
    if (state === null) return;
    this.#taken = manifest !== null && problem === null ? { sha256: manifest.sha256, state } : null;
    chain.adopt(sane(state, timing.now()));
    observer.onAdopted(state.reports.length, state.takenAt);
    if (tells(state)) this.#first.resolve(undefined);
  }

  async #stateOf(head: ConfigMap, manifest: Manifest | null): Promise<DecodedState> {
    const { set, codec } = this.#options;
    const taken = this.#taken;
    if (taken === null || manifest?.sha256 !== taken.sha256) {
      const opened = await set.open(head, this.#ending.signal);
      const decoded = await codec.decode({ payload: opened.payload, sources: opened.notes[SOURCES_KEY] ?? null });
      return { state: decoded.state, problem: opened.problem ?? decoded.problem };
    }
    const { value, problem } = decodeSources(head.data[SOURCES_KEY] ?? null);
    return { state: { ...taken.state, sources: value ?? [] }, problem };
  }

  /** What was taken before stays; unless something newer comes it is tried again. */
  #failed(head: ConfigMap, error: unknown): void {
    const { observer, timing } = this.#options;
    if (this.#ending.signal.aborted) return;
    this.#problem = reasonOf(error);
    observer.onTrouble('not-read', this.#problem);
    this.#cancelRetry = timing.after(RETRY, () => {
      if (this.#head === head && !this.#options.leads()) this.#take(head);
    });
  }
}
