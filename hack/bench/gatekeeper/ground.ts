import type { ApiClient } from '../../cluster/api.ts';
import { API_CONNECTIONS } from '../../cluster/api.ts';
import { PodCrowd } from '../pod-crowd.ts';
import { heldPod } from './held-pod.ts';

interface GroundOptions {
  readonly client: ApiClient;
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly pods: number;
  readonly connections: number;
}

/** How long a whole set may take to be let go, in milliseconds. */
const PATIENCE = 300_000;

/** Where the rounds take place: one namespace, filled with held pods and cleared again. */
export class Ground {
  readonly client: ApiClient;
  readonly kubeconfig: string;
  readonly namespace: string;
  /** Held pods a round. */
  readonly pods: number;
  /** Of the plain loop. */
  readonly connections: number;
  readonly patience = PATIENCE;
  readonly #crowd: PodCrowd;
  #round = 0;

  constructor({ client, kubeconfig, namespace, pods, connections }: GroundOptions) {
    this.client = client;
    this.kubeconfig = kubeconfig;
    this.namespace = namespace;
    this.pods = pods;
    this.connections = connections;
    this.#crowd = new PodCrowd(client, namespace);
  }

  /** Makes a fresh set of held pods. */
  async fill(): Promise<void> {
    this.#round += 1;
    const now = new Date();
    const names = Array.from({ length: this.pods }, (_, index) => `held-${this.#round}-${index}`);
    await this.#crowd.create(
      names.map((name) => heldPod(name, now)),
      API_CONNECTIONS,
    );
  }

  clear(): Promise<void> {
    return this.#crowd.clear();
  }
}
