import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiClient } from '../../hack/cluster/api.ts';
import { openCluster } from '../../hack/cluster/open.ts';
import type { TestCluster } from '../../hack/cluster/types.ts';
import { Workloads } from '../../hack/cluster/workloads.ts';
import { freePort } from '../../hack/controlplane/ports.ts';
import type { FeatureGates } from '../../hack/controlplane/types.ts';
import { spawnLowtide, startLowtide } from '../../hack/lowtide/process.ts';
import type { LowtideProcess, StartedLowtide } from '../../hack/lowtide/process.ts';
import { eventually } from './eventually.ts';
import { traceOf } from './grid.ts';
import type { Stretch } from './grid.ts';
import { lowtide, pod } from './manifests.ts';
import { Objects } from './objects.ts';

/** A scene's grid and rules. */
export interface Scene {
  readonly policy: object;
  /** A grid that turns: its stretches, and the step they are multiples of, seconds. */
  readonly trace?: { readonly stretches: readonly Stretch[]; readonly step: number };
  /** A grid that stays as it is. */
  readonly intensity?: Readonly<Record<string, number>>;
  /** Further keys of `--config`. */
  readonly config?: object;
}

/** Nodes of the scenes; each takes 110 pods. */
export const NODES = 'eu-west-1=3,eu-central-1=3,us-east-1=3';
const NAMESPACE = 'lowtide-holding';

/** A cluster with a scheduler that knows nothing of Lowtide, and Lowtide beside it with its webhooks registered. */
export class HoldingStage {
  readonly cluster: TestCluster;
  readonly client: ApiClient;
  /** The namespace that most scenes play in. */
  readonly objects: Objects;
  readonly #running = new Set<StartedLowtide | LowtideProcess>();
  #files = 0;

  private constructor(cluster: TestCluster, client: ApiClient) {
    this.cluster = cluster;
    this.client = client;
    this.objects = new Objects(client, NAMESPACE);
  }

  static async open(nodes = NODES, featureGates: FeatureGates = {}): Promise<HoldingStage> {
    const cluster = await openCluster({ nodes, featureGates });
    const stage = new HoldingStage(cluster, await ApiClient.fromKubeconfig(cluster.kubeconfig));
    await Workloads.in(stage.client, NAMESPACE);
    return stage;
  }

  /** Another namespace, with labels and annotations. */
  async namespace(name: string, metadata: object): Promise<Objects> {
    const objects = new Objects(this.client, name);
    await objects.create({ kind: 'Namespace', metadata: { name, ...metadata } });
    await Workloads.in(this.client, name);
    return objects;
  }

  /** Starts Lowtide with its webhooks, and waits until the API server asks it. */
  async play(scene: Scene): Promise<LowtideProcess> {
    const started = await startLowtide(this.#file('log'), [
      ...(await this.replicaArgs(scene)),
      ...(await this.webhookArgs()),
    ]);
    this.#running.add(started);
    await this.untilAsked();
    return started;
  }

  /** What every replica of a scene is started with. */
  async replicaArgs({ policy, trace, intensity, config }: Scene): Promise<readonly string[]> {
    const sources = intensity === undefined ? {} : { sources: [{ static: { values: intensity } }] };
    return [
      ...['--kubeconfig', this.cluster.kubeconfig],
      ...['--policy', await this.write('policy.yaml', JSON.stringify(policy))],
      ...['--config', await this.write('config.yaml', JSON.stringify({ ...sources, ...config }))],
      ...(trace === undefined ? [] : ['--trace', await this.write('trace.csv', traceOf(trace.stretches, trace.step))]),
    ];
  }

  /** What the one replica that the API server asks is started with; the same address at each start of it. */
  async webhookArgs(): Promise<readonly string[]> {
    const address = `127.0.0.1:${await freePort()}`;
    return ['--admission', address, '--webhook-url', `https://${address}`];
  }

  /** Starts a replica without waiting for it. */
  spawn(args: readonly string[]): StartedLowtide {
    const started = spawnLowtide(this.#file('log'), args);
    this.#running.add(started);
    return started;
  }

  /** Waits until what is malformed is refused: the webhooks are registered, and the API server has taken notice. */
  async untilAsked(): Promise<void> {
    const malformed = pod('malformed', { annotations: lowtide({ class: 'patient', 'max-delay': 'soon' }) });
    const refused = async (): Promise<boolean> =>
      (await this.objects.tryCreate(malformed, { dryRun: true })).status !== 201;
    await eventually(refused, { within: 10_000 });
  }

  /** Writes into the cluster's scratch folder. */
  async write(name: string, text: string): Promise<string> {
    const file = this.#file(name);
    await writeFile(file, text);
    return file;
  }

  /** Ends every Lowtide of the stage, so that it takes its webhooks with it. */
  async clear(): Promise<void> {
    await Promise.all([...this.#running].map((each) => each.stop()));
    this.#running.clear();
  }

  async close(): Promise<void> {
    await this.clear();
    this.client.close();
    await this.cluster.stop();
  }

  #file(name: string): string {
    this.#files += 1;
    return join(this.cluster.stateDir, `holding-${this.#files}-${name}`);
  }
}

/** A policy of two EU regions and one in the US, with classes whose delays a test can wait for. */
export function holdingPolicy({ classes = {}, scheduler = {} }: { classes?: object; scheduler?: object } = {}): object {
  return {
    apiVersion: 'lowtide.dev/v1alpha1',
    kind: 'Policy',
    classes: {
      brief: { maxDelay: '8s', maxIntensity: 250 },
      patient: { maxDelay: '10m', maxIntensity: 250 },
      ...classes,
    },
    regions: {
      'eu-west-1': { zone: 'IE', jurisdiction: 'eu', cost: 1 },
      'eu-central-1': { zone: 'DE', jurisdiction: 'eu', cost: 1 },
      'us-east-1': { zone: 'PJM', jurisdiction: 'us', cost: 1 },
    },
    residency: { sets: { 'eu-strict': { jurisdictions: ['eu'] }, 'us-only': { jurisdictions: ['us'] }, global: {} } },
    scheduler: { startupAllowance: '1s', ...scheduler },
  };
}
