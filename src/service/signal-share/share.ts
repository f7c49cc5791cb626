import { setImmediate as nextTurn } from 'node:timers/promises';
import { millis } from '../../carbon/units.ts';
import type { Millis } from '../../carbon/units.ts';
import type { WatchObserver } from '../../kubernetes/watch-observer.ts';
import type { Timing } from '../gatekeeper/ports.ts';
import { StateCodec } from './codec.ts';
import { Follower } from './follower.ts';
import { HistoryCodec } from './history-codec.ts';
import { Leadership } from './leadership.ts';
import type { Breathe } from './lines.ts';
import type { ShareObserver, ShareRole } from './observer.ts';
import { PastKeeper } from './past-keeper.ts';
import type { HeadWatch, Meters, OpenHeadWatch, SharedChain, SharedPast } from './ports.ts';
import { Publisher } from './publisher.ts';
import type { PublishedSet } from './published-set.ts';
import { Sharing } from './sharing.ts';

/** What replicas share by. */
export interface SharedSets {
  readonly state: PublishedSet;
  readonly past: PublishedSet;
  readonly watch: OpenHeadWatch;
}

interface SignalShareOptions {
  readonly chain: SharedChain;
  readonly meters: Meters;
  /** Null: no past is kept. */
  readonly past: SharedPast | null;
  /** Null: there is no cluster, so this replica is the only one. */
  readonly sets: SharedSets | null;
  readonly timing: Timing;
  readonly random: () => number;
  readonly observer: ShareObserver;
  /** How often providers are to be asked; a sign of life is published as often. */
  readonly refresh: Millis;
  /** How long the service waits for a first state. */
  readonly patience?: Millis;
  /** Lets everything else run while a large state is written or read. */
  readonly breathe?: Breathe;
}

export const READY_PATIENCE = millis(5_000);
/** Refreshes without a sign of life, after which what is published counts as old. */
const SILENT_REFRESHES = 3;

/**
 * One replica's part in the carbon signal. The leader asks the providers for all and publishes what they said; whoever
 * follows takes it. Whether it leads is decided elsewhere.
 */
export class SignalShare {
  readonly #options: SignalShareOptions;
  readonly #breathe: Breathe;
  readonly #codec: StateCodec;
  readonly #follower: Follower | null;
  readonly #watch: HeadWatch | null;
  readonly #ready = Promise.withResolvers<undefined>();
  readonly #cancelPatience: () => void;
  #leadership: Leadership | null = null;
  #watchLost = false;
  #stopped = false;

  constructor(options: SignalShareOptions) {
    const { sets, chain, timing } = options;
    this.#options = options;
    this.#breathe = options.breathe ?? (() => nextTurn());
    this.#codec = new StateCodec(this.#breathe);
    this.#follower = sets && this.#openFollower(sets.state);
    this.#watch = this.#follower && (sets?.watch(this.#follower, this.#watchObserver()) ?? null);
    this.#cancelPatience = timing.after(options.patience ?? READY_PATIENCE, () => {
      this.#ready.resolve(undefined);
    });
    chain.onChange(() => {
      this.#leadership?.changed();
    });
  }

  /** Resolves when there is a state to work with, or when that has taken too long: no provider may keep the service waiting. */
  get ready(): Promise<undefined> {
    return this.#ready.promise;
  }

  /** Begins: as follower, or alone where there is no cluster. */
  start(): void {
    void this.#follower?.first.then(() => {
      this.#ready.resolve(undefined);
    });
    void this.#watch?.start();
    this.#options.observer.onRole(this.#watch === null ? 'standalone' : 'follower');
    if (this.#watch === null) this.#lead(null);
  }

  /** This replica asks the providers from now on. */
  lead(): void {
    const { sets, observer } = this.#options;
    if (sets === null || this.#leadership !== null || this.#stopped) return;
    observer.onRole('leader');
    this.#lead(sets);
  }

  /** Another replica leads, or may: nothing is asked any more. Resolves when what was under way has ended. */
  async follow(): Promise<void> {
    const leadership = this.#leadership;
    if (leadership === null) return;
    this.#leadership = null;
    if (this.#watch !== null) this.#options.observer.onRole('follower');
    await leadership.end();
    if (this.role === 'follower') this.#follower?.follow();
  }

  /** Ends for good. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelPatience();
    this.#ready.resolve(undefined);
    await this.follow();
    await this.#watch?.stop();
    await this.#follower?.end();
  }

  get role(): ShareRole {
    if (this.#watch === null) return 'standalone';
    return this.#leadership === null ? 'follower' : 'leader';
  }

  /** What it goes without, a sentence each. */
  degraded(): readonly string[] {
    if (this.#leadership !== null) return this.#leadership.degraded();
    return this.#follower === null ? [] : [...this.#lost(), ...this.#readingTrouble(this.#follower)];
  }

  #lost(): readonly string[] {
    return this.#watchLost ? ['the watch on the carbon signal is not connected, what was last known stays'] : [];
  }

  #readingTrouble({ writtenAt, problem }: Follower): readonly string[] {
    const { refresh, timing } = this.#options;
    if (problem !== null) return [`the published carbon signal cannot be used: ${problem}`];
    if (writtenAt === null) return ['no replica has published a carbon signal yet'];
    const age = timing.now() - writtenAt;
    if (age <= SILENT_REFRESHES * refresh) return [];
    return [`the published carbon signal is ${Math.round(age / 1000)} s old: no replica asks the providers`];
  }

  #lead(sets: SharedSets | null): void {
    const { chain, timing } = this.#options;
    const past = this.#pastOf(sets);
    const leadership = new Leadership({ chain, timing, past, sharing: sets && this.#sharingOf(sets) });
    this.#leadership = leadership;
    leadership.begin();
    void leadership.firstRound.then(() => {
      this.#ready.resolve(undefined);
    });
  }

  #sharingOf(sets: SharedSets): Sharing {
    const { chain, meters, timing, random, observer, refresh } = this.#options;
    const common = { chain, meters, observer, now: () => timing.now() };
    const publisher = new Publisher({ ...common, codec: this.#codec, set: sets.state });
    return new Sharing({ ...common, publisher, random, heartbeat: refresh });
  }

  #pastOf(sets: SharedSets | null): ((onEnded: () => void) => PastKeeper) | null {
    const { past, timing, observer } = this.#options;
    if (past === null) return null;
    const set = sets?.past ?? null;
    const codec = new HistoryCodec(this.#breathe);
    return (onEnded) => new PastKeeper({ past, set, codec, observer, onEnded, now: () => timing.now() });
  }

  #openFollower(set: PublishedSet): Follower {
    const { chain, timing, observer } = this.#options;
    return new Follower({
      ...{ chain, timing, observer, set, codec: this.#codec },
      leads: () => this.#leadership !== null,
      onVersion: (version) => {
        this.#leadership?.noticed(version);
      },
    });
  }

  #watchObserver(): WatchObserver {
    return {
      onSynced: () => undefined,
      onConnected: () => {
        this.#watchLost = false;
      },
      onDisconnected: (code, detail) => {
        this.#watchLost = true;
        this.#options.observer.onTrouble('watch-lost', `${code}: ${detail}`);
      },
    };
  }
}
