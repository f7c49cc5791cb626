import { text } from 'node:stream/consumers';
import { apiGet } from '../../kubernetes/api-get.ts';
import type { ApiAccess } from '../../kubernetes/api-get.ts';
import { isApiError } from '../../kubernetes/errors.ts';
import type { ReadConfigMap } from './makers.ts';

/** Longest silence of the API server's. */
const SILENCE_MS = 10_000;

/** Reads ConfigMaps of a cluster, as the API server gives them; null: there is none, or no cluster. Throws ApiErrors. */
export function configMapReader(accessTo: () => Promise<ApiAccess | null>): ReadConfigMap {
  return async (namespace, name, signal) => {
    const access = await accessTo();
    if (access === null) return null;
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps/${encodeURIComponent(name)}`;
    try {
      return JSON.parse(await text(await apiGet(access, path, { signal, silence: SILENCE_MS }))) as unknown;
    } catch (error) {
      if (isApiError(error) && error.code === 'not-found') return null;
      throw error;
    }
  };
}
