import { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import type { Region } from '../../carbon/units.ts';
import type { PooledKubeConfig } from '../../kubernetes/pooled-config.ts';
import type { World } from '../../placement/facts.ts';
import type { Policy } from '../../policy/types.ts';
import type { Clock } from '../../service/clock.ts';
import type { LogLimit } from '../../service/limited-log.ts';
import type { Metrics } from '../../service/metrics/metrics.ts';
import { recordPassing, recordSignal, signalDegraded } from '../../service/metrics/signal-metrics.ts';
import type { Readiness } from '../../service/operations.ts';
import { openPolicyFile } from '../../service/policy-keeper.ts';
import type { PolicyKeeper } from '../../service/policy-keeper.ts';
import { noticeLines, PolicyRefused } from '../../service/policy/refusal.ts';
import { SignalKeeper } from '../../service/signal-keeper.ts';
import { openReadOnce } from '../sources/signal-sources.ts';
import { UsageError } from '../usage-error.ts';
import { openAccess } from './access.ts';
import { openCatalog } from './catalog.ts';
import type { OpenCatalog } from './catalog.ts';
import type { ServeOptions } from './options.ts';
import { openProviderSignal } from './provider-signal.ts';
import type { ProviderSignal } from './provider-signal.ts';

interface InputContext {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly limit: LogLimit;
}

/** What changed of the inputs. */
export type InputChange = 'signal' | 'policy' | 'nodes';

/** Everything that decisions rest on, kept current in memory. */
export interface Inputs {
  gather(): World;
  /** The cluster; null where a file stands in for its nodes. */
  readonly access: PooledKubeConfig | null;
  /** Tells the listener of every change, after it is in force. */
  onChange(listener: (change: InputChange) => void): void;
  /** Where a node stands; null without a region label, undefined where the node is not known. */
  regionOf(node: string): Region | null | undefined;
  readiness(): Readiness;
  beforeScrape(): void;
  /** Resolves when the node catalogue is first complete, and providers have said something or had their time. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens policy, signal and node catalogue.
 * @throws UsageError for what the caller can mend.
 */
export async function openInputs(options: ServeOptions, context: InputContext): Promise<Inputs> {
  const { clock, log, metrics } = context;
  const policies = await openPolicy(options.policy, context);
  const policy = (): Policy => policies.current().policy;
  const start = clock.now();
  if (options.sources.length === 0) log.warn('no carbon source configured: every intensity is unknown');
  const { before, after } = await openReadOnce(options.sources, policy(), start);
  const access = await openAccess(options, context.env);
  const providers = await openProviderSignal(options, { ...context, access, policy });
  const nodes = await openCatalog({ options, access, ...context });
  const changes = new EventEmitter<{ change: [InputChange] }>();
  const signals = new SignalKeeper({
    clock,
    sources: [...before, ...(providers === null ? [] : [providers.sourceOf]), ...after],
    policy: policy(),
    onSwap: (signal) => {
      recordSignal(metrics, signal, policy());
      log.info({ signal: signal.generation, zones: signal.zones.size }, 'signal changed');
      changes.emit('change', 'signal');
    },
  });
  providers?.onChange(() => {
    signals.refresh();
  });
  providers?.start();
  policies.onChange(({ policy }) => {
    signals.usePolicy(policy);
    changes.emit('change', 'policy');
  });
  nodes.catalog.onRevision(() => {
    changes.emit('change', 'nodes');
  });
  return inputsOf({ access, policies, signals, providers, nodes, changes, clock, metrics });
}

interface Parts {
  readonly access: PooledKubeConfig | null;
  readonly policies: PolicyKeeper;
  readonly signals: SignalKeeper;
  readonly providers: ProviderSignal | null;
  readonly nodes: OpenCatalog;
  readonly changes: EventEmitter<{ change: [InputChange] }>;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

function inputsOf({ access, policies, signals, providers, nodes, changes, clock, metrics }: Parts): Inputs {
  return {
    access,
    onChange: (listener) => {
      changes.on('change', listener);
    },
    regionOf: (node) => nodes.catalog.regionOf(node),
    gather: () => {
      const { policy, generation } = policies.current();
      // Read once: a boundary between two readings would make every value of the Signal look stale.
      const now = clock.now();
      return {
        policy,
        policyGeneration: generation,
        signal: signals.current(now),
        catalog: nodes.catalog,
        now,
      };
    },
    readiness: () => readinessOf({ nodes, providers, signals, policies }),
    beforeScrape: () => {
      const now = clock.now();
      recordPassing(metrics, signals.current(now), { policy: policies.current().policy, now });
      metrics.catalogNodes.set(nodes.catalog.size);
    },
    ready: Promise.all([nodes.ready, providers?.ready()]).then(() => undefined),
    close: async () => {
      policies.close();
      signals.close();
      await providers?.close();
      await nodes.close();
      await access?.close();
    },
  };
}

function readinessOf({
  nodes,
  providers,
  signals,
  policies,
}: Pick<Parts, 'nodes' | 'providers' | 'signals' | 'policies'>): Readiness {
  return {
    problems: nodes.synced() ? [] : ['the node catalogue is not complete yet'],
    degraded: [
      ...(nodes.connected() ? [] : ['the node watch is not connected, last known nodes kept']),
      ...signalDegraded(signals.current(), policies.current().policy),
      ...(providers?.degraded() ?? []),
    ],
  };
}

async function openPolicy(file: string, { log, metrics }: InputContext): Promise<PolicyKeeper> {
  const observer = {
    onLoaded: (generation: number) => {
      metrics.policyGeneration.set(generation);
    },
    onRefused: (reason: string) => {
      metrics.policyRefused.inc({ reason });
    },
  };
  try {
    return await openPolicyFile({ file, log, observer });
  } catch (error) {
    if (error instanceof PolicyRefused) throw new UsageError(noticeLines(file, error.notices));
    throw error;
  }
}
