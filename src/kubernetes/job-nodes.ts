import { workName } from '../timing/held-work.ts';
import { answerError, apiCall } from './api-call.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { listMember, member, text } from './untyped.ts';
import type { WorkRef } from './work-path.ts';

/** The nodes on which pods of a Job are now, one name for each pod that has a node. Throws ApiErrors. */
export async function nodesOfJob(access: ApiAccess, job: WorkRef, patience: Patience): Promise<readonly string[]> {
  const query = new URLSearchParams({
    labelSelector: `batch.kubernetes.io/controller-uid=${job.uid}`,
    fieldSelector: 'spec.nodeName!=,status.phase!=Succeeded,status.phase!=Failed',
  });
  const path = `/api/v1/namespaces/${encodeURIComponent(job.namespace)}/pods?${query.toString()}`;
  const answer = await apiCall(access, { method: 'GET', path, patience });
  if (answer.status !== 200) throw answerError(`list the pods of ${workName(job)}`, answer);
  return listMember(answer.body, 'items').flatMap((pod) => text(member(member(pod, 'spec'), 'nodeName')) ?? []);
}
