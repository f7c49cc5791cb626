import type { Instant } from '../../carbon/units.ts';
import type { ConfigMap } from '../../kubernetes/config-map.ts';
import type { ResourceSink } from '../../kubernetes/resource.ts';
import type { WatchObserver } from '../../kubernetes/watch-observer.ts';
import type { SourceMeter } from '../../sources/chain/meter.ts';
import type { ChainState } from '../../sources/chain/state.ts';
import type { HistoryState } from '../../sources/own-forecast/state.ts';

/** What asks the providers, as far as replicas share it. */
export interface SharedChain {
  /** Requests that a round at this moment may take at most, by source id. */
  due(): ReadonlyMap<string, number>;
  /** Null: never. */
  nextDue(): Instant | null;
  /** Never rejects; ends early when aborted. */
  round(signal: AbortSignal): Promise<void>;
  state(): ChainState;
  adopt(state: ChainState): void;
  onChange(listener: () => void): void;
}

/** The past that forecasts of our own are made from. */
export interface SharedPast {
  /** Requests that gathering at this moment may take at most, by source id. */
  due(): ReadonlyMap<string, number>;
  /** Null: nothing is missing. */
  nextDue(): Instant | null;
  /** Asks providers for what is missing. Never rejects; ends early when aborted. */
  gather(signal: AbortSignal): Promise<void>;
  state(): HistoryState;
  adopt(state: HistoryState): void;
}

/** The meters that requests are counted by, by source id. */
export type Meters = ReadonlyMap<string, SourceMeter>;

/** Keeps a sink in step with the head of what is published. */
export interface HeadWatch {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Opens the watch; it is not started yet. */
export type OpenHeadWatch = (sink: ResourceSink<ConfigMap>, observer: WatchObserver) => HeadWatch;
