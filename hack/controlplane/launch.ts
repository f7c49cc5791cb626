import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { binaryPath } from './cache.ts';
import type { ComponentName } from './components.ts';
import { apiServerFlags, controllerManagerFlags, etcdFlags, gateFlags, schedulerFlags } from './flags.ts';
import { freePort, freePorts } from './ports.ts';
import type { Program } from './program.ts';
import { startProgram } from './program.ts';
import type { Probe } from './readiness.ts';
import { waitUntilReady } from './readiness.ts';
import { runnableConfiguration } from './scheduler-configuration.ts';
import type { State } from './state.ts';
import { kubeconfigFile, logFile } from './state.ts';
import type { FeatureGates } from './types.ts';

/** Where a control plane's programs come from and where its state is. */
export interface Place {
  readonly installation: string;
  readonly state: State;
  /** Of API server and controller manager. */
  readonly gates: FeatureGates;
}

/** Starts etcd. */
export async function launchEtcd(place: Place): Promise<{ program: Program; url: string }> {
  const [client = 0, peer = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${client}`;
  const program = run(place, 'etcd', 'etcd', etcdFlags(place.state.folder, client, peer));
  await waitUntilReady(program, [{ url: `${url}/health` }]);
  return { program, url };
}

/** Starts kube-apiserver on a port. */
export async function launchApiServer(place: Place, port: number, etcdUrl: string): Promise<Program> {
  const flags = [...apiServerFlags(place.state.folder, port, etcdUrl), ...gateFlags(place.gates)];
  const program = run(place, 'kube-apiserver', 'kube-apiserver', flags);
  await waitUntilReady(program, [apiProbe(place, `https://127.0.0.1:${port}/readyz`)]);
  return program;
}

/** Starts kube-controller-manager; ready when pods can be created, for which they need a service account. */
export async function launchControllerManager(place: Place, server: string): Promise<Program> {
  const port = await freePort();
  const flags = [...controllerManagerFlags(place.state.folder, port), ...gateFlags(place.gates)];
  const program = run(place, 'kube-controller-manager', 'kube-controller-manager', flags);
  await waitUntilReady(program, [
    apiProbe(place, `https://127.0.0.1:${port}/healthz`),
    apiProbe(place, `${server}/api/v1/namespaces/default/serviceaccounts/default`),
  ]);
  return program;
}

/** Starts a kube-scheduler with a configuration. */
export async function launchScheduler(place: Place, name: string, configuration: unknown): Promise<Program> {
  const { folder } = place.state;
  const port = await freePort();
  const file = join(folder, 'schedulers', `${name}.json`);
  const runnable = runnableConfiguration(configuration, kubeconfigFile(folder, 'scheduler'));
  await writeFile(file, JSON.stringify(runnable, undefined, 2));
  const program = run(place, schedulerProgram(name), 'kube-scheduler', schedulerFlags(folder, port, file));
  await waitUntilReady(program, [
    apiProbe(place, `https://127.0.0.1:${port}/healthz`),
    apiProbe(place, `https://127.0.0.1:${port}/readyz`),
  ]);
  return program;
}

/** The name of a scheduler's process and log. */
export function schedulerProgram(name: string): string {
  return `kube-scheduler-${name}`;
}

function run({ installation, state }: Place, name: string, component: ComponentName, args: string[]): Program {
  const command = binaryPath(installation, component);
  return startProgram({ name, command, args, logFile: logFile(state.folder, name) });
}

function apiProbe({ state }: Place, url: string): Probe {
  return { url, ca: state.ca, token: state.tokens.admin };
}
