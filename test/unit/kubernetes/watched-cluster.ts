import type { ApiErrorCode } from '../../../src/kubernetes/errors.ts';
import { MutableNodeCatalog } from '../../../src/kubernetes/node-catalog.ts';
import { NodeWatch } from '../../../src/kubernetes/node-watch.ts';
import { PooledKubeConfig } from '../../../src/kubernetes/pooled-config.ts';
import type { WatchObserver } from '../../../src/kubernetes/watch-observer.ts';
import { CLUSTER_TIMING } from '../../../src/kubernetes/watch-timing.ts';
import type { WatchTiming } from '../../../src/kubernetes/watch-timing.ts';
import { FakeApiServer } from '../../support/fake-api-server.ts';

interface Setting {
  readonly timing?: Partial<WatchTiming>;
  readonly observer?: WatchObserver;
  readonly signal?: AbortSignal;
  readonly port?: number;
}

/** Access to a fake API server, over a pool of its own. */
export function accessTo(url: string): PooledKubeConfig {
  const config = new PooledKubeConfig();
  config.loadFromClusterAndUser({ name: 'fake', server: url, skipTLSVerify: true }, { name: 'nobody' });
  return config;
}

/** Writes down what it is told, in order. */
export class RecordingObserver implements WatchObserver {
  readonly events: string[] = [];
  readonly details: string[] = [];

  onSynced(count: number): void {
    this.events.push(`synced ${count}`);
  }

  onConnected(): void {
    this.events.push('connected');
  }

  onDisconnected(code: ApiErrorCode, detail: string): void {
    this.events.push(`disconnected ${code}`);
    this.details.push(detail);
  }
}

/** A fake API server, a catalogue, and a watch between them whose pauses take no time but are written down. */
export class WatchedCluster {
  readonly server: FakeApiServer;
  readonly access: PooledKubeConfig;
  readonly catalog = new MutableNodeCatalog();
  readonly observed = new RecordingObserver();
  readonly pauses: number[] = [];
  readonly watch: NodeWatch;

  private constructor(server: FakeApiServer, setting: Setting) {
    this.server = server;
    this.access = accessTo(server.url);
    const timing: WatchTiming = {
      ...CLUSTER_TIMING,
      random: () => 1,
      delay: async (ms) => {
        this.pauses.push(ms);
        await new Promise((resolve) => setImmediate(resolve));
      },
      ...setting.timing,
    };
    this.watch = new NodeWatch({
      access: this.access,
      catalog: this.catalog,
      observer: setting.observer ?? this.observed,
      timing,
      ...(setting.signal === undefined ? {} : { signal: setting.signal }),
    });
  }

  static async create(setting: Setting = {}): Promise<WatchedCluster> {
    return new WatchedCluster(await FakeApiServer.start(setting.port), setting);
  }

  async end(): Promise<void> {
    await this.watch.stop();
    await this.access.close();
    await this.server.stop();
  }
}
