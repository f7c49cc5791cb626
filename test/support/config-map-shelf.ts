import { gunzipSync, gzipSync } from 'node:zlib';
import type { ConfigMap, ConfigMapStore } from '../../src/kubernetes/config-map.ts';
import { KubernetesError } from '../../src/kubernetes/errors.ts';
import type { ApiErrorCode } from '../../src/kubernetes/errors.ts';
import type { Compression } from '../../src/service/signal-share/compression.ts';
import type { OpenHeadWatch } from '../../src/service/signal-share/ports.ts';
import type { VirtualTime } from './virtual-time.ts';

/** As the service's own, but in the same turn: virtual time knows nothing of threads. */
export const AT_ONCE_GZIP: Compression = {
  pack: (text) => Promise.resolve(gzipSync(text)),
  unpack: (bytes) => Promise.resolve(gunzipSync(bytes).toString('utf8')),
};

type Call = keyof ConfigMapStore;
/** How a call fares: it fails before or after it took effect, or takes its time. */
export interface Fate {
  readonly there?: number;
  readonly back?: number;
  readonly lost?: 'request' | 'answer';
  readonly code?: ApiErrorCode;
}

interface Watching {
  readonly name: string;
  readonly tell: (head: ConfigMap | null) => void;
}

/** ConfigMaps as an API server keeps them, behind a network that delays and loses. */
export class ConfigMapShelf {
  readonly maps = new Map<string, ConfigMap>();
  /** Every call that took effect. */
  readonly calls: string[] = [];
  readonly #time: VirtualTime;
  readonly #watches = new Set<Watching>();
  #version = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** The ConfigMaps as one replica reaches them. */
  store(fate: (call: Call, name: string) => Fate = () => ({})): ConfigMapStore {
    const through = async <T>(call: Call, name: string, signal: AbortSignal, act: () => T): Promise<T> => {
      const { there = 0, back = 0, lost, code = 'unreachable' } = fate(call, name);
      const fail = (): never => {
        throw new KubernetesError(code, `${call} ${name}: ${code}`);
      };
      if (there > 0) await this.#time.delay(there, signal);
      if (lost === 'request') fail();
      const answer = act();
      this.calls.push(`${call} ${name}`);
      if (back > 0) await this.#time.delay(back, signal);
      if (lost === 'answer') fail();
      return answer;
    };
    return {
      read: (name, signal) => through('read', name, signal, () => this.maps.get(name) ?? null),
      create: (map, signal) =>
        through('create', map.name, signal, () => {
          if (this.maps.has(map.name)) return null;
          const { name, labels, data, binary } = map;
          return this.put({ name, labels, data, binary });
        }),
      update: (name, change, signal) =>
        through('update', name, signal, () => {
          const now = this.maps.get(name);
          if (now?.resourceVersion !== change.resourceVersion) return null;
          const labels = { ...now.labels, ...change.labels };
          return this.put({
            name,
            labels,
            data: merged(now.data, change.data),
            binary: merged(now.binary, change.binary),
          });
        }),
      remove: (name, signal) =>
        through('remove', name, signal, () => {
          this.remove(name);
        }),
      names: (selector, signal) =>
        through('names', selector, signal, () => {
          const [key = '', value] = selector.split('=');
          return [...this.maps.values()].filter(({ labels }) => labels[key] === value).map(({ name }) => name);
        }),
    };
  }

  /** The watch on one ConfigMap, as one replica has it; each change arrives after so many milliseconds. */
  watch(name: string, lag: () => number = () => 0): OpenHeadWatch {
    return (sink, observer) => {
      let stopped = false;
      const watching: Watching = {
        name,
        tell: (head) => {
          void this.#time.delay(lag()).then(() => {
            if (stopped) return;
            if (head === null) sink.remove(name);
            else sink.put(name, head);
          });
        },
      };
      return {
        start: async () => {
          this.#watches.add(watching);
          await this.#time.delay(lag());
          const head = this.maps.get(name);
          if (!stopped) sink.replace(head === undefined ? [] : [{ key: name, value: head }]);
          observer.onConnected();
        },
        stop: () => {
          stopped = true;
          this.#watches.delete(watching);
          return Promise.resolve();
        },
      };
    };
  }

  put(map: Omit<ConfigMap, 'resourceVersion'>): ConfigMap {
    this.#version += 1;
    const kept = { ...map, resourceVersion: String(this.#version) };
    this.maps.set(map.name, kept);
    for (const watching of this.#watches) if (watching.name === map.name) watching.tell(kept);
    return kept;
  }

  remove(name: string): void {
    this.maps.delete(name);
    for (const watching of this.#watches) if (watching.name === name) watching.tell(null);
  }
}

function merged<Value>(
  now: Readonly<Record<string, Value>>,
  change: Readonly<Record<string, Value | null>>,
): Readonly<Record<string, Value>> {
  const entries = Object.entries({ ...now, ...change });
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => entry[1] !== null));
}
