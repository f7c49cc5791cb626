import type { ApiAnswer, ApiClient } from '../../hack/cluster/api.ts';
import { API_CONNECTIONS } from '../../hack/cluster/api.ts';
import { eventually } from './eventually.ts';
import type { LiveObject } from './live-object.ts';
import type { Manifest } from './manifests.ts';

/** An Event of events.k8s.io, as far as tests look at it. */
export interface LiveEvent {
  readonly metadata: { readonly name: string };
  readonly action: string;
  readonly reason: string;
  readonly note: string;
  readonly type: string;
  readonly eventTime: string;
  readonly reportingController: string;
  readonly regarding: { readonly kind: string; readonly name: string; readonly uid: string };
}

/** Where a kind lives in the API. */
const RESOURCES: Readonly<Record<string, string>> = {
  Pod: '/api/v1/namespaces/NS/pods',
  PersistentVolumeClaim: '/api/v1/namespaces/NS/persistentvolumeclaims',
  Job: '/apis/batch/v1/namespaces/NS/jobs',
  CronJob: '/apis/batch/v1/namespaces/NS/cronjobs',
  Deployment: '/apis/apps/v1/namespaces/NS/deployments',
  Event: '/apis/events.k8s.io/v1/namespaces/NS/events',
  Role: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings',
  PersistentVolume: '/api/v1/persistentvolumes',
  Namespace: '/api/v1/namespaces',
};
/** Kinds of patch, by what `kubectl patch --type` calls them. */
const PATCHES = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
} as const;

/** Who acts, and how. */
export interface Manner {
  readonly user?: string;
  readonly dryRun?: boolean;
}

/** How a patch is meant. */
export interface PatchManner extends Manner {
  readonly type?: keyof typeof PATCHES;
}

/** The objects of one namespace, as `kubectl` would handle them. */
export class Objects {
  readonly #client: ApiClient;
  readonly namespace: string;

  constructor(client: ApiClient, namespace: string) {
    this.#client = client;
    this.namespace = namespace;
  }

  /** Makes an object; it must be accepted. Gives what the API server warned of. */
  async create(manifest: object, manner: Manner = {}): Promise<readonly string[]> {
    const answer = await this.tryCreate(manifest, manner);
    if (answer.status === 201) return answer.warnings;
    throw new Error(`${(manifest as Manifest).kind} was refused: ${answer.status} ${answer.body.slice(0, 500)}`);
  }

  /** Tries to make an object; any answer is one. */
  tryCreate(manifest: object, { user, dryRun = false }: Manner = {}): Promise<ApiAnswer> {
    const path = this.path((manifest as Manifest).kind) + (dryRun ? '?dryRun=All' : '');
    return this.#client.call({ method: 'POST', path, body: manifest, ...(user !== undefined && { user }) });
  }

  /** Makes many, as fast as the connections allow. */
  async createAll(manifests: Iterable<object>): Promise<void> {
    const queue = manifests[Symbol.iterator]();
    const worker = async (): Promise<void> => {
      for (let next = queue.next(); next.done !== true; next = queue.next()) await this.create(next.value);
    };
    await Promise.all(Array.from({ length: API_CONNECTIONS }, worker));
  }

  /** Posts to a subresource, e.g. a binding. */
  post(
    kind: string,
    name: string,
    { subresource, body }: { subresource: string; body: object },
    manner: Manner = {},
  ): Promise<ApiAnswer> {
    const { user } = manner;
    const path = `${this.path(kind)}/${name}/${subresource}`;
    return this.#client.call({ method: 'POST', path, body, ...(user !== undefined && { user }) });
  }

  /** Changes an object; any answer is one. */
  patch(kind: string, name: string, patch: unknown, manner: PatchManner = {}): Promise<ApiAnswer> {
    const { type = 'strategic', dryRun = false, user } = manner;
    const path = `${this.path(kind)}/${name}${dryRun ? '?dryRun=All' : ''}`;
    const call = { method: 'PATCH', path, body: patch, contentType: PATCHES[type] } as const;
    return this.#client.call({ ...call, ...(user !== undefined && { user }) });
  }

