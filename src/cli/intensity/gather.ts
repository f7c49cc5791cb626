import type { ZoneReport } from '../../carbon/report.ts';
import type { Signal } from '../../carbon/types.ts';
import type { Instant, Zone } from '../../carbon/units.ts';
import type { Policy } from '../../policy/types.ts';
import type { Clock } from '../../service/clock.ts';
import { SignalKeeper } from '../../service/signal-keeper.ts';
import type { ChainObserver } from '../../sources/chain/observer.ts';
import { ProviderChain } from '../../sources/chain/provider-chain.ts';
import type { ChainSource } from '../../sources/chain/source.ts';
import type { ReadOnce } from '../sources/signal-sources.ts';
import { Failures } from './failures.ts';
import type { Trouble } from './failures.ts';
import { OwnPast } from './own-past.ts';

/** Everything that one look at the sources told. */
export interface Gathered {
  readonly signal: Signal;
  readonly reports: readonly ZoneReport[];
  readonly troubles: readonly Trouble[];
}

/** The sources as they were opened, in order of preference. */
export interface OpenedSources extends ReadOnce {
  readonly providers: readonly ChainSource[];
}

interface FeedOptions {
  readonly sources: OpenedSources;
  /** With the regions that were asked about. */
  readonly policy: Policy;
  readonly zones: readonly Zone[];
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  /** Whether forecasts of our own are made where a provider has none. */
  readonly ownForecast: boolean;
}

const MOST_ROUNDS = 3;
const IGNORED = (): void => undefined;
/** Metrics and logs are the service's. */
export const UNOBSERVED: ChainObserver = { onCall: IGNORED, onReport: IGNORED, onCircuit: IGNORED, onBudget: IGNORED };

/** Asks the sources, round by round. */
export class IntensityFeed {
  readonly #chain: ProviderChain;
  readonly #failures = new Failures();
  readonly #keeper: SignalKeeper;
  readonly #options: FeedOptions;
  readonly #past: OwnPast | null;

  constructor(options: FeedOptions) {
    const { sources, policy, zones, clock, random, ownForecast } = options;
    const now = (): Instant => clock.now();
    this.#options = options;
    this.#past = ownForecast ? new OwnPast({ now, random }) : null;
    this.#chain = new ProviderChain({
      sources: sources.providers.map((source) => this.#failures.listenTo(source)),
      ...{ now, random },
      observer: UNOBSERVED,
    });
    this.#past?.complete(this.#chain);
    this.#chain.useZones(zones);
    this.#chain.wanted({ kind: policy.scheduler.signal, factor: policy.scheduler.emissionFactor });
    const all = [...sources.before, () => this.#chain, ...sources.after];
    this.#keeper = new SignalKeeper({ clock, sources: all, policy, onSwap: IGNORED });
  }

  /** Asks whoever is due, and tells what is known then. */
  async round(signal: AbortSignal): Promise<Gathered> {
    await this.#ask(signal);
    await this.#past?.learn(signal);
    this.#keeper.refresh();
    const { reports, failures } = this.#chain.state();
    return { signal: this.#keeper.current(), reports, troubles: this.#failures.explain(failures) };
  }

  /** Again where zones are still due: those that stood behind a provider's first failure. */
  async #ask(signal: AbortSignal): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS && !signal.aborted; round += 1) {
      await this.#chain.round(signal);
      const due = this.#chain.nextDue();
      if (due === null || due > this.#options.clock.now()) return;
    }
  }

  async close(): Promise<void> {
    this.#keeper.close();
    this.#past?.close();
    await this.#chain.close();
  }
}
