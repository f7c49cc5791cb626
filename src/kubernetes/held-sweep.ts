import { HELD_LABEL, RELEASED_AT, RELEASED_LABEL } from '../policy/annotations.ts';
import type { HeldWork } from '../timing/held-work.ts';
import type { WorkKind } from '../timing/types.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { heldWork } from './held-work.ts';
import { isHeldByUs } from './latest-work.ts';
import type { Selector } from './resource.ts';
import { listResource } from './resource-list.ts';
import { CLUSTER_TIMING } from './watch-timing.ts';
import { WORK_PATHS } from './work-path.ts';

interface Part {
  readonly name: string;
  readonly kind: WorkKind;
  readonly selector: Selector;
}

const UNLABELLED = `${HELD_LABEL}!=true`;
const PARTS: readonly Part[] = [
  {
    name: 'unscheduled pods',
    kind: 'pod',
    selector: { fieldSelector: 'spec.nodeName=,status.phase=Pending', labelSelector: UNLABELLED },
  },
  { name: 'released pods', kind: 'pod', selector: { labelSelector: `${RELEASED_LABEL}=true,${UNLABELLED}` } },
  // No field tells suspended Jobs from others.
  { name: 'jobs', kind: 'job', selector: { labelSelector: UNLABELLED } },
];

/**
 * Looks through the cluster once and hands over, one at a time, all work without the label of held work that is held by
 * us all the same, and what says that Lowtide released it. Page by page: nothing else is kept. Throws ApiErrors; called
 * again, it begins anew.
 */
export async function sweepWork(access: ApiAccess, take: (found: HeldWork) => void, patience: Patience): Promise<void> {
  const { pageSize } = CLUSTER_TIMING;
  for (const { name, kind, selector } of PARTS) {
    const read = (object: unknown): null => {
      const work = heldWork(object, kind);
      if (work !== null && (isHeldByUs(work) || RELEASED_AT in work.annotations)) take(work);
      return null;
    };
    await listResource(access, { name, path: WORK_PATHS[kind], selector, read }, { ...patience, pageSize });
  }
}
