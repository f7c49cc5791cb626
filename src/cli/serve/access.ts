import { KubernetesError } from '../../kubernetes/errors.ts';
import type { PooledKubeConfig } from '../../kubernetes/pooled-config.ts';
import { clusterSource } from '../cluster-source.ts';
import { UsageError } from '../usage-error.ts';
import type { ServeOptions } from './options.ts';

/**
 * Access to the cluster that the options name; null where `--nodes` stands in for one. `instead` is the option that
 * serves the command where there is no cluster, for the message.
 * @throws UsageError where no cluster is named, or what is named cannot be used.
 */
export async function openAccess(
  { cluster }: Pick<ServeOptions, 'cluster'>,
  env: NodeJS.ProcessEnv,
  instead: string | null = '--nodes FILE',
): Promise<PooledKubeConfig | null> {
  if (cluster.nodes !== undefined) return null;
  const source = clusterSource(cluster.kubeconfig, env);
  if (source === null) {
    const options = ['--kubeconfig FILE', ...(instead === null ? [] : [instead])].join(', or ');
    throw new UsageError([`no cluster named: give ${options}, or run in a pod of the cluster`]);
  }
  // The client costs a third of a second and 80 MB: only a command that talks to a cluster loads it.
  const { loadCluster } = await import('../../kubernetes/client.ts');
  return explained(() => loadCluster(source));
}

/** What cannot heal by itself is for the caller to mend. */
function explained<Result>(open: () => Result): Result {
  try {
    return open();
  } catch (error) {
    if (error instanceof KubernetesError && !error.retryable) throw new UsageError([error.message]);
    throw error;
  }
}
