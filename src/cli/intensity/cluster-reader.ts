import { text } from 'node:stream/consumers';
import { apiGet } from '../../kubernetes/api-get.ts';
import { isApiError } from '../../kubernetes/errors.ts';
import type { PooledKubeConfig } from '../../kubernetes/pooled-config.ts';
import { openAccess } from '../serve/access.ts';
import type { ServeOptions } from '../serve/options.ts';
import type { ReadConfigMap } from '../sources/makers.ts';

/** Longest silence of the API server's. */
const SILENCE_MS = 10_000;

/** Reads ConfigMaps for the sources that are one. The cluster is opened by the first that is read. */
export class ClusterReader {
  readonly #options: Pick<ServeOptions, 'cluster'>;
  readonly #env: NodeJS.ProcessEnv;
  #access: Promise<PooledKubeConfig | null> | null = null;

  constructor(options: Pick<ServeOptions, 'cluster'>, env: NodeJS.ProcessEnv) {
    this.#options = options;
    this.#env = env;
  }

  readonly read: ReadConfigMap = async (namespace, name, signal) => {
    const access = await (this.#access ??= openAccess(this.#options, this.#env));
    if (access === null) return null;
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps/${encodeURIComponent(name)}`;
    try {
      return JSON.parse(await text(await apiGet(access, path, { signal, silence: SILENCE_MS }))) as unknown;
    } catch (error) {
      if (isApiError(error) && error.code === 'not-found') return null;
      throw error;
    }
  };

  async close(): Promise<void> {
    const access = await this.#access?.catch(() => null);
    await access?.close();
  }
}
