import { request } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { RequestOptions } from 'node:https';

/** As much of a watched pod as we look at. */
export interface WatchedPod {
  readonly metadata?: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly nodeName?: string };
}

/** What is waited for. */
export interface Goal {
  readonly reached: (pod: WatchedPod) => boolean;
  /** `metadata`: pods come without spec and status, a fraction of the bytes. */
  readonly form?: 'whole' | 'metadata';
}

const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/** Watches a namespace's pods and notes when each was first seen to have reached a goal. */
export class PodMoments {
  readonly #goal: Goal;
  readonly #seen = new Map<string, number>();
  readonly #waiters = new Set<() => void>();
  #stop: () => void = () => undefined;

  private constructor(goal: Goal) {
    this.#goal = goal;
  }

  static async watch(kubeconfig: string, namespace: string, goal: Goal): Promise<PodMoments> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const accept = goal.form === 'metadata' ? METADATA : 'application/json';
    const headers = { ...(options.headers as Record<string, string> | undefined), accept };
    const url = `${config.getCurrentCluster()?.server ?? ''}/api/v1/namespaces/${namespace}/pods?watch=true`;
    const moments = new PodMoments(goal);
    await moments.#open(url, { ...options, headers });
    return moments;
  }

  /** How many have reached it. */
  get size(): number {
    return this.#seen.size;
  }

  /** Waits for so many pods; gives the moments in order, in milliseconds of `performance.now()`. */
  async first(count: number, withinMs: number): Promise<readonly number[]> {
    const late = setTimeout(() => {
      this.#wake();
    }, withinMs);
    const deadline = performance.now() + withinMs;
    while (this.#seen.size < count && performance.now() < deadline) {
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
    clearTimeout(late);
    if (this.#seen.size < count) throw new Error(`${this.#seen.size} of ${count} pods are there after ${withinMs} ms`);
    return [...this.#seen.values()];
  }

  close(): void {
    this.#stop();
  }

  /** A busy API server ends the watch of a slow reader; opened anew it begins with the pods as they are. */
  #open(url: string, options: RequestOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const outgoing = request(url, options, (response) => {
        let rest = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) this.#take((JSON.parse(line) as { object?: WatchedPod }).object);
        });
        response.on('end', () => void this.#open(url, options));
        // Cut off by close(); what is then missing, `first` says.
        response.on('error', () => undefined);
        resolve();
      });
      outgoing.once('error', reject);
      outgoing.end();
      this.#stop = () => outgoing.destroy();
    });
  }

  #take(pod: WatchedPod = {}): void {
    const name = pod.metadata?.name;
    if (name === undefined || this.#seen.has(name) || !this.#goal.reached(pod)) return;
    this.#seen.set(name, performance.now());
    this.#wake();
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
    this.#waiters.clear();
  }
}
