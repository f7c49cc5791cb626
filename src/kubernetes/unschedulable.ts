import { instant } from '../carbon/units.ts';
import type { Instant } from '../carbon/units.ts';
import { workName } from '../timing/held-work.ts';
import { answerError, apiCall } from './api-call.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { jobStatus } from './job-status.ts';
import { listMember, member, metadataText, text } from './untyped.ts';
import { workPath } from './work-path.ts';
import type { WorkRef } from './work-path.ts';

/**
 * Since when a pod of the Job finds no node: the earliest of them; null: none is in that state. `finished`: the Job is
 * over, or gone.
 */
export async function unschedulableSince(
  access: ApiAccess,
  work: WorkRef,
  patience: Patience,
): Promise<Instant | null | 'finished'> {
  const job = await apiCall(access, { method: 'GET', path: workPath(work), patience });
  if (job.status === 404) return 'finished';
  if (job.status !== 200) throw answerError(`read ${workName(work)}`, job);
  if (metadataText(job.body, 'uid') !== work.uid || jobStatus(job.body).finished !== null) return 'finished';
  const pods = await apiCall(access, { method: 'GET', path: podsPath(work), patience });
  if (pods.status !== 200) throw answerError(`list the pods of ${workName(work)}`, pods);
  const since = listMember(pods.body, 'items').flatMap(unschedulable);
  return since.length === 0 ? null : instant(Math.min(...since));
}

function podsPath({ namespace, uid }: WorkRef): string {
  const query = new URLSearchParams({
    labelSelector: `batch.kubernetes.io/controller-uid=${uid}`,
    fieldSelector: 'spec.nodeName=,status.phase=Pending',
  });
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods?${query.toString()}`;
}

function unschedulable(pod: unknown): number[] {
  return listMember(member(pod, 'status'), 'conditions')
    .filter((each) => member(each, 'type') === 'PodScheduled' && member(each, 'reason') === 'Unschedulable')
    .map((each) => Date.parse(text(member(each, 'lastTransitionTime')) ?? ''))
    .filter((moment) => !Number.isNaN(moment));
}
