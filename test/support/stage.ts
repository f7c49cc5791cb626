import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiClient } from '../../hack/cluster/api.ts';
import { regionOfNode } from '../../hack/cluster/node-objects.ts';
import { openCluster } from '../../hack/cluster/open.ts';
import type { TestCluster } from '../../hack/cluster/types.ts';
import { Workloads } from '../../hack/cluster/workloads.ts';
import type { PodState } from '../../hack/cluster/workloads.ts';
import { startLowtide } from '../../hack/lowtide/process.ts';
import type { LowtideProcess } from '../../hack/lowtide/process.ts';
import { schedulerConfiguration } from '../../hack/lowtide/scheduler-stanza.ts';
import type { SchedulerFile } from '../../hack/lowtide/scheduler-stanza.ts';
import { eventually } from './eventually.ts';

/** Where Lowtide listens for a scheduler that is not ours: hack/kind and docs/testing.md name the same. */
const FIXED_PORT = 9480;

export interface Act {
  readonly policy: object;
  /** Carbon intensity by zone, in force throughout. */
  readonly intensity?: Readonly<Record<string, number>>;
  /** Further arguments of `lowtide serve`. */
  readonly args?: readonly string[];
  /** Further keys of `--config`. */
  readonly config?: object;
  readonly scheduler?: SchedulerFile;
  /** Settings of the extender's stanza that differ from the shipped ones. */
  readonly stanza?: Readonly<Record<string, unknown>>;
}

/** A cluster for the scenarios of one file; each scenario brings its own Lowtide and scheduler on stage. */
export class Stage {
  readonly cluster: TestCluster;
  readonly client: ApiClient;
  readonly workloads: Workloads;
  #scenes = 0;
  #lowtide: LowtideProcess | null = null;

  private constructor(cluster: TestCluster, client: ApiClient, workloads: Workloads) {
    this.cluster = cluster;
    this.client = client;
    this.workloads = workloads;
  }

  static async open(nodes: string): Promise<Stage> {
    const cluster = await openCluster({ scheduler: null, nodes });
    const client = await ApiClient.fromKubeconfig(cluster.kubeconfig);
    return new Stage(cluster, client, await Workloads.in(client, 'lowtide-e2e'));
  }

  /** Starts Lowtide, and where the control plane is ours the scheduler with its extender there. */
  async play(act: Act): Promise<LowtideProcess> {
    await this.clear();
    const lowtide = await startLowtide(this.#file('log'), [
      ...['--kubeconfig', this.cluster.kubeconfig],
      ...['--policy', await this.write('policy.yaml', act.policy)],
      ...['--config', await this.write('config.yaml', configOf(act))],
      ...(this.cluster.control === null ? ['--extender', `0.0.0.0:${FIXED_PORT}`] : []),
      ...(act.args ?? []),
    ]);
    this.#lowtide = lowtide;
    await this.schedule(lowtide.extender, act);
    return lowtide;
  }

  /** Starts the scheduler against an extender's address, in place of the one that runs. */
  async schedule(url: string, act: Pick<Act, 'scheduler' | 'stanza'>): Promise<void> {
    const { control } = this.cluster;
    if (control === null) return;
    await control.scheduler('default')?.stop();
    const configuration = await schedulerConfiguration(act.scheduler ?? 'all-pods', url, act.stanza);
    await control.startScheduler('default', configuration);
  }

  /** Waits until the set's first pod is said not to be schedulable, and gives the reason. */
  async waiting(set: string): Promise<NonNullable<PodState['waiting']>> {
    const found: PodState['waiting'][] = [];
    const look = async (): Promise<boolean> => {
      const [first] = await this.workloads.states(set);
      if (first?.waiting) found.push(first.waiting);
      return found.length > 0;
    };
    await eventually(look, { within: 20_000 });
    return found[0] ?? { reason: '', message: '' };
  }

  /** Writes a document (JSON is YAML) into the cluster's scratch folder. */
  async write(name: string, document: object): Promise<string> {
    const file = this.#file(name);
    await writeFile(file, JSON.stringify(document));
    return file;
  }

  /** Ends the Lowtide that is on stage. */
  async clear(): Promise<void> {
    this.#scenes += 1;
    await this.#lowtide?.stop();
    this.#lowtide = null;
  }

  async close(): Promise<void> {
    await this.clear();
    if (this.cluster.control === null) await this.workloads.end();
    this.client.close();
    await this.cluster.stop();
  }

  #file(name: string): string {
    return join(this.cluster.stateDir, `lowtide-${this.#scenes}-${name}`);
  }
}

function configOf({ intensity, config }: Act): object {
  return { ...(intensity === undefined ? {} : { sources: [{ static: { values: intensity } }] }), ...config };
}

/** How many pods went to each region, by the node names of hack/cluster (`REGION-NUMBER`). */
export function byRegion(placed: ReadonlyMap<string, string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const node of placed.values()) {
    const region = regionOfNode(node);
    counts[region] = (counts[region] ?? 0) + 1;
  }
  return counts;
}
