import { request } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { RequestOptions } from 'node:https';

interface PodEvent {
  readonly object?: { readonly metadata?: { readonly name?: string }; readonly spec?: { readonly nodeName?: string } };
}

/** Watches a namespace's pods and notes when each was first seen with a node. */
export class Bindings {
  readonly #seen = new Map<string, number>();
  readonly #waiters = new Set<() => void>();
  #stop: () => void = () => undefined;

  static async watch(kubeconfig: string, namespace: string): Promise<Bindings> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const url = `${config.getCurrentCluster()?.server ?? ''}/api/v1/namespaces/${namespace}/pods?watch=true`;
    const bindings = new Bindings();
    await bindings.#open(url, options);
    return bindings;
  }

  /** A busy API server ends the watch of a slow reader; opened anew it begins with the pods as they are. */
  #open(url: string, options: RequestOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const outgoing = request(url, options, (response) => {
        let rest = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) this.#take(JSON.parse(line) as PodEvent);
        });
        response.on('end', () => void this.#open(url, options));
        // Cut off by close(); what is then missing, `moments` says.
        response.on('error', () => undefined);
        resolve();
      });
      outgoing.once('error', reject);
      outgoing.end();
      this.#stop = () => outgoing.destroy();
    });
  }

  /** Waits for so many pods with a node; gives the moments in order, in milliseconds. */
  async moments(count: number, withinMs: number): Promise<readonly number[]> {
    const late = setTimeout(() => {
      this.#wake();
    }, withinMs);
    const deadline = performance.now() + withinMs;
    while (this.#seen.size < count && performance.now() < deadline) {
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
    clearTimeout(late);
    if (this.#seen.size < count)
      throw new Error(`${this.#seen.size} of ${count} pods have a node after ${withinMs} ms`);
    return [...this.#seen.values()];
  }

  close(): void {
    this.#stop();
  }

  #take({ object }: PodEvent): void {
    const name = object?.metadata?.name;
    if (name === undefined || object?.spec?.nodeName === undefined || this.#seen.has(name)) return;
    this.#seen.set(name, performance.now());
    this.#wake();
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
    this.#waiters.clear();
  }
}
