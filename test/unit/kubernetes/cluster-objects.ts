import type { FakeObject } from '../../support/fake-api-server.ts';

/** A namespace with these annotations and labels. */
export function namespaceObject(
  name: string,
  { annotations = {}, labels = {} }: { annotations?: Record<string, string>; labels?: Record<string, string> } = {},
): FakeObject {
  return {
    metadata: { name, uid: `uid-${name}`, annotations, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
  };
}

/** A CronJob in the namespace `batch`; its uid is `uid-NAME`. */
export function cronJobObject(name: string, spec: object): FakeObject {
  return { metadata: { name, namespace: 'batch', uid: `uid-${name}` }, spec };
}

interface DeploymentSketch {
  readonly uid?: string;
  readonly revision?: string;
  readonly ready?: number;
  readonly progress?: string;
  readonly spec?: object;
}

/** A Deployment in the namespace `web`, at the start of its first rollout unless said otherwise. */
export function deploymentObject(name: string, sketch: DeploymentSketch = {}): FakeObject {
  const { uid = `uid-${name}`, revision, ready, progress = 'ReplicaSetUpdated', spec = {} } = sketch;
  const annotations = revision === undefined ? {} : { 'deployment.kubernetes.io/revision': revision };
  return {
    metadata: { name, namespace: 'web', uid, annotations },
    spec,
    status: {
      ...(ready !== undefined && { readyReplicas: ready }),
      conditions: [
        { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable' },
        { type: 'Progressing', status: 'True', reason: progress },
      ],
    },
  };
}

/** A claim in the namespace `batch`, bound to a volume unless its phase says otherwise. */
export function claimObject(name: string, volumeName: string | null, phase = 'Bound'): FakeObject {
  return {
    metadata: { name, namespace: 'batch' },
    spec: { accessModes: ['ReadWriteOnce'], ...(volumeName !== null && { volumeName }) },
    status: { phase },
  };
}

/** A volume that nodes of these zones alone can mount; without zones, every node can. */
export function volumeObject(name: string, ...zones: readonly string[]): FakeObject {
  const matchExpressions = [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: zones }];
  const nodeAffinity = { required: { nodeSelectorTerms: [{ matchExpressions }] } };
  return { metadata: { name }, spec: { capacity: { storage: '1Gi' }, ...(zones.length > 0 && { nodeAffinity }) } };
}
