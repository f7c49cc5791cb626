import type { ApiAnswer } from '../../hack/cluster/api.ts';
import type { Manifest } from './manifests.ts';
import type { Objects } from './objects.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** `kubectl apply`, the first time: the manifest with itself in an annotation. */
export function applied(manifest: Manifest): Manifest {
  const { metadata } = manifest;
  const annotations = { ...metadata.annotations, [LAST_APPLIED]: JSON.stringify(manifest) };
  return { ...manifest, metadata: { ...metadata, annotations } };
}

/**
 * `kubectl apply` of a manifest that has not changed since: nothing is to be taken away, and a strategic merge patch sets
 * what the manifest says and the live object does not. Null: they agree, kubectl says "unchanged" and sends nothing.
 */
export async function reapplyClientSide(objects: Objects, manifest: Manifest): Promise<ApiAnswer | null> {
  const { kind, metadata } = manifest;
  const patch = missing(manifest, await objects.get(kind, metadata.name));
  return patch === undefined ? null : objects.patch(kind, metadata.name, patch);
}

/** What of `wanted` the live value lacks; lists of named items are merged by name, all others are replaced whole. */
function missing(wanted: unknown, live: unknown): unknown {
  if (isRecord(wanted) && isRecord(live)) {
    const entries = Object.entries(wanted).map(([key, value]) => [key, missing(value, live[key])] as const);
    const lacking = entries.filter(([, value]) => value !== undefined);
    return lacking.length === 0 ? undefined : Object.fromEntries(lacking);
  }
  if (isNamedList(wanted) && isNamedList(live)) {
    const lacking = wanted.flatMap((item) => {
      const found = missing(
        item,
        live.find(({ name }) => name === item['name']),
      );
      return isRecord(found) ? [{ ...found, name: item['name'] }] : [];
    });
    return lacking.length === 0 ? undefined : lacking;
  }
  return JSON.stringify(wanted) === JSON.stringify(live) ? undefined : wanted;
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamedList(value: unknown): value is readonly Fields[] {
  return Array.isArray(value) && value.every((item) => isRecord(item) && 'name' in item);
}
