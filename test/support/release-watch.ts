import { setTimeout as sleep } from 'node:timers/promises';
import { RELEASED_AT } from '../../src/policy/annotations.ts';
import type { ApiClient } from '../../hack/cluster/api.ts';
import { isHeld } from './live-object.ts';
import { eventually } from './eventually.ts';
import type { LiveObject } from './live-object.ts';

/** What was seen of one object. */
export interface Seen {
  readonly name: string;
  /** Wall times, ms, at which it was first seen held, and first seen free after that; null: not yet. */
  readonly heldAt: number | null;
  readonly freeAt: number | null;
  /** How often it went from held to free. */
  readonly releases: number;
  /** Every different `lowtide.dev/released-at` it ever carried. */
  readonly stamps: readonly string[];
}

interface WatchLine {
  readonly type: string;
  readonly object: LiveObject;
}

const RETRY_MS = 200;

/** Watches lists of objects and notes when each was let go; goes on by itself when the API server went away. */
export class ReleaseWatch {
  readonly #client: ApiClient;
  readonly #seen = new Map<string, Seen>();
  readonly #held = new Set<string>();
  readonly #stop = new AbortController();
  readonly #loops: readonly Promise<void>[];

  /** @param paths Collections, e.g. `/apis/batch/v1/namespaces/NS/jobs`. */
  constructor(client: ApiClient, paths: readonly string[]) {
    this.#client = client;
    this.#loops = paths.map((path) => this.#follow(path));
  }

  /** What was seen so far, by uid. */
  all(): ReadonlyMap<string, Seen> {
    return this.#seen;
  }

  /** What was seen of the object of that name; names are unique in a test. */
  named(name: string): Seen | undefined {
    return [...this.#seen.values()].find((seen) => seen.name === name);
  }

  /** Waits until it has seen the object go: it may hear of that a moment after the object itself says so. */
  async untilFree(name: string): Promise<void> {
    await eventually(() => typeof this.named(name)?.freeAt === 'number', { within: 10_000 });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }

  async #follow(path: string): Promise<void> {
    const { signal } = this.#stop;
    const ended = (): boolean => signal.aborted;
    while (!ended()) {
      try {
        const version = await this.#list(path);
        await this.#client.follow(
          `${path}?watch=true&resourceVersion=${version}`,
          (line) => {
            const { type, object } = JSON.parse(line) as WatchLine;
            if (type === 'ADDED' || type === 'MODIFIED') this.#note(object);
          },
          signal,
        );
      } catch {
        // Ended by us, or the API server is away: listed afresh as soon as it answers.
        if (!ended()) await sleep(RETRY_MS);
      }
    }
  }

  async #list(path: string): Promise<string> {
    const { status, body } = await this.#client.call({ method: 'GET', path });
    if (status !== 200) throw new Error(`GET ${path}: ${status}`);
    const list = JSON.parse(body) as { items: LiveObject[]; metadata: { resourceVersion: string } };
    for (const object of list.items) this.#note(object);
    return list.metadata.resourceVersion;
  }

  #note(object: LiveObject): void {
    const { uid, name, annotations } = object.metadata;
    const before = this.#seen.get(uid) ?? { name, heldAt: null, freeAt: null, releases: 0, stamps: [] };
    const stamp = annotations?.[RELEASED_AT];
    const stamps = stamp === undefined || before.stamps.includes(stamp) ? before.stamps : [...before.stamps, stamp];
    this.#seen.set(uid, { ...before, ...this.#turn(before, isHeld(object), uid), stamps });
  }

  /** What changes where it is held for the first time, or free after it was held. */
  #turn(before: Seen, held: boolean, uid: string): Partial<Seen> {
    const now = Date.now();
    if (held) {
      this.#held.add(uid);
      return { heldAt: before.heldAt ?? now };
    }
    const released = this.#held.delete(uid);
    return released ? { freeAt: before.freeAt ?? now, releases: before.releases + 1 } : {};
  }
}
