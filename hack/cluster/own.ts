import { installationOf, isBuilt } from '../controlplane/cache.ts';
import { install } from '../controlplane/install.ts';
import { startControlPlane } from '../controlplane/start.ts';
import { chooseMinor } from '../controlplane/versions.ts';
import { ApiClient } from './api.ts';
import { NodeNamer } from './node-objects.ts';
import { NodePool } from './node-pool.ts';
import type { ClusterOptions, TestCluster } from './types.ts';

interface OwnOptions extends Pick<ClusterOptions, 'featureGates'> {
  readonly scheduler: object | null;
}

/** Opens a cluster on our own control plane; builds it first where that has not been done. */
export async function openOwn(
  env: NodeJS.ProcessEnv,
  { scheduler, featureGates = {} }: OwnOptions,
): Promise<TestCluster> {
  const installation = installationOf(chooseMinor(env['K8S']), env);
  if (!isBuilt(installation)) await install(installation, (text) => process.stderr.write(text));
  const started = await startControlPlane({ installation: installation.folder, scheduler, featureGates });
  const client = await ApiClient.fromKubeconfig(started.kubeconfig);
  const nodes = new NodePool(client, new NodeNamer());
  return {
    backend: 'own',
    kubeconfig: started.kubeconfig,
    stateDir: started.stateDir,
    hostAddress: '127.0.0.1',
    control: started.control,
    addNodes: (spec) => nodes.add(spec),
    removeNodes: (names) => nodes.remove(names),
    stop: async () => {
      client.close();
      await started.stop();
    },
  };
}