  /** `kubectl apply --server-side --force-conflicts`. */
  applyServerSide(manifest: Manifest): Promise<ApiAnswer> {
    const path = `${this.path(manifest.kind)}/${manifest.metadata.name}?fieldManager=kubectl&force=true`;
    return this.#client.call({ method: 'PATCH', path, body: manifest, contentType: 'application/apply-patch+yaml' });
  }

  /** The object; null: there is none. */
  async find(kind: string, name: string): Promise<LiveObject | null> {
    const answer = await this.#client.call({ method: 'GET', path: `${this.path(kind)}/${name}` });
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw new Error(`${kind} ${name}: ${answer.status} ${answer.body.slice(0, 200)}`);
    return JSON.parse(answer.body) as LiveObject;
  }

  /** The object, which must be there. */
  async get(kind: string, name: string): Promise<LiveObject> {
    const found = await this.find(kind, name);
    if (found === null) throw new Error(`there is no ${kind} ${name}`);
    return found;
  }

  /** Objects of a kind; those of one set, where one is named. */
  async list(kind: string, set?: string): Promise<readonly LiveObject[]> {
    return this.#items<LiveObject>(this.path(kind) + (set === undefined ? '' : `?labelSelector=set%3D${set}`));
  }

  /** Waits until an object is as wanted, and gives it. */
  async until(
    kind: string,
    name: string,
    wanted: (object: LiveObject) => boolean,
    within = 10_000,
  ): Promise<LiveObject> {
    return found(async () => {
      const object = await this.find(kind, name);
      if (object !== null && wanted(object)) return object;
      throw new Error(`${kind} ${name} is not as wanted: ${JSON.stringify(object)}`);
    }, within);
  }

  /** Lowtide's Events; those about one object, where its uid is given. */
  async events(uid?: string): Promise<readonly LiveEvent[]> {
    const all = await this.#items<LiveEvent>(this.path('Event'));
    const ours = all.filter(({ reportingController }) => reportingController.startsWith('lowtide.dev/'));
    return uid === undefined ? ours : ours.filter(({ regarding }) => regarding.uid === uid);
  }

  /** Waits for an Event about an object. */
  async event(uid: string, action: string, within = 10_000): Promise<LiveEvent> {
    return found(async () => {
      const all = await this.events(uid);
      const event = all.find((each) => each.action === action);
      if (event !== undefined) return event;
      throw new Error(`no Event ${action} of ${uid}, but ${JSON.stringify(all)}`);
    }, within);
  }

  /** Removes an object and what it made. */
  async remove(kind: string, name: string): Promise<void> {
    const path = `${this.path(kind)}/${name}?gracePeriodSeconds=0&propagationPolicy=Background`;
    await this.#client.call({ method: 'DELETE', path });
  }

  path(kind: string): string {
    const path = RESOURCES[kind];
    if (path === undefined) throw new Error(`tests know no ${kind}`);
    return path.replace('NS', this.namespace);
  }

  /** A whole list, in pages: it may be a thousand objects. */
  async #items<T>(path: string): Promise<readonly T[]> {
    const items: T[] = [];
    let token = '';
    do {
      const page = `${path}${path.includes('?') ? '&' : '?'}limit=500&continue=${encodeURIComponent(token)}`;
      const answer = await this.#client.call({ method: 'GET', path: page });
      if (answer.status !== 200) throw new Error(`GET ${page}: ${answer.status} ${answer.body.slice(0, 200)}`);
      const list = JSON.parse(answer.body) as { items: T[]; metadata: { continue?: string } };
      items.push(...list.items);
      token = list.metadata.continue ?? '';
    } while (token !== '');
    return items;
  }
}

/** What a look gives, once it throws no more. */
async function found<T>(look: () => Promise<T>, within: number): Promise<T> {
  const results: T[] = [];
  await eventually(async () => results.push(await look()), { within });
  const [result] = results;
  if (result === undefined) throw new Error('nothing was found');
  return result;
}
