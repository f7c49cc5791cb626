import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../cluster/api.ts';

interface Registered {
  readonly metadata: { readonly name: string; readonly labels?: object; readonly annotations?: object };
}

/** With the plural of its kind, as in its path. */
type Entry = readonly [kind: string, object: Registered];

const GROUP = '/apis/admissionregistration.k8s.io/v1';
/** In the order in which they are put back: a binding needs its policy. */
const KINDS = [
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
] as const;
/** What is compiled and spread after a probe already sees the change. */
const SETTLE_MS = 1_000;
const PROBE_MS = 50;

/** The webhooks and policies that Lowtide registered: taken away and put back while it goes on running. */
export class Registrations {
  readonly #client: ApiClient;
  readonly #objects: readonly Entry[];

  private constructor(client: ApiClient, objects: readonly Entry[]) {
    this.#client = client;
    this.#objects = objects;
  }

  /** Reads all there are: the control plane is ours, and nobody else has registered anything but Kubernetes itself. */
  static async read(client: ApiClient): Promise<Registrations> {
    const objects: Entry[] = [];
    for (const kind of KINDS) {
      const { status, body } = await client.call({ method: 'GET', path: `${GROUP}/${kind}` });
      if (status !== 200) throw new Error(`GET ${kind}: ${status} ${body.slice(0, 300)}`);
      const items = (JSON.parse(body) as { items: Registered[] }).items;
      objects.push(...items.filter(isLowtides).map((object): Entry => [kind, object]));
    }
    if (objects.length === 0) throw new Error('lowtide registered no webhooks');
    return new Registrations(client, objects);
  }

  get names(): readonly string[] {
    return this.#objects.map(([kind, object]) => `${kind}/${object.metadata.name}`);
  }

  /** The CA by which the API server knows Lowtide's certificate, as PEM. */
  get ca(): string {
    for (const [, object] of this.#objects) {
      const found = /"caBundle":"([^"]+)"/.exec(JSON.stringify(object))?.[1];
      if (found !== undefined) return Buffer.from(found, 'base64').toString('utf8');
    }
    throw new Error('no webhook has a caBundle');
  }

  /** Takes them away, and waits until `acts` says that they do not act any more. */
  async remove(acts: () => Promise<boolean>): Promise<void> {
    for (const [kind, object] of this.#objects.toReversed()) {
      await this.#client.call({ method: 'DELETE', path: `${GROUP}/${kind}/${object.metadata.name}` });
    }
    while (await acts()) await sleep(PROBE_MS);
    await sleep(SETTLE_MS);
  }

  /** Puts them back, and waits until they act. */
  async restore(acts: () => Promise<boolean>): Promise<void> {
    for (const [kind, object] of this.#objects) {
      const { name, labels, annotations } = object.metadata;
      const body = { ...object, metadata: { name, labels, annotations } };
      const answer = await this.#client.call({ method: 'POST', path: `${GROUP}/${kind}`, body });
      if (answer.status !== 201 && answer.status !== 409) {
        throw new Error(`${kind}/${name}: ${answer.status} ${answer.body.slice(0, 300)}`);
      }
    }
    while (!(await acts())) await sleep(PROBE_MS);
    await sleep(SETTLE_MS);
  }
}

function isLowtides({ metadata }: Registered): boolean {
  return metadata.name.includes('lowtide');
}
