import type { Region } from '../../carbon/units.ts';
import type { ApiAccess, Patience } from '../../kubernetes/api-get.ts';
import { isApiError } from '../../kubernetes/errors.ts';
import { nodeFacts } from '../../kubernetes/node-facts.ts';
import { listResource } from '../../kubernetes/resource-list.ts';
import type { Selector } from '../../kubernetes/resource.ts';
import { listMember, member, metadataText, text } from '../../kubernetes/untyped.ts';
import { CLUSTER_TIMING } from '../../kubernetes/watch-timing.ts';
import type { NamespaceFacts } from '../../policy/namespace.ts';
import { findNamespaces } from '../release/find.ts';
import { only } from './home-region.ts';

/** Where to look; a null namespace: everywhere. */
export interface Cluster {
  readonly access: ApiAccess;
  readonly namespace: string | null;
  readonly patience: Patience;
}

/** Hands over every Job, page by page. Throws ApiErrors. */
export async function readJobs(cluster: Cluster, take: (job: unknown) => void): Promise<void> {
  await each(cluster, { name: 'jobs', path: collection('/apis/batch/v1', 'jobs', cluster) }, take);
}

/** What the namespaces say, by name; nothing where they may not be read. */
export async function namespacesOf(cluster: Cluster): Promise<ReadonlyMap<string, NamespaceFacts>> {
  return (await unlessForbidden(() => findNamespaces(cluster))) ?? new Map();
}

/**
 * Where the pods of Jobs ran, by the Job's uid, as far as pods and nodes are still there; a Job whose pods ran in several
 * regions is left out. Nothing where pods or nodes may not be read.
 */
export async function regionsOfPods(cluster: Cluster, regionLabel: string): Promise<ReadonlyMap<string, Region>> {
  const nodes = new Map<string, Region | null>();
  const found = new Map<string, (Region | null)[]>();
  await unlessForbidden(async () => {
    await each(cluster, { name: 'nodes', path: '/api/v1/nodes' }, (node) => {
      const facts = nodeFacts(node, regionLabel);
      if (facts !== null) nodes.set(facts.name, facts.region);
    });
    const pods = { name: 'pods', path: collection('/api/v1', 'pods', cluster), selector: OF_JOBS };
    await each(cluster, pods, (pod) => {
      const job = jobOf(pod);
      const node = text(member(member(pod, 'spec'), 'nodeName'));
      if (job !== null && node !== null) found.set(job, [...(found.get(job) ?? []), nodes.get(node) ?? null]);
    });
  });
  const one = Array.from(found, ([job, regions]) => [job, only(regions)] as const);
  return new Map(one.filter((entry): entry is [string, Region] => entry[1] !== null));
}

/** The Job controller puts the label on every pod that it makes. */
const OF_JOBS = { labelSelector: 'batch.kubernetes.io/job-name' };

function jobOf(pod: unknown): string | null {
  const owners = listMember(member(pod, 'metadata'), 'ownerReferences');
  const job = owners.find((owner) => member(owner, 'kind') === 'Job' && member(owner, 'controller') === true);
  return text(member(job, 'uid'));
}

interface Listed {
  readonly name: string;
  readonly path: string;
  readonly selector?: Selector;
}

async function each({ access, patience }: Cluster, listed: Listed, take: (object: unknown) => void): Promise<void> {
  const read = (object: unknown): null => {
    if (metadataText(object, 'name') !== null) take(object);
    return null;
  };
  await listResource(access, { ...listed, read }, { ...patience, pageSize: CLUSTER_TIMING.pageSize });
}

function collection(group: string, resource: string, { namespace }: Cluster): string {
  return namespace === null
    ? `${group}/${resource}`
    : `${group}/namespaces/${encodeURIComponent(namespace)}/${resource}`;
}

async function unlessForbidden<Result>(read: () => Promise<Result>): Promise<Result | null> {
  try {
    return await read();
  } catch (error) {
    if (isApiError(error) && error.code === 'forbidden') return null;
    throw error;
  }
}
