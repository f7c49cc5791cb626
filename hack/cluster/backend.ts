import type { Backend } from './types.ts';

const BACKENDS: readonly Backend[] = ['own', 'kind', 'existing'];

/** The backend that `E2E_CLUSTER` names; nothing named is our own. */
export function chooseBackend(env: NodeJS.ProcessEnv): Backend {
  const asked = env['E2E_CLUSTER'];
  if (asked === undefined || asked === '') return 'own';
  const backend = BACKENDS.find((known) => known === asked);
  if (backend === undefined) throw new Error(`E2E_CLUSTER=${asked}: choose one of ${BACKENDS.join(', ')}`);
  return backend;
}

/**
 * The kubeconfig of the cluster to be used by `existing`. `KUBECONFIG` and ~/.kube/config are never looked at: they
 * name whatever somebody works with, and tests create and delete.
 */
export function existingKubeconfig(env: NodeJS.ProcessEnv): string {
  const file = env['E2E_KUBECONFIG'];
  if (file === undefined || file === '') throw new Error('E2E_CLUSTER=existing needs E2E_KUBECONFIG=FILE');
  return file;
}
