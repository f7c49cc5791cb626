import { accessSync, constants, existsSync } from 'node:fs';
import type { Cluster, User } from '@kubernetes/client-node';
import { KubernetesError, reasonOf } from './errors.ts';
import { PooledKubeConfig } from './pooled-config.ts';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Which cluster to talk to. There is no default: a process never picks up a cluster that nobody named. */
export type ClusterSource =
  | { readonly kind: 'file'; readonly path: string; readonly context?: string }
  /** The pod's own service account; `root` is put before its paths. */
  | { readonly kind: 'in-cluster'; readonly root?: string };

/** Loads and checks access to a cluster, without a request. Throws a KubernetesError that says what to do. */
export function loadCluster(source: ClusterSource): PooledKubeConfig {
  const config = new PooledKubeConfig();
  if (source.kind === 'in-cluster') loadServiceAccount(config, source.root ?? '');
  else loadFile(config, source.path, source.context);
  return config;
}

function loadFile(config: PooledKubeConfig, path: string, context: string | undefined): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    const message = `kubeconfig ${path} cannot be read (${reasonOf(cause)}): name a readable file with --kubeconfig`;
    throw new KubernetesError('kubeconfig-unreadable', message, { cause });
  }
  const invalid = (what: string, cause?: unknown): KubernetesError =>
    new KubernetesError('kubeconfig-invalid', `kubeconfig ${path}: ${what}`, { cause });
  try {
    config.loadFromFile(path);
  } catch (cause) {
    throw invalid(`not a kubeconfig (${reasonOf(cause)}): try it with kubectl --kubeconfig`, cause);
  }
  if (context !== undefined) config.setCurrentContext(context);
  const fault = faultOf(config);
  if (fault !== null) throw invalid(fault);
}

/** What would make every request fail, in words; null if nothing is known to. */
function faultOf(config: PooledKubeConfig): string | null {
  const name = config.getCurrentContext();
  // client-node types these as always present, and takes them from the file as they are.
  if (typeof (name as unknown) !== 'string' || name === '') return 'no current-context: set one, or name a context';
  if (config.getContextObject(name) === null) return `no context "${name}": choose one that it lists`;
  const cluster = config.getCurrentCluster();
  if (cluster === null) return `context "${name}" names a cluster that is not there`;
  const user = config.getCurrentUser();
  if (user === null) return `context "${name}" names a user that is not there`;
  return serverFault(cluster) ?? fileFault(cluster, user);
}

function serverFault({ server, skipTLSVerify }: Cluster): string | null {
  if (!URL.canParse(server) || !/^https?:/.test(server)) return `server "${server}" is not a URL with https://`;
  if (server.startsWith('http:') && !skipTLSVerify) {
    return `server "${server}" is not https: without TLS it is used only with insecure-skip-tls-verify: true`;
  }
  return null;
}

function fileFault(cluster: Cluster, user: User): string | null {
  const files = [cluster.caFile, user.certFile, user.keyFile];
  const missing = files.find((file) => typeof file === 'string' && !existsSync(file));
  return missing === undefined ? null : `the file ${missing} that it names is not there`;
}

function loadServiceAccount(config: PooledKubeConfig, root: string): void {
  for (const file of ['token', 'ca.crt'].map((name) => `${root}${SERVICE_ACCOUNT}/${name}`)) {
    if (!existsSync(file)) throw notInCluster(`there is no ${file}`);
  }
  config.loadFromCluster(root);
  // client-node writes "undefined" into the address where the variables are not set.
  if (config.getCurrentCluster()?.server.includes('undefined') === true) {
    throw notInCluster('KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set');
  }
}

function notInCluster(what: string): KubernetesError {
  const advice = 'name a cluster with --kubeconfig, or give the pod a service account and its token';
  return new KubernetesError('not-in-cluster', `not in a cluster: ${what}; ${advice}`);
}
