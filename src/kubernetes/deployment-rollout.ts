import { millis } from '../carbon/units.ts';
import type { RolloutFacts } from '../timing/types.ts';
import { namespacedKey } from './namespaced-key.ts';
import type { Keyed, Resource } from './resource.ts';
import { listMember, member, metadataText } from './untyped.ts';

/** What is kept of a Deployment. */
export interface DeploymentRollout extends RolloutFacts {
  readonly uid: string;
}

/** The Deployments of the cluster, by namespace and name. */
export const DEPLOYMENTS: Resource<DeploymentRollout> = {
  name: 'deployments',
  path: '/apis/apps/v1/deployments',
  read: deploymentRollout,
};

const REVISION = 'deployment.kubernetes.io/revision';
/** What Kubernetes itself takes where progressDeadlineSeconds is not set. */
const PROGRESS_DEADLINE = 600;

function deploymentRollout(deployment: unknown): Keyed<DeploymentRollout> | null {
  const [key, uid] = [namespacedKey(deployment), metadataText(deployment, 'uid')];
  if (key === null || uid === null) return null;
  const seconds = member(member(deployment, 'spec'), 'progressDeadlineSeconds');
  const progressDeadline = millis(1000 * (typeof seconds === 'number' ? seconds : PROGRESS_DEADLINE));
  return { key, value: { uid, first: isFirst(deployment), progressDeadline } };
}

/** A replica that was ready once shows in one of three places, unless it went again during the first rollout. */
function isFirst(deployment: unknown): boolean {
  const status = member(deployment, 'status');
  const revision = member(member(member(deployment, 'metadata'), 'annotations'), REVISION) ?? '1';
  const ready = member(status, 'readyReplicas') ?? 0;
  const complete = listMember(status, 'conditions').some(
    (one) => member(one, 'type') === 'Progressing' && member(one, 'reason') === 'NewReplicaSetAvailable',
  );
  return revision === '1' && ready === 0 && !complete;
}

/** What is known of a Deployment after a change: one that had a ready replica once never has its first rollout again. */
export function laterRollout(now: DeploymentRollout, before: DeploymentRollout | undefined): DeploymentRollout {
  return before?.uid === now.uid && !before.first ? { ...now, first: false } : now;
}

/**
 * Name of the Deployment that made a ReplicaSet: the ReplicaSet's own less the hash of its template. Null where the
 * name has no such part.
 */
export function deploymentOf(replicaSet: string): string | null {
  const dash = replicaSet.lastIndexOf('-');
  return dash <= 0 ? null : replicaSet.slice(0, dash);
}
