import { answerError, apiCall, MERGE_PATCH } from './api-call.ts';
import type { ApiAnswer } from './api-call.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { listResource } from './resource-list.ts';
import type { Keyed } from './resource.ts';
import type { Resource } from './resource.ts';
import { member, metadataText, textMembers } from './untyped.ts';

/** A ConfigMap as it was read; bytes decoded. */
export interface ConfigMap {
  readonly name: string;
  readonly resourceVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
  readonly binary: Readonly<Record<string, Uint8Array>>;
}

/** A ConfigMap to be made; `immutable`: the API server lets nobody change its contents. */
export interface NewConfigMap extends Omit<ConfigMap, 'resourceVersion'> {
  readonly immutable: boolean;
}

/** What to write into a ConfigMap as it was read; null takes a value away, what is not named stays. */
export interface ConfigMapChange {
  readonly resourceVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string | null>>;
  readonly binary: Readonly<Record<string, Uint8Array | null>>;
}

/** The ConfigMaps of one namespace. Every method throws ApiErrors, and may be given up by its signal. */
export interface ConfigMapStore {
  /** Null: there is none. */
  read(name: string, signal: AbortSignal): Promise<ConfigMap | null>;
  /** Null: there is one of this name. */
  create(map: NewConfigMap, signal: AbortSignal): Promise<ConfigMap | null>;
  /** Null: it has changed since it was read, or is gone. */
  update(name: string, change: ConfigMapChange, signal: AbortSignal): Promise<ConfigMap | null>;
  /** That there was none is no error. */
  remove(name: string, signal: AbortSignal): Promise<void>;
  /** The names of those that a label selector finds. */
  names(labelSelector: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** Silence in one request, in milliseconds. */
const SILENCE = 10_000;
/** They may be half a megabyte each. */
const PAGE = 20;

/** The ConfigMaps of a namespace on an API server. */
export function clusterConfigMaps(access: ApiAccess, namespace: string): ConfigMapStore {
  const all = configMapsPath(namespace);
  const pathOf = (name: string): string => `${all}/${encodeURIComponent(name)}`;
  const label = (name: string): string => `configmap ${namespace}/${name}`;
  const patience = (signal: AbortSignal): Patience => ({ signal, silence: SILENCE });
  return {
    read: async (name, signal) => {
      const answer = await apiCall(access, { method: 'GET', path: pathOf(name), patience: patience(signal) });
      return known(`read ${label(name)}`, answer, { done: 200, other: [404] });
    },
    create: async (map, signal) => {
      const body = { apiVersion: 'v1', kind: 'ConfigMap', ...created(map, namespace) };
      const answer = await apiCall(access, { method: 'POST', path: all, body, patience: patience(signal) });
      return known(`create ${label(map.name)}`, answer, { done: 201, other: [409] });
    },
    update: async (name, { resourceVersion, labels, data, binary }, signal) => {
      const body = { metadata: { resourceVersion, labels }, data, binaryData: base64(binary) };
      const call = { method: 'PATCH', path: pathOf(name), body, contentType: MERGE_PATCH } as const;
      const answer = await apiCall(access, { ...call, patience: patience(signal) });
      return known(`write ${label(name)}`, answer, { done: 200, other: [404, 409] });
    },
    remove: async (name, signal) => {
      const answer = await apiCall(access, { method: 'DELETE', path: pathOf(name), patience: patience(signal) });
      if (![200, 202, 404].includes(answer.status)) throw answerError(`delete ${label(name)}`, answer);
    },
    names: async (labelSelector, signal) => {
      const read = (object: unknown): Keyed<null> => ({ key: metadataText(object, 'name') ?? '', value: null });
      const resource = { name: 'configmaps', path: all, selector: { labelSelector }, read };
      const { items } = await listResource(access, resource, { ...patience(signal), pageSize: PAGE });
      return items.map(({ key }) => key);
    },
  };
}

/** The one ConfigMap of that name, as a resource to watch. */
export function configMapResource(namespace: string, name: string): Resource<ConfigMap> {
  return {
    name: `configmaps/${name}`,
    path: configMapsPath(namespace),
    selector: { fieldSelector: `metadata.name=${name}` },
    read: (object) => {
      const map = configMapOf(object);
      return { key: map.name, value: map };
    },
  };
}

function configMapsPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`;
}

function known(
  what: string,
  answer: ApiAnswer,
  { done, other }: { readonly done: number; readonly other: readonly number[] },
): ConfigMap | null {
  if (other.includes(answer.status)) return null;
  if (answer.status !== done) throw answerError(what, answer);
  return configMapOf(answer.body);
}

function created({ name, labels, data, binary, immutable }: NewConfigMap, namespace: string): object {
  return { metadata: { namespace, name, labels }, immutable, data, binaryData: base64(binary) };
}

function configMapOf(object: unknown): ConfigMap {
  const bytes = Object.entries(textMembers(member(object, 'binaryData'))).map(
    ([key, text]) => [key, Buffer.from(text, 'base64')] as const,
  );
  return {
    name: metadataText(object, 'name') ?? '',
    resourceVersion: metadataText(object, 'resourceVersion') ?? '',
    labels: textMembers(member(member(object, 'metadata'), 'labels')),
    data: textMembers(member(object, 'data')),
    binary: Object.fromEntries(bytes),
  };
}

function base64(binary: ConfigMapChange['binary']): Readonly<Record<string, string | null>> {
  const entries = Object.entries(binary).map(
    ([key, bytes]) => [key, bytes === null ? null : Buffer.from(bytes).toString('base64')] as const,
  );
  return Object.fromEntries(entries);
}
