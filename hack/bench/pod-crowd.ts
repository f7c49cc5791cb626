import type { ApiClient } from '../cluster/api.ts';

/** Many pods of one namespace, made and taken away in bulk. */
export class PodCrowd {
  readonly #client: ApiClient;
  readonly #namespace: string;

  constructor(client: ApiClient, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  /**
   * Creates pods, so many at once, each client one after the other. Gives the moment of each answer in order, in
   * milliseconds of `performance.now()`.
   */
  async create(pods: readonly object[], clients: number): Promise<readonly number[]> {
    const queue = pods.values();
    const moments: number[] = [];
    const one = async (): Promise<void> => {
      for (const body of queue) {
        const answer = await this.#client.call({ method: 'POST', path: this.#path('pods'), body });
        if (answer.status !== 201) throw new Error(`a pod was refused: ${answer.status} ${answer.body.slice(0, 500)}`);
        moments.push(performance.now());
      }
    };
    await Promise.all(Array.from({ length: clients }, one));
    return moments;
  }

  /** Deletes all pods and all Events of the namespace. */
  async clear(): Promise<void> {
    await this.#deleteAll(this.#path('pods'));
    await this.#deleteAll(`/apis/events.k8s.io/v1/namespaces/${this.#namespace}/events`);
  }

  /** In pages: one call for everything would keep us waiting longer than the client does. */
  async #deleteAll(path: string): Promise<void> {
    for (;;) {
      const page = `${path}?limit=500&gracePeriodSeconds=0`;
      const answer = await this.#client.call({ method: 'DELETE', path: page });
      if (answer.status !== 200) throw new Error(`DELETE ${path}: ${answer.status} ${answer.body.slice(0, 500)}`);
      if ((JSON.parse(answer.body) as { items: unknown[] }).items.length === 0) return;
    }
  }

  #path(kind: string): string {
    return `/api/v1/namespaces/${this.#namespace}/${kind}`;
  }
}
