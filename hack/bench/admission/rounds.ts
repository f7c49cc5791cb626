import { GATE } from '../../../src/policy/annotations.ts';
import type { ApiClient } from '../../cluster/api.ts';
import type { LowtideProcess } from '../../lowtide/process.ts';
import { DEFERRABLE, plainPod } from '../holding-world.ts';
import { PodCrowd } from '../pod-crowd.ts';
import { processorSeconds } from '../process-use.ts';
import type { Registrations } from './registrations.ts';

/** Which pods are created, and whether Lowtide's webhooks are registered meanwhile. */
export interface SetUp {
  readonly name: string;
  readonly pods: 'affected' | 'unaffected';
  readonly webhooks: boolean;
}

/** What one round brought. */
export interface RoundResult {
  /** Pods a second. */
  readonly rate: number;
  /** Processor time of Lowtide, milliseconds a pod. */
  readonly processorMs: number;
}

interface RoundsOptions {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly lowtide: LowtideProcess;
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
  #registered = true;
  #round = 0;

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#crowd = new PodCrowd(options.client, options.namespace);
  }

  async run({ pods, webhooks }: SetUp): Promise<RoundResult> {
    await this.#register(webhooks);
    const { lowtide, clients, pods: count } = this.#options;
    this.#round += 1;
    const annotations = pods === 'affected' ? DEFERRABLE : {};
    const made = Array.from({ length: count }, (_, index) => plainPod(`pod-${this.#round}-${index}`, annotations));
    const before = await processorSeconds(lowtide.pid);
    const moments = await this.#crowd.create(made, clients);
    const used = (await processorSeconds(lowtide.pid)) - before;
    await this.#crowd.clear();
    const from = Math.floor(count * WARM_UP_SHARE);
    const span = (moments.at(-1) ?? NaN) - (moments[from] ?? NaN);
    return { rate: (count - 1 - from) / (span / 1000), processorMs: (used * 1000) / count };
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

  async #register(wanted: boolean): Promise<void> {
    if (wanted === this.#registered) return;
    const { registrations } = this.#options;
    const acts = (): Promise<boolean> => this.acts();
    await (wanted ? registrations.restore(acts) : registrations.remove(acts));
    this.#registered = wanted;
  }
}
