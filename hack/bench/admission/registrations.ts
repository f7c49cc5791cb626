import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../cluster/api.ts';
import type { Webhook } from './webhook.ts';

interface ClientConfig {
  readonly url: string;
  readonly caBundle: string;
}

interface Registered {
  readonly metadata: { readonly name: string; readonly labels?: object; readonly annotations?: object };
  readonly webhooks?: readonly { readonly clientConfig: ClientConfig }[];
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

/** The webhooks and policies that Lowtide registered: taken away, and put back for it or for another in its place. */
export class Registrations {
  readonly #client: ApiClient;
  readonly #entries: readonly Entry[];

  private constructor(client: ApiClient, entries: readonly Entry[]) {
    this.#client = client;
    this.#entries = entries;
  }

  static async read(client: ApiClient): Promise<Registrations> {
    const entries: Entry[] = [];
    for (const kind of KINDS) {
      const { status, body } = await client.call({ method: 'GET', path: `${GROUP}/${kind}` });
      if (status !== 200) throw new Error(`GET ${kind}: ${status} ${body.slice(0, 300)}`);
      const items = (JSON.parse(body) as { items: Registered[] }).items;
      const ours = items.filter(({ metadata }) => metadata.name.includes('lowtide'));
      entries.push(...ours.map((object): Entry => [kind, object]));
    }
    if (entries.length === 0) throw new Error('lowtide registered no webhooks');
    return new Registrations(client, entries);
  }

  get names(): readonly string[] {
    return this.#entries.map(([kind, object]) => `${kind}/${object.metadata.name}`);
  }

  /** The CA by which the API server knows Lowtide's certificate, PEM. */
  get ca(): string {
    const [config] = this.#entries.flatMap(([, { webhooks = [] }]) => webhooks).map((each) => each.clientConfig);
    if (config === undefined) throw new Error('lowtide registered no webhooks');
    return Buffer.from(config.caBundle, 'base64').toString('utf8');
  }

  /** Takes them away, and waits until `acts` says that they do not act any more. */
  async remove(acts: () => Promise<boolean>): Promise<void> {
    for (const [kind, object] of this.#entries.toReversed()) {
      await this.#client.call({ method: 'DELETE', path: `${GROUP}/${kind}/${object.metadata.name}` });
    }
    while (await acts()) await sleep(PROBE_MS);
    await sleep(SETTLE_MS);
  }

  /** Puts them back with a webhook of this address, and waits until they act. */
  async put(webhook: Webhook, acts: () => Promise<boolean>): Promise<void> {
    for (const [kind, object] of this.#entries) {
      const { name, labels, annotations } = object.metadata;
      const body = { ...pointedTo(webhook, object), metadata: { name, labels, annotations } };
      const answer = await this.#client.call({ method: 'POST', path: `${GROUP}/${kind}`, body });
      if (answer.status !== 201) throw new Error(`${kind}/${name}: ${answer.status} ${answer.body.slice(0, 300)}`);
    }
    while (!(await acts())) await sleep(PROBE_MS);
    await sleep(SETTLE_MS);
  }
}

function pointedTo({ url, ca }: Webhook, object: Registered): Registered {
  if (object.webhooks === undefined) return object;
  const caBundle = Buffer.from(ca).toString('base64');
  const webhooks = object.webhooks.map((each) => {
    const { pathname } = new URL(each.clientConfig.url);
    return { ...each, clientConfig: { url: `${url}${pathname}`, caBundle } };
  });
  return { ...object, webhooks };
}
