import type { ClusterSource } from '../kubernetes/client.ts';

/** Which cluster a command talks to: the file that was named, or the pod's own; null: neither. */
export function clusterSource(kubeconfig: string | undefined, env: NodeJS.ProcessEnv): ClusterSource | null {
  if (kubeconfig !== undefined) return { kind: 'file', path: kubeconfig };
  return env['KUBERNETES_SERVICE_HOST'] === undefined ? null : { kind: 'in-cluster' };
}
