import { chooseBackend, existingKubeconfig } from './backend.ts';
import { openForeign } from './foreign.ts';
import { openKind } from './kind.ts';
import { openOwn } from './own.ts';
import type { ClusterOptions, TestCluster } from './types.ts';

/** Opens the test cluster that `E2E_CLUSTER` names (`own`, `kind`, `existing`). */
export async function openCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  const cluster = await open(options);
  if (options.nodes === undefined) return cluster;
  try {
    await cluster.addNodes(options.nodes);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function open({ scheduler = {}, env = process.env, featureGates = {} }: ClusterOptions): Promise<TestCluster> {
  switch (chooseBackend(env)) {
    case 'own':
      return openOwn(env, { scheduler, featureGates });
    case 'kind':
      return openKind(env);
    case 'existing': {
      const file = existingKubeconfig(env);
      const hostAddress = env['E2E_HOST_ADDRESS'] ?? null;
      return openForeign({ backend: 'existing', hostAddress, kubeconfig: () => Promise.resolve(file) }, env);
    }
  }
}
