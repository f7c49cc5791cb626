import type { ApiAccess } from './api-get.ts';
import type { ApiErrorCode } from './errors.ts';
import { ResourceWatch } from './resource-watch.ts';
import type { Resource, ResourceSink } from './resource.ts';
import { GuardedObserver } from './watch-observer.ts';
import type { WatchObserver } from './watch-observer.ts';
import type { WatchTiming } from './watch-timing.ts';

/** What several watches have in common. */
export interface ResourceWatchesOptions {
  readonly access: ApiAccess;
  /** Asked once for each resource, by its name. */
  readonly observer: (resource: string) => WatchObserver;
  readonly timing?: WatchTiming;
}

interface Member {
  readonly watch: { start(): Promise<void>; stop(): Promise<void> };
  readonly answered: FirstAnswer;
}

/** Several watches as one: each goes on by itself, and a permission that lacks for one stops none of the others. */
export class ResourceWatches {
  readonly #options: ResourceWatchesOptions;
  readonly #members = new Map<string, Member>();

  constructor(options: ResourceWatchesOptions) {
    this.#options = options;
  }

  /** Adds a watch; all are added before the start. */
  add<Value>(resource: Resource<Value>, sink: ResourceSink<Value>): void {
    const { observer, ...common } = this.#options;
    const answered = new FirstAnswer(observer(resource.name));
    const watch = new ResourceWatch({ ...common, resource, sink, observer: answered });
    this.#members.set(resource.name, { watch, answered });
  }

  /**
   * Starts all, once. Resolves when each has been complete once or was refused once (401 or 403: it goes on trying), or
   * when stopped.
   */
  async start(): Promise<void> {
    const members = [...this.#members.values()];
    await Promise.all(members.map(({ watch, answered }) => Promise.race([watch.start(), answered.refusal])));
  }

  /** Stops for good. Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    await Promise.all([...this.#members.values()].map(({ watch }) => watch.stop()));
  }

  /** The resources of which nothing is known because the API server refused them, by name. */
  get refused(): readonly string[] {
    return [...this.#members].filter(([, { answered }]) => answered.refused).map(([name]) => name);
  }
}

/** Notices whether the API server's first answer is a refusal; hands everything on. */
class FirstAnswer implements WatchObserver {
  readonly #inner: GuardedObserver;
  readonly #refusal = Promise.withResolvers<undefined>();
  #synced = false;
  #refused = false;

  constructor(inner: WatchObserver) {
    this.#inner = new GuardedObserver(inner);
  }

  get refusal(): Promise<undefined> {
    return this.#refusal.promise;
  }

  get refused(): boolean {
    return this.#refused && !this.#synced;
  }

  onSynced(count: number): void {
    this.#synced = true;
    this.#inner.onSynced(count);
  }

  onConnected(): void {
    this.#inner.onConnected();
  }

  onDisconnected(code: ApiErrorCode, detail: string): void {
    if (code === 'forbidden') {
      this.#refused = true;
      this.#refusal.resolve(undefined);
    }
    this.#inner.onDisconnected(code, detail);
  }
}
