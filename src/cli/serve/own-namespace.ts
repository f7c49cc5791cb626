import { readFileSync } from 'node:fs';
import type { ServeOptions } from './options.ts';

const IN_POD = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';
/** Where cluster components that run outside of it keep their Leases, too. */
const OUTSIDE = 'kube-system';

/** Where Lowtide lives: as configured, else the pod's own namespace, else (outside a cluster) kube-system. */
export function ownNamespace({ namespace, cluster }: ServeOptions, env: NodeJS.ProcessEnv): string {
  if (namespace !== undefined) return namespace;
  if (cluster.kubeconfig !== undefined || env['KUBERNETES_SERVICE_HOST'] === undefined) return OUTSIDE;
  return readFileSync(IN_POD, 'utf8').trim();
}
