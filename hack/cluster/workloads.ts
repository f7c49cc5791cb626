import { setTimeout as sleep } from 'node:timers/promises';
import { API_CONNECTIONS } from './api.ts';
import type { ApiClient } from './api.ts';

/** What sets one workload of a test apart from another. */
export interface WorkloadSketch {
  readonly annotations?: Readonly<Record<string, string>>;
  /** Requests the extended resource that marks a pod for the extender. */
  readonly marked?: boolean;
  readonly schedulerName?: string;
  readonly cpu?: string;
}

/** Where a pod is, or why it is nowhere. */
export interface PodState {
  readonly name: string;
  readonly node: string | null;
  /** Reason and message of the condition PodScheduled, while it is False. */
  readonly waiting: { readonly reason: string; readonly message: string } | null;
}

interface PodJson {
  metadata: { name: string };
  spec: { nodeName?: string };
  status?: { conditions?: { type: string; status: string; reason?: string; message?: string }[] };
}

const MARK = { 'lowtide.dev/placement': '1' };

/** Makes workloads in one namespace and tells where their pods went. Pods of one call carry the label `set=NAME`. */
export class Workloads {
  readonly #client: ApiClient;
  readonly namespace: string;

  private constructor(client: ApiClient, namespace: string) {
    this.#client = client;
    this.namespace = namespace;
  }

  /** Makes the namespace, and waits until pods can be created in it. */
  static async in(client: ApiClient, namespace: string): Promise<Workloads> {
    const workloads = new Workloads(client, namespace);
    await workloads.#create('/api/v1/namespaces', { metadata: { name: namespace } }, [201, 409]);
    // The controller manager makes it a moment later; a pod without a service account is refused.
    const account = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
    while ((await client.call({ method: 'GET', path: account })).status !== 200) await sleep(50);
    return workloads;
  }

  /** Bare pods `NAME-0`, `NAME-1`, … */
  async pods(name: string, count: number, sketch: WorkloadSketch = {}): Promise<void> {
    const queue = Array.from({ length: count }, (_, index) => `${name}-${index}`).values();
    const one = async (): Promise<void> => {
      for (const each of queue) {
        const { metadata, spec } = template(name, sketch);
        await this.#create(this.#path('pods'), { metadata: { ...metadata, name: each }, spec });
      }
    };
    await Promise.all(Array.from({ length: API_CONNECTIONS }, one));
  }

  /** One Job of so many pods at once. */
  async job(name: string, pods: number, sketch: WorkloadSketch = {}): Promise<void> {
    const { metadata, spec } = template(name, sketch);
    await this.#create(`/apis/batch/v1/namespaces/${this.namespace}/jobs`, {
      metadata: { name },
      spec: {
        parallelism: pods,
        completions: pods,
        template: { metadata, spec: { ...spec, restartPolicy: 'Never' } },
      },
    });
  }

  /** One Deployment. */
  async deployment(name: string, replicas: number, sketch: WorkloadSketch = {}): Promise<void> {
    await this.#create(`/apis/apps/v1/namespaces/${this.namespace}/deployments`, {
      metadata: { name },
      spec: { replicas, selector: { matchLabels: { set: name } }, template: template(name, sketch) },
    });
  }

  /** The pods of a set. */
  async states(set: string): Promise<readonly PodState[]> {
    const path = `${this.#path('pods')}?labelSelector=set%3D${set}`;
    const { status, body } = await this.#client.call({ method: 'GET', path });
    if (status !== 200) throw new Error(`pods of ${set}: ${status} ${body.slice(0, 200)}`);
    return (JSON.parse(body) as { items: PodJson[] }).items.map(state);
  }

  /** Waits until the set has so many pods and each has a node; gives node names by pod. */
  async scheduled(set: string, count: number, withinMs = 60_000): Promise<ReadonlyMap<string, string>> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const states = await this.states(set);
      const placed = states.flatMap(({ name, node }): [string, string][] => (node === null ? [] : [[name, node]]));
      if (placed.length === count) return new Map(placed);
      if (performance.now() > deadline) {
        const why = states.find(({ node }) => node === null)?.waiting?.message ?? 'no word why';
        throw new Error(`${placed.length} of ${count} pods of ${set} have a node after ${withinMs} ms: ${why}`);
      }
      await sleep(50);
    }
  }

  /** Deletes the set's workload of every kind, pods at once. */
  async remove(set: string): Promise<void> {
    const now = '?gracePeriodSeconds=0&propagationPolicy=Background';
    const of = `${now}&labelSelector=set%3D${set}`;
    await this.#client.call({
      method: 'DELETE',
      path: `/apis/batch/v1/namespaces/${this.namespace}/jobs/${set}${now}`,
    });
    await this.#client.call({
      method: 'DELETE',
      path: `/apis/apps/v1/namespaces/${this.namespace}/deployments/${set}${now}`,
    });
    while ((await this.states(set)).length > 0) {
      await this.#client.call({ method: 'DELETE', path: `${this.#path('pods')}${of}` });
      await sleep(50);
    }
  }

  /** Deletes the namespace with all that is in it; for clusters that outlive the run. */
  async end(): Promise<void> {
    await this.#client.call({ method: 'DELETE', path: `/api/v1/namespaces/${this.namespace}` });
  }

  #path(kind: string): string {
    return `/api/v1/namespaces/${this.namespace}/${kind}`;
  }

  async #create(path: string, body: unknown, accepted: readonly number[] = [201]): Promise<void> {
    const answer = await this.#client.call({ method: 'POST', path, body });
    if (!accepted.includes(answer.status))
      throw new Error(`POST ${path}: ${answer.status} ${answer.body.slice(0, 500)}`);
  }
}

function template(set: string, { annotations = {}, marked = false, schedulerName, cpu }: WorkloadSketch) {
  const requests = { ...(marked ? MARK : {}), ...(cpu === undefined ? {} : { cpu }) };
  return {
    metadata: { labels: { set }, annotations },
    spec: {
      ...(schedulerName === undefined ? {} : { schedulerName }),
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'work', image: 'work', resources: { requests, limits: marked ? MARK : {} } }],
    },
  };
}

function state({ metadata, spec, status }: PodJson): PodState {
  const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  const waiting =
    condition?.status === 'False' ? { reason: condition.reason ?? '', message: condition.message ?? '' } : null;
  return { name: metadata.name, node: spec.nodeName ?? null, waiting };
}
