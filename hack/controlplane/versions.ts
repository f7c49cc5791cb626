/** The Kubernetes minors that a test control plane can be built for, newest first; each has a Go module beside this file. */
export const KUBERNETES_MINORS = ['1.36', '1.35', '1.34'] as const;

/** One of the minors above. */
export type KubernetesMinor = (typeof KUBERNETES_MINORS)[number];

/** The minor that `K8S` asks for; nothing asked for is the newest. */
export function chooseMinor(requested: string | undefined): KubernetesMinor {
  if (requested === undefined || requested === '') return KUBERNETES_MINORS[0];
  const minor = KUBERNETES_MINORS.find((known) => known === requested);
  if (minor === undefined) throw new Error(`K8S=${requested}: choose one of ${KUBERNETES_MINORS.join(', ')}`);
  return minor;
}

/** The Kubernetes release that a go.mod requires, e.g. `v1.36.3`: the go.mod is the one place where it is written. */
export function pinnedRelease(goMod: string): string {
  const release = /^(?:require )?\s*k8s\.io\/kubernetes (v\d+\.\d+\.\d+)$/m.exec(goMod)?.[1];
  if (release === undefined) throw new Error('go.mod requires no release of k8s.io/kubernetes');
  return release;
}

/** Whether `go env GOVERSION` (e.g. `go1.26.8`) names at least the given 1.x. */
export function isGoAtLeast(goVersion: string, minor: number): boolean {
  const found = /^go1\.(\d+)/.exec(goVersion)?.[1];
  return found !== undefined && Number(found) >= minor;
}
