import type { StageName } from './components.ts';

/** Features of Kubernetes by name, switched on or off against their default. */
export type FeatureGates = Readonly<Record<string, boolean>>;

/** A running kube-scheduler. */
export interface Scheduler {
  readonly name: string;
  readonly logFile: string;
  /** Kills it; its name may be used again. */
  stop(): Promise<void>;
}

/** A program of the control plane that runs now. */
export interface RunningProgram {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
}

/** What a test may do to a control plane that is ours. */
export interface ControlPlane {
  /** The API server's address; it stays the same when the API server is stopped and started. */
  readonly server: string;
  /**
   * Starts a scheduler with a KubeSchedulerConfiguration and waits until it is ready. Kubeconfig, client rate and
   * leader election are set; several run side by side under different names.
   */
  startScheduler(name: string, configuration: unknown): Promise<Scheduler>;
  /** The running scheduler of that name; the one that the control plane was started with is `default`. */
  scheduler(name: string): Scheduler | undefined;
  /** Kills the API server; etcd keeps what it holds. */
  stopApiServer(): Promise<void>;
  /** Starts the API server again, at the same address. */
  startApiServer(): Promise<void>;
  /** Runs KWOK anew with these stages alone, e.g. without `pod-delete` to let terminating pods hang. */
  restartKwok(stages: readonly StageName[]): Promise<void>;
  /** Ends KWOK: nodes and pods stay as they are. */
  stopKwok(): Promise<void>;
  /** What runs now. */
  programs(): readonly RunningProgram[];
}
