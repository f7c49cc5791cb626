import type { SignalAges } from '../../carbon/report.ts';
import type { Millis, Zone } from '../../carbon/units.ts';
import type { Provider } from '../provider.ts';
import type { SourceMeter } from './meter.ts';

/** One link of the chain: a provider, with everything that the configuration says about how it is used. */
export interface ChainSource {
  readonly provider: Provider;
  /** What the provider calls a zone; null: it has no name for it, or regions that share the zone disagree on one. */
  readonly nameOf: (zone: Zone) => string | null;
  /** `soft` above `refresh`, so that a value is still fresh while the next is fetched. */
  readonly ages: SignalAges;
  /** Not asked for one zone more often than this. */
  readonly refresh: Millis;
  /** Counts its requests, and says when there may be no more; what its exchange is metered by. */
  readonly meter: SourceMeter;
  /** Requests that one report may take, for planning. */
  readonly requestsPerReport: number;
  /** How long one report may take, whatever the provider does about its own time; by default 30 s. */
  readonly patience?: Millis;
}
