import type { Instant } from '../carbon/units.ts';
import type { NodeSelectorTerm } from '../placement/types.ts';
import type { NamespaceFacts } from '../policy/namespace.ts';
import type { CronJobFacts, RolloutFacts } from '../timing/types.ts';
import { ClusterTable } from './cluster-table.ts';
import { CRON_JOBS } from './cron-job.ts';
import type { CronJobSpec } from './cron-job.ts';
import { nextSchedule } from './cron-schedule.ts';
import { deploymentOf, DEPLOYMENTS, laterRollout } from './deployment-rollout.ts';
import { NAMESPACES } from './namespace-facts.ts';
import { keyOf } from './namespaced-key.ts';
import { ResourceWatches } from './resource-watches.ts';
import type { ResourceWatchesOptions } from './resource-watches.ts';
import type { ResourceSink } from './resource.ts';
import { CLAIMS, volumes } from './volume-terms.ts';
import { guarded } from './watch-observer.ts';

/** What a watched cluster state is made of. Its observer is asked for `namespaces`, `cronjobs` and so on. */
export interface WatchedClusterStateOptions extends ResourceWatchesOptions {
  /** How many Jobs of the CronJob with this uid are held now. */
  readonly heldOfCronJob: (uid: string) => number;
}

/**
 * What decisions need to know of the cluster beside its nodes, kept in step with the API server: namespaces, CronJobs,
 * Deployments, claims and volumes. Reads never wait.
 */
export class WatchedClusterState {
  readonly #heldOfCronJob: (uid: string) => number;
  readonly #watches: ResourceWatches;
  readonly #namespaces = new ClusterTable<NamespaceFacts>();
  readonly #cronJobs = new ClusterTable<CronJobSpec>();
  readonly #deployments = new ClusterTable(laterRollout);
  readonly #claims = new ClusterTable<string | null>();
  readonly #volumes = new ClusterTable<readonly NodeSelectorTerm[]>();
  #onNamespaces: () => unknown = () => undefined;

  constructor({ heldOfCronJob, ...options }: WatchedClusterStateOptions) {
    this.#heldOfCronJob = heldOfCronJob;
    this.#watches = new ResourceWatches(options);
    this.#watches.add(
      NAMESPACES,
      heard(this.#namespaces, () => this.#onNamespaces()),
    );
    this.#watches.add(CRON_JOBS, this.#cronJobs);
    this.#watches.add(DEPLOYMENTS, this.#deployments);
    this.#watches.add(CLAIMS, this.#claims);
    this.#watches.add(volumes(), this.#volumes);
  }

  /**
   * Starts, once. Resolves when each resource is known or was refused (401 or 403): a permission that lacks leaves its
   * part of the state empty, and is asked for again and again.
   */
  async start(): Promise<void> {
    await this.#watches.start();
  }

  /** Stops for good. Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    await this.#watches.stop();
  }

  /** The resources of which nothing is known because the API server refused them. */
  get refused(): readonly string[] {
    return this.#watches.refused;
  }

  /** Has the listener told whenever what namespaces say may have changed, after it has been taken in. */
  onNamespaces(listener: () => void): void {
    this.#onNamespaces = listener;
  }

  /** Undefined: no such namespace is known (yet). */
  namespace(name: string): NamespaceFacts | undefined {
    return this.#namespaces.get(name);
  }

  /** Null: not known (yet). `next` is the first schedule after `after`. */
  cronJob(namespace: string, name: string, after: Instant): CronJobFacts | null {
    const spec = this.#cronJobs.get(keyOf(namespace, name));
    if (spec === undefined) return null;
    return { concurrency: spec.concurrency, next: nextSchedule(spec, after), held: this.#heldOfCronJob(spec.uid) };
  }

  /** Of the Deployment that owns the ReplicaSet; null: not known (yet), or the ReplicaSet is nobody's. */
  rollout(namespace: string, replicaSet: string): RolloutFacts | null {
    const deployment = deploymentOf(replicaSet);
    return deployment === null ? null : (this.#deployments.get(keyOf(namespace, deployment)) ?? null);
  }

  /** For each claim that is bound to a volume with node affinity, its terms; the pod must satisfy all of them. */
  volumeTerms(namespace: string, claims: readonly string[]): readonly (readonly NodeSelectorTerm[])[] {
    return claims
      .map((claim) => this.#volumes.get(this.#claims.get(keyOf(namespace, claim)) ?? '') ?? [])
      .filter((terms) => terms.length > 0);
  }
}

/** The same sink, and whoever listens is told of every change. */
function heard<Value>(sink: ResourceSink<Value>, listener: () => unknown): ResourceSink<Value> {
  return {
    replace: (all) => {
      sink.replace(all);
      guarded(listener);
    },
    put: (key, value) => {
      sink.put(key, value);
      guarded(listener);
    },
    remove: (key) => {
      sink.remove(key);
      guarded(listener);
    },
  };
}
