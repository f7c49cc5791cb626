import type { Logger } from 'pino';
import { KubernetesError } from '../../kubernetes/errors.ts';
import { MutableNodeCatalog } from '../../kubernetes/node-catalog.ts';
import { readNodesFile } from '../../kubernetes/nodes-file.ts';
import type { NodeWatchObserver } from '../../kubernetes/watch-observer.ts';
import type { NodeCatalog } from '../../placement/types.ts';
import type { Metrics } from '../../service/metrics/metrics.ts';
import { clusterSource } from '../cluster-source.ts';
import { UsageError } from '../usage-error.ts';
import type { ServeOptions } from './options.ts';

/** The nodes that decisions look up. */
export interface OpenCatalog {
  readonly catalog: NodeCatalog;
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
  readonly env: NodeJS.ProcessEnv;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Opens the node catalogue: from a file, or from a watch on the cluster.
 * @throws UsageError where no cluster is named, or what is named cannot be used.
 */
export async function openCatalog(options: CatalogOptions): Promise<OpenCatalog> {
  try {
    const { nodes } = options.options.cluster;
    return nodes === undefined ? await watched(options) : await fromFile(nodes, options);
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

async function watched({ options, env, metrics, log }: CatalogOptions): Promise<OpenCatalog> {
  const source = clusterSource(options.cluster.kubeconfig, env);
  if (source === null) throw new UsageError([NO_CLUSTER]);
  // The client costs a third of a second and 80 MB: only a command that talks to a cluster loads it.
  const { loadCluster } = await import('../../kubernetes/client.ts');
  const { NodeWatch } = await import('../../kubernetes/node-watch.ts');
  const catalog = new MutableNodeCatalog();
  const state = new WatchState(metrics, log);
  const watch = new NodeWatch({
    access: loadCluster(source),
    catalog,
    observer: state,
    regionLabel: options.regionLabel,
  });
  return {
    catalog,
    synced: () => state.synced,
    connected: () => state.connected,
    ready: watch.start(),
    close: () => watch.stop(),
  };
}

const NO_CLUSTER = 'no cluster named: give --kubeconfig FILE, or --nodes FILE, or run in a pod of the cluster';

/** What is known of the watch, told to metrics and log. */
class WatchState implements NodeWatchObserver {
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
