import type { HeldWork } from '../timing/held-work.ts';
import type { WorkKind } from '../timing/types.ts';

/** What names one object for good: a name can be taken again, a uid cannot. */
export type WorkRef = Pick<HeldWork, 'kind' | 'namespace' | 'name' | 'uid'>;

/** Where all objects of a kind are. */
export const WORK_PATHS: Readonly<Record<WorkKind, string>> = { job: '/apis/batch/v1/jobs', pod: '/api/v1/pods' };

/** Where one object is. */
export function workPath({ kind, namespace, name }: Pick<WorkRef, 'kind' | 'namespace' | 'name'>): string {
  const [group, resource] = kind === 'job' ? ['/apis/batch/v1', 'jobs'] : ['/api/v1', 'pods'];
  return `${group}/namespaces/${encodeURIComponent(namespace)}/${resource}/${encodeURIComponent(name)}`;
}
