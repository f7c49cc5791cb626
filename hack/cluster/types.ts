import type { ControlPlane, FeatureGates } from '../controlplane/types.ts';

/** Where a test cluster comes from: our own control plane, kind, or a cluster that stands already. */
export type Backend = 'own' | 'kind' | 'existing';

/** A cluster for tests and demonstrations, the same whatever it stands on. */
export interface TestCluster {
  readonly backend: Backend;
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  /** A scratch folder that goes with the cluster. */
  readonly stateDir: string;
  /** The address under which the cluster reaches a server on this machine; null where nobody told us. */
  readonly hostAddress: string | null;
  /** Null where the control plane is not ours; `controlOrSkip` in skip.ts skips a test then. */
  readonly control: ControlPlane | null;
  /** Adds fake nodes (see node-spec.ts) and waits until they are Ready; gives their names. */
  addNodes(spec: string): Promise<readonly string[]>;
  removeNodes(names: readonly string[]): Promise<void>;
  /** Ends what `openCluster` started, and removes the nodes that were added and the scratch folder. */
  stop(): Promise<void>;
}

/** How to open a cluster. */
export interface ClusterOptions {
  /**
   * KubeSchedulerConfiguration of the scheduler named `default`; null starts none; left out, one without extenders.
   * The own backend only: elsewhere the cluster's scheduler is what it is.
   */
  readonly scheduler?: object | null;
  /** Features of Kubernetes; the own backend only. */
  readonly featureGates?: FeatureGates;
  /** Nodes to begin with. */
  readonly nodes?: string;
  /** Stands in for the process's environment: E2E_CLUSTER, E2E_KUBECONFIG, E2E_HOST_ADDRESS, E2E_KWOK, K8S, XDG_CACHE_HOME. */
  readonly env?: NodeJS.ProcessEnv;
}
