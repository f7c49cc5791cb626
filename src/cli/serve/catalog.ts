import type { Logger } from 'pino';
import type { ApiAccess } from '../../kubernetes/api-get.ts';
import { KubernetesError } from '../../kubernetes/errors.ts';
import { MutableNodeCatalog } from '../../kubernetes/node-catalog.ts';
import { NodeWatch } from '../../kubernetes/node-watch.ts';
import { readNodesFile } from '../../kubernetes/nodes-file.ts';
import type { WatchObserver } from '../../kubernetes/watch-observer.ts';
import type { Metrics } from '../../service/metrics/metrics.ts';
import { UsageError } from '../usage-error.ts';
import type { ServeOptions } from './options.ts';

/** The nodes that decisions look up. */
export interface OpenCatalog {
  readonly catalog: MutableNodeCatalog;
  /** Whether the catalogue has been complete once. */
  synced(): boolean;
  /** Whether changes of nodes arrive. */
  connected(): boolean;
  /** Resolves when the catalogue is first complete, or was closed before that. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

interface CatalogOptions {
  readonly options: Pick<ServeOptions, 'cluster' | 'regionLabel'>;
  /** Null: the nodes come from a file. */
  readonly access: ApiAccess | null;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Opens the node catalogue: from a file, or from a watch on the cluster.
 * @throws UsageError where the file cannot be used.
 */
export async function openCatalog(options: CatalogOptions): Promise<OpenCatalog> {
  const { nodes } = options.options.cluster;
  if (options.access !== null) return watched(options.access, options);
  try {
    return await fromFile(nodes ?? '', options);
  } catch (error) {
    if (error instanceof KubernetesError && !error.retryable) throw new UsageError([error.message]);
    throw error;
  }
}

async function fromFile(file: string, { options, metrics, log }: CatalogOptions): Promise<OpenCatalog> {
  const { catalog, ignored } = await readNodesFile(file, options.regionLabel);
  if (ignored > 0) log.warn({ file, ignored }, 'entries of the nodes file are no nodes');
  metrics.catalogConnected.set(1);
  return {
    catalog,
    synced: () => true,
    connected: () => true,
    ready: Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

function watched(access: ApiAccess, { options, metrics, log }: CatalogOptions): OpenCatalog {
  const catalog = new MutableNodeCatalog();
  const state = new WatchState(metrics, log);
  const watch = new NodeWatch({ access, catalog, observer: state, regionLabel: options.regionLabel });
  return {
    catalog,
    synced: () => state.synced,
    connected: () => state.connected,
    ready: watch.start(),
    close: () => watch.stop(),
  };
}

/** What is known of the watch, told to metrics and log. */
class WatchState implements WatchObserver {
  synced = false;
  connected = false;
  readonly #metrics: Metrics;
  readonly #log: Logger;

  constructor(metrics: Metrics, log: Logger) {
    this.#metrics = metrics;
    this.#log = log;
    metrics.catalogConnected.set(0);
  }

  onSynced(nodes: number): void {
    this.synced = true;
    this.#log.info({ nodes }, 'node catalogue complete');
  }

  onConnected(): void {
    this.connected = true;
    this.#metrics.catalogConnected.set(1);
    this.#log.info('node watch connected');
  }

  onDisconnected(reason: string, detail: string): void {
    this.connected = false;
    this.#metrics.catalogConnected.set(0);
    this.#metrics.catalogDisconnects.inc({ reason });
    this.#log.warn({ reason, detail }, 'node watch lost, last known nodes kept');
  }
}
