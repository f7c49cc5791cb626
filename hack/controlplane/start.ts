import { rm } from 'node:fs/promises';
import { ALL_STAGES } from './components.ts';
import type { StageName } from './components.ts';
import { startKwok } from './kwok.ts';
import type { Place } from './launch.ts';
import { launchApiServer, launchControllerManager, launchEtcd, launchScheduler, schedulerProgram } from './launch.ts';
import { freePort, retryOnTakenPort } from './ports.ts';
import { Roster } from './roster.ts';
import { kubeconfigFile, logFile, makeState, writeKubeconfigs } from './state.ts';
import type { ControlPlane, FeatureGates, RunningProgram, Scheduler } from './types.ts';

/** How to start a control plane. */
export interface StartOptions {
  /** Folder of an installation. */
  readonly installation: string;
  /** Configuration of the scheduler named `default`; null starts none. */
  readonly scheduler: unknown;
  readonly featureGates?: FeatureGates;
}

/** A control plane and its end. */
export interface StartedControlPlane {
  readonly control: ControlPlane;
  readonly kubeconfig: string;
  readonly stateDir: string;
  /** Ends everything. Its folder goes too, unless a program had ended by itself: then that is the error. */
  stop(): Promise<void>;
}

/** Starts a control plane with fresh state. When that fails, nothing is left running and the logs are kept. */
export async function startControlPlane(options: StartOptions): Promise<StartedControlPlane> {
  const { installation, featureGates = {} } = options;
  const plane = new OwnControlPlane({ installation, state: await makeState(), gates: featureGates });
  try {
    await plane.start(options.scheduler);
  } catch (error) {
    await plane.abandon();
    throw new Error(`the control plane did not start; its logs are kept in ${plane.stateDir}/logs`, { cause: error });
  }
  return { control: plane, kubeconfig: plane.kubeconfig, stateDir: plane.stateDir, stop: () => plane.stop() };
}

class OwnControlPlane implements ControlPlane {
  readonly kubeconfig: string;
  readonly stateDir: string;
  readonly #place: Place;
  readonly #roster = new Roster();
  #etcdUrl = '';
  #port = 0;

  constructor(place: Place) {
    this.#place = place;
    this.stateDir = place.state.folder;
    this.kubeconfig = kubeconfigFile(this.stateDir, 'admin');
  }

  get server(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  async start(scheduler: unknown): Promise<void> {
    const etcd = await retryOnTakenPort(() => launchEtcd(this.#place));
    this.#roster.add(etcd.program);
    this.#etcdUrl = etcd.url;
    await retryOnTakenPort(async () => {
      this.#port = await freePort();
      await this.startApiServer();
    });
    await writeKubeconfigs(this.#place.state, this.server);
    // All are waited for, also when one fails: what still starts must be on the roster to be ended.
    const starts = await Promise.allSettled([
      retryOnTakenPort(() => launchControllerManager(this.#place, this.server)).then((program) => {
        this.#roster.add(program);
      }),
      this.restartKwok(ALL_STAGES),
      scheduler === null ? undefined : this.startScheduler('default', scheduler),
    ]);
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
  }

  async startApiServer(): Promise<void> {
    if (this.#roster.has('kube-apiserver')) throw new Error('the API server runs already');
    this.#roster.add(await launchApiServer(this.#place, this.#port, this.#etcdUrl));
  }

  async stopApiServer(): Promise<void> {
    await this.#roster.end('kube-apiserver');
  }

  async startScheduler(name: string, configuration: unknown): Promise<Scheduler> {
    if (this.scheduler(name) !== undefined) throw new Error(`scheduler ${name} runs already`);
    this.#roster.add(await retryOnTakenPort(() => launchScheduler(this.#place, name, configuration)));
    return this.#schedulerNamed(name);
  }

  scheduler(name: string): Scheduler | undefined {
    return this.#roster.has(schedulerProgram(name)) ? this.#schedulerNamed(name) : undefined;
  }

  async restartKwok(stages: readonly StageName[]): Promise<void> {
    await this.#roster.end('kwok');
    const start = () =>
      startKwok({
        installation: this.#place.installation,
        kubeconfig: kubeconfigFile(this.stateDir, 'kwok'),
        folder: this.stateDir,
        logFile: logFile(this.stateDir, 'kwok'),
        stages,
        nodes: 'all',
      });
    this.#roster.add(await retryOnTakenPort(start));
  }

  async stopKwok(): Promise<void> {
    await this.#roster.end('kwok');
  }

  programs(): readonly RunningProgram[] {
    return this.#roster.running();
  }

  async abandon(): Promise<void> {
    await this.#roster.endAll();
  }

  async stop(): Promise<void> {
    const errors = await this.#roster.endAll();
    if (errors.length > 0) {
      throw new AggregateError(errors, `part of the control plane broke; logs are kept in ${this.stateDir}/logs`);
    }
    await rm(this.stateDir, { recursive: true, force: true });
  }

  #schedulerNamed(name: string): Scheduler {
    const program = schedulerProgram(name);
    return {
      name,
      logFile: logFile(this.stateDir, program),
      stop: () => this.#roster.end(program),
    };
  }
}
