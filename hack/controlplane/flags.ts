import { join } from 'node:path';
import { kubeconfigFile, pkiFile } from './state.ts';
import type { FeatureGates } from './types.ts';

/** Flags of etcd. Nothing is synced to disk: the data must outlive a restart of the API server, not of the machine. */
export function etcdFlags(folder: string, clientPort: number, peerPort: number): string[] {
  const client = `http://127.0.0.1:${clientPort}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--unsafe-no-fsync',
  ];
}

/**
 * Flags of kube-apiserver. Three of them are there for a reason that does not show:
 * a loopback address is refused as endpoint of the `kubernetes` service, so no endpoint is written;
 * without the request header CA scheduler and controller manager log an error every five seconds;
 * with TaintNodesByCondition every node is born tainted, and the controller that takes the taint off is off here.
 */
export function apiServerFlags(folder: string, port: number, etcdUrl: string): string[] {
  const issuerKey = pkiFile(folder, 'service-account.key');
  return [
    `--etcd-servers=${etcdUrl}`,
    ...servingFlags(folder, port),
    '--advertise-address=127.0.0.1',
    `--client-ca-file=${pkiFile(folder, 'ca.crt')}`,
    `--token-auth-file=${pkiFile(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${issuerKey}`,
    `--service-account-signing-key-file=${issuerKey}`,
    '--allow-privileged=true',
    '--endpoint-reconciler-type=none',
    `--requestheader-client-ca-file=${pkiFile(folder, 'ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--disable-admission-plugins=TaintNodesByCondition',
  ];
}

/** The flag that switches features of Kubernetes on or off; none where nothing is asked for. */
export function gateFlags(gates: FeatureGates): string[] {
  const pairs = Object.entries(gates).map(([name, on]) => `${name}=${String(on)}`);
  return pairs.length === 0 ? [] : [`--feature-gates=${pairs.join(',')}`];
}

/** They need real nodes or a cloud, or (ttl) write to each node what only a kubelet reads. */
const LEFT_OUT = [
  'node-lifecycle-controller',
  'node-ipam-controller',
  'cloud-node-lifecycle-controller',
  'ttl-controller',
];

/** Flags of kube-controller-manager. */
export function controllerManagerFlags(folder: string, port: number): string[] {
  return [
    `--kubeconfig=${kubeconfigFile(folder, 'controller-manager')}`,
    ...delegatedFlags(folder, 'controller-manager'),
    ...servingFlags(folder, port),
    `--controllers=*,${LEFT_OUT.map((name) => `-${name}`).join(',')}`,
    '--leader-elect=false',
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${pkiFile(folder, 'service-account.key')}`,
    `--root-ca-file=${pkiFile(folder, 'ca.crt')}`,
    '--kube-api-qps=1000',
    '--kube-api-burst=2000',
  ];
}

/** Flags of kube-scheduler. */
export function schedulerFlags(folder: string, port: number, configFile: string): string[] {
  return [`--config=${configFile}`, ...delegatedFlags(folder, 'scheduler'), ...servingFlags(folder, port)];
}

function servingFlags(folder: string, port: number): string[] {
  return [
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    `--tls-cert-file=${pkiFile(folder, 'server.crt')}`,
    `--tls-private-key-file=${pkiFile(folder, 'server.key')}`,
    `--cert-dir=${join(folder, 'pki')}`,
  ];
}

function delegatedFlags(folder: string, user: 'scheduler' | 'controller-manager'): string[] {
  const file = kubeconfigFile(folder, user);
  return [`--authentication-kubeconfig=${file}`, `--authorization-kubeconfig=${file}`];
}
