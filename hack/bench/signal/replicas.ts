import type { Wanted } from '../../../src/carbon/types.ts';
import { instant } from '../../../src/carbon/units.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import { planAside, planned, setAside } from '../../../src/service/signal-share/set-aside.ts';
import type { ChainObserver } from '../../../src/sources/chain/observer.ts';
import type { SourceMeter } from '../../../src/sources/chain/meter.ts';
import { ProviderChain } from '../../../src/sources/chain/provider-chain.ts';
import type { ChainState } from '../../../src/sources/chain/state.ts';
import { openSources } from './grid-world.ts';
import type { Backends } from './grid-world.ts';
import type { Tally } from './tally.ts';

const MINUTE = 60_000;
/** Until another replica holds the Lease. */
const TAKEOVER = 15_000;
const PAUSE = 1_000;

/** A clock that is moved by hand. */
export class HandClock {
  at: Instant;

  constructor(start: Instant) {
    this.at = start;
  }

  readonly now = (): Instant => this.at;
}

interface Replica {
  readonly chain: ProviderChain;
  readonly meters: ReadonlyMap<string, SourceMeter>;
}

interface RunOptions {
  readonly backends: Backends;
  readonly clock: HandClock;
  readonly wanted: Wanted;
  readonly replicas: number;
  /** Moments at which the leader dies in the middle of a round, after it has set requests aside. */
  readonly deaths: readonly Instant[];
  readonly tally: Tally;
}

/** Runs a chain as `serve` does, by one replica alone or several of which one asks, and looks once a minute. */
export class SignalRun {
  readonly #options: RunOptions;
  #published: ChainState | null = null;
  #leader: Replica;
  #nextLook: Instant;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#leader = this.#start();
    this.#nextLook = instant(options.clock.at + MINUTE);
  }

  async until(end: Instant): Promise<void> {
    const { clock, deaths } = this.#options;
    const ahead = [...deaths];
    while (clock.at < end) {
      const { chain } = this.#leader;
      const next = instant(Math.max(chain.nextDue() ?? end, clock.at + PAUSE));
      this.#passTo(instant(Math.min(next, end)));
      const dies = ahead[0] !== undefined && clock.at >= ahead[0];
      if (dies) ahead.shift();
      await this.#turn(dies);
    }
    await this.#leader.chain.close();
  }

  /** What it sets aside stands in what is published before it is sent. */
  async #turn(dies: boolean): Promise<void> {
    const { chain, meters } = this.#leader;
    const state = chain.state();
    const aside = planAside(chain.due(), meters);
    this.#published = { ...state, sources: planned(state.sources, aside) };
    setAside(aside, meters);
    if (!dies) {
      await chain.round(new AbortController().signal);
      this.#published = chain.state();
      return;
    }
    // Everything is sent, nothing of what came of it is published any more.
    await chain.round(new AbortController().signal);
    await chain.close();
    this.#passTo(instant(this.#options.clock.at + TAKEOVER));
    this.#leader = this.#start();
  }

  #start(): Replica {
    const { backends, replicas, wanted, clock } = this.#options;
    const sources = openSources(backends, SILENT, replicas > 1);
    let draw = 0;
    const random = (): number => ((draw += 1) * 0.618) % 1;
    const chain = new ProviderChain({ sources, now: clock.now, random, observer: SILENT });
    chain.useZones(backends.regions.zones);
    chain.wanted(wanted);
    if (this.#published !== null) chain.adopt(this.#published);
    return { chain, meters: new Map(sources.map(({ provider, meter }) => [provider.id, meter])) };
  }

  #passTo(moment: Instant): void {
    const { clock, tally, wanted } = this.#options;
    while (this.#nextLook <= moment) {
      clock.at = this.#nextLook;
      tally.look(this.#leader.chain, wanted, clock.at);
      this.#nextLook = instant(this.#nextLook + MINUTE);
    }
    clock.at = moment;
  }
}

const SILENT: ChainObserver = {
  onCall: () => undefined,
  onReport: () => undefined,
  onCircuit: () => undefined,
  onBudget: () => undefined,
};
