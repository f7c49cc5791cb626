import type { Logger } from 'pino';
import type { Millis } from '../../../carbon/units.ts';
import type { ApiAccess } from '../../../kubernetes/api-get.ts';
import { clusterConfigMaps, configMapResource } from '../../../kubernetes/config-map.ts';
import { ResourceWatch } from '../../../kubernetes/resource-watch.ts';
import { CLUSTER_TIMING } from '../../../kubernetes/watch-timing.ts';
import type { Clock } from '../../../service/clock.ts';
import { systemTiming } from '../../../service/gatekeeper/timing.ts';
import type { LogLimit } from '../../../service/limited-log.ts';
import type { ProviderMetrics } from '../../../service/metrics/provider-metrics.ts';
import { GZIP } from '../../../service/signal-share/compression.ts';
import { LoggingShareObserver } from '../../../service/signal-share/observer.ts';
import type { SharedChain, SharedPast } from '../../../service/signal-share/ports.ts';
import { PublishedSet } from '../../../service/signal-share/published-set.ts';
import { SignalShare } from '../../../service/signal-share/share.ts';
import type { SharedSets } from '../../../service/signal-share/share.ts';
import type { ChainSource } from '../../../sources/chain/source.ts';
import { openLease } from '../lease.ts';
import type { LeaseOptions } from '../options.ts';

/** Where and how replicas share the signal. */
export interface SignalShareOptions {
  /** Whose Lease and ConfigMaps they are; the names of the latter begin with the Lease's. */
  readonly namespace: string;
  readonly lease: LeaseOptions;
  /** Unique to this process. */
  readonly identity: string;
  /** How often providers are to be asked. */
  readonly refresh: Millis;
  /** Bytes of payload in one ConfigMap; half a megabyte unless given. */
  readonly maxBytes?: number;
}

/** What the share works with. */
export interface SignalShareParts {
  /** Null: there is no cluster, this replica asks for itself. */
  readonly access: ApiAccess | null;
  readonly chain: SharedChain;
  /** Those of the chain; with a cluster their meters send only what was set aside (`reserved`). */
  readonly sources: readonly Pick<ChainSource, 'provider' | 'meter'>[];
  /** Null: no forecasts of our own are made. */
  readonly past: SharedPast | null;
  readonly clock: Clock;
  readonly metrics: Pick<ProviderMetrics, 'signalLeader' | 'signalShareTrouble'>;
  readonly log: Logger;
  readonly limit: LogLimit;
}

/** The share, at work. */
export interface OpenSignalShare {
  /** Resolves when there is a first state, or when that takes longer than the service may wait. */
  readonly ready: Promise<unknown>;
  /** What it goes without, a sentence each. */
  degraded(): readonly string[];
  close(): Promise<void>;
}

/** A connection that died without a word is given up after 50 s at most: the others' readings age meanwhile. */
const HEAD_TIMING = { ...CLUSTER_TIMING, watchSeconds: 20, watchGrace: 10_000 };

/** Has one replica ask the providers for all, over a Lease and ConfigMaps; without a cluster, this one. */
export function openSignalShare(options: SignalShareOptions, parts: SignalShareParts): OpenSignalShare {
  const { access, chain, sources, past, clock, metrics, log, limit } = parts;
  const share = new SignalShare({
    ...{ chain, past, refresh: options.refresh, random: Math.random },
    meters: new Map(sources.map(({ provider, meter }) => [provider.id, meter])),
    sets: access && setsOf(options, access, clock),
    timing: systemTiming(clock),
    observer: new LoggingShareObserver({ metrics, log, limit }),
  });
  share.start();
  const { namespace, identity } = options;
  const lease =
    access &&
    openLease(
      options.lease,
      { access, namespace, identity, log, limit },
      {
        onStarted: () => {
          share.lead();
        },
        onStopped: () => share.follow(),
      },
    );
  lease?.start();
  return {
    ready: share.ready,
    degraded: () => share.degraded(),
    close: async () => {
      await lease?.stop();
      await share.stop();
    },
  };
}

function setsOf(
  { namespace, lease, identity, maxBytes }: SignalShareOptions,
  access: ApiAccess,
  clock: Clock,
): SharedSets {
  const common = {
    store: clusterConfigMaps(access, namespace),
    writer: identity,
    now: () => clock.now(),
    compression: GZIP,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  };
  const resource = configMapResource(namespace, lease.name);
  return {
    state: new PublishedSet({ ...common, name: lease.name }),
    past: new PublishedSet({ ...common, name: `${lease.name}-history` }),
    watch: (sink, observer) => new ResourceWatch({ access, resource, sink, observer, timing: HEAD_TIMING }),
  };
}
