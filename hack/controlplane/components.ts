/**
 * The programs of the test control plane. Those of Kubernetes are built from the module of its minor. etcd and KWOK do
 * not follow Kubernetes' minors: KWOK compiles against the newest alone, and both serve the older ones too.
 */
export const COMPONENTS = [
  { name: 'etcd', package: 'go.etcd.io/etcd/server/v3', from: 'newest' },
  { name: 'kwok', package: 'sigs.k8s.io/kwok/cmd/kwok', from: 'newest' },
  { name: 'kube-apiserver', package: 'k8s.io/kubernetes/cmd/kube-apiserver', from: 'minor' },
  { name: 'kube-scheduler', package: 'k8s.io/kubernetes/cmd/kube-scheduler', from: 'minor' },
  { name: 'kube-controller-manager', package: 'k8s.io/kubernetes/cmd/kube-controller-manager', from: 'minor' },
] as const;

/** The name of one of the programs above. */
export type ComponentName = (typeof COMPONENTS)[number]['name'];

/**
 * KWOK's stages that a test cluster plays, by the name we give them, with their place in KWOK's module.
 * KWOK ends at once without any.
 */
export const STAGE_SOURCES = {
  'node-initialize': 'kustomize/stage/node/fast/node-initialize.yaml',
  'pod-ready': 'kustomize/stage/pod/fast/pod-ready.yaml',
  'pod-complete': 'kustomize/stage/pod/general/pod-complete.yaml',
  'pod-delete': 'kustomize/stage/pod/fast/pod-delete.yaml',
} as const;

/** The name of one of the stages above. */
export type StageName = keyof typeof STAGE_SOURCES;

/** All stages, in the order in which a pod meets them. */
export const ALL_STAGES: readonly StageName[] = ['node-initialize', 'pod-ready', 'pod-complete', 'pod-delete'];

/** The stamp that Kubernetes' own build puts in; without it `/version` says v0.0.0-master. */
export function versionFlags(release: string): string {
  const [major = '', minor = ''] = release.slice(1).split('.');
  const stamp = (key: string, value: string): string => `-X k8s.io/component-base/version.${key}=${value}`;
  return ['-s -w', stamp('gitVersion', release), stamp('gitMajor', major), stamp('gitMinor', minor)].join(' ');
}
