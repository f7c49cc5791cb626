import type { ApiAccess, Patience } from '../../kubernetes/api-get.ts';
import { answerError, apiCall } from '../../kubernetes/api-call.ts';
import { heldWork } from '../../kubernetes/held-work.ts';
import { hasHeldLabel, isHeldByUs } from '../../kubernetes/latest-work.ts';
import { NAMESPACES } from '../../kubernetes/namespace-facts.ts';
import { listResource } from '../../kubernetes/resource-list.ts';
import type { Selector } from '../../kubernetes/resource.ts';
import { CLUSTER_TIMING } from '../../kubernetes/watch-timing.ts';
import { workPath } from '../../kubernetes/work-path.ts';
import type { NamespaceFacts } from '../../policy/namespace.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import type { WorkKind } from '../../timing/types.ts';
import type { WorkName } from './options.ts';

/** Where to look; a null namespace: everywhere. */
export interface Place {
  readonly access: ApiAccess;
  readonly namespace: string | null;
  readonly patience: Patience;
}

/** A pod with a node has no gate any more; of Jobs no field tells which are suspended. */
const SELECTORS: Readonly<Record<WorkKind, Selector>> = {
  pod: { fieldSelector: 'spec.nodeName=,status.phase=Pending' },
  job: {},
};

/** All work that is held by us, by gate or by suspension and annotation, labelled or not; the oldest first. Throws ApiErrors. */
export async function findHeld({ access, namespace, patience }: Place): Promise<readonly HeldWork[]> {
  const found: HeldWork[] = [];
  for (const kind of ['job', 'pod'] as const) {
    const read = (object: unknown): null => {
      const work = asHeld(object, kind);
      if (work !== null) found.push(work);
      return null;
    };
    const resource = { name: `${kind}s`, path: collection(kind, namespace), selector: SELECTORS[kind], read };
    await listResource(access, resource, { ...patience, pageSize: CLUSTER_TIMING.pageSize });
  }
  return found.sort((a, b) => a.created - b.created);
}

/** One object by name: `not-held` where it is not held by us. Throws ApiErrors, `not-found` where there is none. */
export async function findNamed(
  { kind, name }: WorkName,
  { access, namespace, patience }: Place & { readonly namespace: string },
): Promise<HeldWork | 'not-held'> {
  const answer = await apiCall(access, { method: 'GET', path: workPath({ kind, namespace, name }), patience });
  if (answer.status !== 200) throw answerError(`${kind}/${namespace}/${name}`, answer);
  return asHeld(answer.body, kind) ?? 'not-held';
}

/** What the namespaces say, by name; one of them, or all. Throws ApiErrors. */
export async function findNamespaces({
  access,
  namespace,
  patience,
}: Place): Promise<ReadonlyMap<string, NamespaceFacts>> {
  const one = namespace === null ? {} : { selector: { fieldSelector: `metadata.name=${namespace}` } };
  const { pageSize } = CLUSTER_TIMING;
  const { items } = await listResource(access, { ...NAMESPACES, ...one }, { ...patience, pageSize });
  return new Map(items.map(({ key, value }) => [key, value]));
}

function asHeld(object: unknown, kind: WorkKind): HeldWork | null {
  const work = heldWork(object, kind);
  if (work?.held !== true) return null;
  return hasHeldLabel(object) || isHeldByUs(work) ? work : null;
}

function collection(kind: WorkKind, namespace: string | null): string {
  const [group, resource] = kind === 'job' ? ['/apis/batch/v1', 'jobs'] : ['/api/v1', 'pods'];
  return namespace === null
    ? `${group}/${resource}`
    : `${group}/namespaces/${encodeURIComponent(namespace)}/${resource}`;
}
