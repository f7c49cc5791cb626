import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from './api.ts';
import { API_CONNECTIONS } from './api.ts';
import type { NodeNamer } from './node-objects.ts';
import { nodesOf } from './node-objects.ts';
import { parseNodeSpec } from './node-spec.ts';

const NODES = '/api/v1/nodes';
/** The server's own table of `name, status, …`: a hundredth of the Node objects. */
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const POLL_MILLIS = 200;
const READY_LIMIT_MILLIS = 120_000;

const tableSchema = z.object({
  rows: z
    .array(z.object({ cells: z.tuple([z.string(), z.string()], z.unknown()) }))
    .nullish()
    .transform((rows) => rows ?? []),
});

/** Fake nodes of a cluster: adds, removes, and knows which are ours. */
export class NodePool {
  readonly #client: ApiClient;
  readonly #namer: NodeNamer;
  readonly #ours = new Set<string>();

  constructor(client: ApiClient, namer: NodeNamer) {
    this.#client = client;
    this.#namer = namer;
  }

  /** Adds the nodes of a spec; done when all are Ready. */
  async add(spec: string): Promise<readonly string[]> {
    const nodes = parseNodeSpec(spec).flatMap((group) => nodesOf(group, this.#namer));
    await inParallel(nodes, async (node) => {
      const answer = await this.#client.call({ method: 'POST', path: NODES, body: node });
      if (answer.status !== 201) throw new Error(`node ${node.metadata.name} was refused: ${answer.body}`);
      this.#ours.add(node.metadata.name);
    });
    const names = nodes.map((node) => node.metadata.name);
    await this.#untilReady(names);
    return names;
  }

  /** Removes nodes; those that are gone already are fine. */
  async remove(names: readonly string[]): Promise<void> {
    await inParallel(names, async (name) => {
      const answer = await this.#client.call({ method: 'DELETE', path: `${NODES}/${name}` });
      if (answer.status !== 200 && answer.status !== 404) throw new Error(`node ${name} stays: ${answer.body}`);
      this.#ours.delete(name);
    });
  }

  /** Removes every node that was added and not removed. */
  async removeAll(): Promise<void> {
    await this.remove([...this.#ours]);
  }

  async #untilReady(names: readonly string[]): Promise<void> {
    const limit = performance.now() + READY_LIMIT_MILLIS;
    for (;;) {
      const ready = await this.#readyNodes();
      const waiting = names.filter((name) => !ready.has(name));
      if (waiting.length === 0) return;
      if (performance.now() > limit) {
        throw new Error(
          `${waiting.length} of ${names.length} nodes are not Ready, ${waiting[0] ?? ''} first; does KWOK run?`,
        );
      }
      await sleep(POLL_MILLIS);
    }
  }

  async #readyNodes(): Promise<ReadonlySet<string>> {
    const path = `${NODES}?labelSelector=type%3Dkwok&includeObject=None`;
    const answer = await this.#client.call({ method: 'GET', path, accept: TABLE });
    if (answer.status !== 200) throw new Error(`nodes cannot be listed: ${answer.body}`);
    const { rows } = tableSchema.parse(JSON.parse(answer.body));
    return new Set(rows.filter(({ cells }) => cells[1] === 'Ready').map(({ cells }) => cells[0]));
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: API_CONNECTIONS }, worker));
}
