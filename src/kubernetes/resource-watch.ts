import { apiGet } from './api-get.ts';
import type { ApiAccess } from './api-get.ts';
import { isApiError, KubernetesError, reasonOf } from './errors.ts';
import type { ApiError } from './errors.ts';
import { lines } from './lines.ts';
import { listResource } from './resource-list.ts';
import { resourcePath } from './resource.ts';
import type { Resource, ResourceSink } from './resource.ts';
import { GuardedObserver } from './watch-observer.ts';
import type { WatchObserver } from './watch-observer.ts';
import { resourceEvent } from './watch-event.ts';
import type { ResourceEvent } from './watch-event.ts';
import { backoff, CLUSTER_TIMING, watchDuration } from './watch-timing.ts';
import type { WatchTiming } from './watch-timing.ts';

/**
 * After so many failures in a row a list is fetched instead of resuming. It heals what no error code tells: an etcd
 * restored from a backup has older versions than ours, and a watch from the future is silent.
 */
const LIST_AFTER_FAILURES = 3;

/** What a watch is made of. */
export interface ResourceWatchOptions<Value> {
  readonly access: ApiAccess;
  readonly resource: Resource<Value>;
  readonly sink: ResourceSink<Value>;
  readonly observer: WatchObserver;
  /** Aborting it stops the watch, as `stop` does. */
  readonly signal?: AbortSignal;
  readonly timing?: WatchTiming;
}

/**
 * Keeps a sink in step with the API server: a list, then a watch from where the list ended, for ever. Whatever fails
 * is tried again after a pause; meanwhile the sink keeps what was last known.
 */
export class ResourceWatch<Value> {
  readonly #access: ApiAccess;
  readonly #resource: Resource<Value>;
  readonly #sink: ResourceSink<Value>;
  readonly #observer: GuardedObserver;
  readonly #timing: WatchTiming;
  readonly #stopping = new AbortController();
  readonly #firstSync = Promise.withResolvers<undefined>();
  #running: Promise<void> | null = null;
  /** Where the next watch continues; null: a list must come first. */
  #resourceVersion: string | null = null;
  /** Failures since the server last got something across. */
  #failures = 0;

  constructor(options: ResourceWatchOptions<Value>) {
    this.#access = options.access;
    this.#resource = options.resource;
    this.#sink = options.sink;
    this.#observer = new GuardedObserver(options.observer);
    this.#timing = options.timing ?? CLUSTER_TIMING;
    this.#stopWith(options.signal);
  }

  /** Starts, once. Resolves when the sink is first complete, however long that takes, or when stopped. */
  async start(): Promise<void> {
    this.#running ??= this.#run();
    await Promise.race([this.#firstSync.promise, this.#running]);
  }

  /** Stops for good. Resolves when nothing runs any more: no request, no timer. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  #stopWith(outer: AbortSignal | undefined): void {
    if (outer === undefined) return;
    const stop = (): void => {
      this.#stopping.abort();
    };
    if (outer.aborted) stop();
    // Tied to our own signal, so that a watch that is over leaves no listener on a signal that lives on.
    outer.addEventListener('abort', stop, { once: true, signal: this.#stopping.signal });
  }

  // A method, not a getter: the compiler would take a getter for unchanged across an await.
  #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    while (!this.#stopped()) {
      try {
        if (this.#resourceVersion === null) await this.#list();
        await this.#watch(this.#resourceVersion ?? '');
        // The server ends each watch when its time is up: no failure, the next one resumes.
        this.#failures = 0;
      } catch (error) {
        if (!this.#stopped()) this.#failed(asApiError(error));
      }
      if (!this.#stopped()) await this.#pause();
    }
  }

  async #list(): Promise<void> {
    const { listSilence, pageSize } = this.#timing;
    const snapshot = await listResource(this.#access, this.#resource, {
      pageSize,
      signal: this.#stopping.signal,
      silence: listSilence,
    });
    this.#sink.replace(snapshot.items);
    this.#resourceVersion = snapshot.resourceVersion;
    this.#observer.onSynced(snapshot.items.length);
    this.#firstSync.resolve(undefined);
  }

  async #watch(resourceVersion: string): Promise<void> {
    const seconds = watchDuration(this.#timing);
    const path = resourcePath(this.#resource, {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion,
      timeoutSeconds: String(seconds),
    });
    const patience = { signal: this.#stopping.signal, silence: seconds * 1000 + this.#timing.watchGrace };
    const body = await apiGet(this.#access, path, patience);
    this.#observer.onConnected();
    for await (const line of lines(body)) {
      if (this.#stopped()) return;
      this.#take(resourceEvent(line, this.#resource));
    }
  }

  #take(event: ResourceEvent<Value>): void {
    if (event.kind === 'put' && event.item !== null) this.#sink.put(event.item.key, event.item.value);
    if (event.kind === 'remove' && event.key !== null) this.#sink.remove(event.key);
    this.#resourceVersion = event.resourceVersion ?? this.#resourceVersion;
    this.#failures = 0;
  }

  #failed(error: ApiError): void {
    this.#failures += 1;
    if (error.code === 'expired' || this.#failures >= LIST_AFTER_FAILURES) this.#resourceVersion = null;
    this.#observer.onDisconnected(error.code, error.message);
  }

  async #pause(): Promise<void> {
    try {
      await this.#timing.delay(backoff(this.#failures, this.#timing.random), this.#stopping.signal);
    } catch (error) {
      // A delay cut short by stop() is what we asked for; the loop ends on its own.
      if (!this.#stopped()) throw error;
    }
  }
}

function asApiError(error: unknown): ApiError {
  return isApiError(error) ? error : new KubernetesError('unexpected', reasonOf(error), { cause: error });
}
