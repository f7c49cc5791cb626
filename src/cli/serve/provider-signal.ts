import type { Logger } from 'pino';
import { fitInSteps } from '../../carbon/forecast/forecaster.ts';
import { OWN_HORIZON } from '../../carbon/forecast/own.ts';
import type { Series } from '../../carbon/forecast/series.ts';
import type { Fitting } from '../../carbon/forecast/types.ts';
import type { ApiAccess } from '../../kubernetes/api-get.ts';
import type { Policy } from '../../policy/types.ts';
import type { Clock } from '../../service/clock.ts';
import type { LogLimit } from '../../service/limited-log.ts';
import type { Metrics } from '../../service/metrics/metrics.ts';
import { ProviderObserver } from '../../service/provider-observer.ts';
import type { SourceOf } from '../../service/signal-keeper.ts';
import { ProviderChain } from '../../sources/chain/provider-chain.ts';
import { OwnForecasts } from '../../sources/own-forecast/own-forecasts.ts';
import type { PastKey } from '../../sources/own-forecast/zone-forecast.ts';
import { readRegionsTable } from '../../sources/regions/client.ts';
import { configMapReader } from '../sources/config-map-reader.ts';
import { providersOf } from '../sources/config.ts';
import type { ProviderConfig } from '../sources/config.ts';
import { openProviders } from '../sources/open.ts';
import { chainSource } from '../sources/signal-sources.ts';
import { UsageError } from '../usage-error.ts';
import { ownIdentity } from './own-identity.ts';
import type { ServeOptions } from './options.ts';
import { ownNamespace } from './own-namespace.ts';
import { openSignalShare } from './signal/signal-share.ts';

/** What providers are asked with. */
export interface ProviderSignalParts {
  readonly access: ApiAccess | null;
  /** The policy in force. */
  readonly policy: () => Policy;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limit: LogLimit;
  readonly metrics: Metrics;
}

/** The configured providers as one source of the Signal, kept current by this replica or by another. */
export interface ProviderSignal {
  readonly sourceOf: SourceOf;
  /** Tells of everything new that providers said. */
  onChange(listener: () => void): void;
  /** Begins to ask, or to follow who does. */
  start(): void;
  /** Resolves when something is known, or when that takes longer than the service may wait. */
  readonly ready: () => Promise<unknown>;
  degraded(): readonly string[];
  close(): Promise<void>;
}

/**
 * Opens the configured providers; null: there are none.
 * @throws UsageError with a line for each credential that cannot be read.
 */
export async function openProviderSignal(
  options: ServeOptions,
  parts: ProviderSignalParts,
): Promise<ProviderSignal | null> {
  const configs = providersOf(options.sources);
  if (configs.length === 0) return null;
  const { access, policy, env, clock, metrics, log, limit } = parts;
  if (access === null) refuseConfigMaps(configs);
  const now = (): ReturnType<Clock['now']> => clock.now();
  const observer = new ProviderObserver({ metrics, log, limit });
  const readConfigMap = configMapReader(() => Promise.resolve(access));
  const sources = await openProviders(configs, {
    ...{ env, now, monotonic: () => clock.monotonic(), observer, policy, readConfigMap },
    table: readRegionsTable(),
    reserved: access !== null,
  });
  const chain = new ProviderChain({ sources, now, random: Math.random, observer });
  const past = options.signal.ownForecast ? openForecasts(chain, { now, log }) : null;
  let share: ReturnType<typeof openSignalShare> | null = null;
  return {
    sourceOf: chainSource(chain),
    onChange: (listener) => {
      chain.onChange(oncePerTurn(listener));
    },
    start: () => {
      const { lease } = options.signal;
      const identity = options.gatekeeper.identity ?? ownIdentity(env);
      const place = { namespace: ownNamespace(options, env), lease, identity };
      const { refresh } = policy().scheduler;
      share ??= openSignalShare({ ...place, refresh }, { access, chain, sources, past, clock, metrics, log, limit });
    },
    ready: () => Promise.resolve(share?.ready),
    degraded: () => share?.degraded() ?? [],
    close: async () => {
      await share?.close();
      past?.close();
      await chain.close();
    },
  };
}

function refuseConfigMaps(configs: readonly ProviderConfig[]): void {
  if (!configs.some(({ key }) => key === 'azureConfigMap')) return;
  throw new UsageError(['sources: azureConfigMap: is read from the cluster: give --kubeconfig in place of --nodes']);
}

/** A round changes zone after zone; who listens is told once of what changed together. */
function oncePerTurn(listener: () => void): () => void {
  let pending = false;
  return () => {
    if (pending) return;
    pending = true;
    setImmediate(() => {
      pending = false;
      listener();
    });
  };
}

function openForecasts(
  chain: ProviderChain,
  { now, log }: { readonly now: () => ReturnType<Clock['now']>; readonly log: Logger },
): OwnForecasts {
  const fit = (history: Series): Fitting => fitInSteps(history, OWN_HORIZON);
  const onTrouble = ({ source, zone }: PastKey, err: unknown): void => {
    log.error({ source, zone, err }, 'no forecast of our own: its model cannot be fitted');
  };
  const forecasts = new OwnForecasts({ fit, now, random: Math.random, defer: setImmediate, onTrouble });
  chain.enrich(forecasts.enricher());
  forecasts.onFitted((zone) => {
    chain.enrichAgain(zone);
  });
  return forecasts;
}
