import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installationOf, isBuilt } from '../controlplane/cache.ts';
import { ALL_STAGES } from '../controlplane/components.ts';
import { install } from '../controlplane/install.ts';
import { startKwok } from '../controlplane/kwok.ts';
import type { Program } from '../controlplane/program.ts';
import { chooseMinor } from '../controlplane/versions.ts';
import { ApiClient } from './api.ts';
import { NodeNamer } from './node-objects.ts';
import { NodePool } from './node-pool.ts';
import type { Backend, TestCluster } from './types.ts';

/** A cluster whose control plane is not ours. */
export interface ForeignCluster {
  readonly backend: Exclude<Backend, 'own'>;
  readonly hostAddress: string | null;
  /** Gives the path of a kubeconfig; may write it into the scratch folder. */
  readonly kubeconfig: (stateDir: string) => Promise<string>;
}

/**
 * Opens a cluster that stands already. KWOK runs on this machine and plays the nodes labelled `type=kwok` alone, so
 * nothing is installed in the cluster; E2E_KWOK=cluster leaves it to a KWOK that runs there.
 */
export async function openForeign(cluster: ForeignCluster, env: NodeJS.ProcessEnv): Promise<TestCluster> {
  const stateDir = await mkdtemp(join(tmpdir(), 'lowtide-cluster-'));
  const kubeconfig = await cluster.kubeconfig(stateDir);
  const kwok = env['E2E_KWOK'] === 'cluster' ? null : await kwokHere(stateDir, kubeconfig, env);
  const client = await ApiClient.fromKubeconfig(kubeconfig);
  const nodes = new NodePool(client, new NodeNamer(`e2e-${randomBytes(2).toString('hex')}-`));
  return {
    backend: cluster.backend,
    kubeconfig,
    stateDir,
    hostAddress: cluster.hostAddress,
    control: null,
    addNodes: (spec) => nodes.add(spec),
    removeNodes: (names) => nodes.remove(names),
    stop: async () => {
      await nodes.removeAll();
      client.close();
      await kwok?.kill();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

async function kwokHere(stateDir: string, kubeconfig: string, env: NodeJS.ProcessEnv): Promise<Program> {
  const installation = installationOf(chooseMinor(env['K8S']), env);
  if (!isBuilt(installation)) await install(installation, (text) => process.stderr.write(text));
  return startKwok({
    installation: installation.folder,
    kubeconfig,
    folder: stateDir,
    logFile: join(stateDir, 'kwok.log'),
    stages: ALL_STAGES,
    nodes: 'labelled',
  });
}
