import { GATE } from '../../../src/policy/annotations.ts';
import type { ApiClient } from '../../cluster/api.ts';
import { DEFERRABLE, plainPod } from '../holding-world.ts';
import { PodCrowd } from '../pod-crowd.ts';
import { processorSeconds } from '../process-use.ts';
import type { Registrations } from './registrations.ts';
import type { Webhook } from './webhook.ts';

/** Which pods are created, and whose webhooks are registered meanwhile. */
export interface SetUp {
  readonly name: string;
  readonly pods: 'affected' | 'unaffected';
  readonly webhook: 'none' | 'fixed' | 'lowtide';
}

/** What one round brought. */
export interface RoundResult {
  /** Pods a second. */
  readonly rate: number;
  /** Processor time of the webhook's process, milliseconds a pod; null: there is none. */
  readonly processorMs: number | null;
}

interface RoundsOptions {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly webhooks: Readonly<Record<'fixed' | 'lowtide', Webhook>>;
  readonly registrations: Registrations;
  readonly pods: number;
  readonly clients: number;
}

/** The first pods of a round meet connections and a webhook that sat idle. */
const WARM_UP_SHARE = 0.1;

/** Creates pods, set-up by set-up, in one namespace. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #crowd: PodCrowd;
  #registered: SetUp['webhook'] = 'lowtide';
  #round = 0;

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#crowd = new PodCrowd(options.client, options.namespace);
  }

  async run({ pods, webhook }: SetUp): Promise<RoundResult> {
    await this.#register(webhook);
    const { clients, pods: count } = this.#options;
    this.#round += 1;
    const annotations = pods === 'affected' ? DEFERRABLE : {};
    const made = Array.from({ length: count }, (_, index) => plainPod(`pod-${this.#round}-${index}`, annotations));
    const before = await this.#used(webhook);
    const moments = await this.#crowd.create(made, clients);
    const after = await this.#used(webhook);
    await this.#crowd.clear();
    const from = Math.floor(count * WARM_UP_SHARE);
    const span = (moments.at(-1) ?? NaN) - (moments[from] ?? NaN);
    const processorMs = before === null || after === null ? null : ((after - before) * 1000) / count;
    return { rate: (count - 1 - from) / (span / 1000), processorMs };
  }

  /** Whether a pod that asks for it gets our gate; nothing is created. */
  async acts(): Promise<boolean> {
    const { client, namespace } = this.#options;
    const path = `/api/v1/namespaces/${namespace}/pods?dryRun=All`;
    const { status, body } = await client.call({ method: 'POST', path, body: plainPod('probe', DEFERRABLE) });
    if (status !== 201) throw new Error(`the probe was refused: ${status} ${body.slice(0, 300)}`);
    const { spec } = JSON.parse(body) as { spec: { schedulingGates?: { name: string }[] } };
    return (spec.schedulingGates ?? []).some(({ name }) => name === GATE);
  }

  async #used(webhook: SetUp['webhook']): Promise<number | null> {
    return webhook === 'none' ? null : processorSeconds(this.#options.webhooks[webhook].pid);
  }

  async #register(wanted: SetUp['webhook']): Promise<void> {
    const { registrations, webhooks } = this.#options;
    const acts = (): Promise<boolean> => this.acts();
    if (wanted === this.#registered) return;
    if (this.#registered !== 'none') await registrations.remove(acts);
    if (wanted !== 'none') await registrations.put(webhooks[wanted], acts);
    this.#registered = wanted;
  }
}
