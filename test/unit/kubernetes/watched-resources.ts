import type { ApiAccess, AuthorisedCall } from '../../../src/kubernetes/api-get.ts';
import type { PooledKubeConfig } from '../../../src/kubernetes/pooled-config.ts';
import type { WatchObserver } from '../../../src/kubernetes/watch-observer.ts';
import { CLUSTER_TIMING } from '../../../src/kubernetes/watch-timing.ts';
import type { WatchTiming } from '../../../src/kubernetes/watch-timing.ts';
import { FakeApiServer } from '../../support/fake-api-server.ts';
import { accessTo, RecordingObserver } from './watched-cluster.ts';

/** Pauses of no length, and no chance. */
export const IMPATIENT: WatchTiming = {
  ...CLUSTER_TIMING,
  random: () => 1,
  delay: () => new Promise((resolve) => setImmediate(resolve)),
};

/** One fake API server for each path, behind one access; what watches report is written down by resource. */
export class WatchedResources implements ApiAccess {
  readonly observed = new Map<string, RecordingObserver>();
  readonly #servers: ReadonlyMap<string, FakeApiServer>;
  readonly #accesses: ReadonlyMap<string, PooledKubeConfig>;

  private constructor(servers: ReadonlyMap<string, FakeApiServer>) {
    this.#servers = servers;
    this.#accesses = new Map([...servers].map(([path, server]) => [path, accessTo(server.url)]));
  }

  static async create(...paths: readonly string[]): Promise<WatchedResources> {
    const started = paths.map(async (path) => [path, await FakeApiServer.start()] as const);
    return new WatchedResources(new Map(await Promise.all(started)));
  }

  /** The server whose path ends so: `jobs`, `pods`. */
  of(resource: string): FakeApiServer {
    const found = [...this.#servers].find(([path]) => path.endsWith(`/${resource}`));
    if (found === undefined) throw new Error(`no server for ${resource}`);
    return found[1];
  }

  authorise(path: string): Promise<AuthorisedCall> {
    const access = this.#accesses.get(path.split('?')[0] ?? '');
    return access === undefined ? Promise.reject(new Error(`no server for ${path}`)) : access.authorise(path);
  }

  readonly observer = (resource: string): WatchObserver => {
    const observer = new RecordingObserver();
    this.observed.set(resource, observer);
    return observer;
  };

  async end(): Promise<void> {
    await Promise.all([...this.#accesses.values()].map((access) => access.close()));
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
  }
}
