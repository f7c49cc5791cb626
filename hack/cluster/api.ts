import { KubeConfig } from '@kubernetes/client-node';
import type { RequestOptions } from 'node:https';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';

/** An answer of the API server. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** One call. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly accept?: string;
  /** Of the body; `application/json` unless given. A patch needs one that says which kind it is. */
  readonly contentType?: string;
}

/** Calls at a time, and so connections. */
export const API_CONNECTIONS = 16;
const TIMEOUT_MILLIS = 30_000;

/**
 * A plain client of the API server on a few kept connections, for work in bulk: client-node opens a connection
 * for every call. It reads the kubeconfig with client-node, so every kind of credential works.
 */
export class ApiClient {
  readonly #server: string;
  readonly #options: RequestOptions;
  readonly #agent: Agent;

  private constructor(server: string, options: RequestOptions) {
    this.#server = server;
    this.#options = options;
    this.#agent = new Agent({ keepAlive: true, maxSockets: API_CONNECTIONS });
  }

  static async fromKubeconfig(file: string): Promise<ApiClient> {
    const config = new KubeConfig();
    config.loadFromFile(file);
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) throw new Error(`${file}: no current cluster`);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return new ApiClient(server.replace(/\/+$/, ''), options);
  }

  /** Sends a call; any status is an answer. */
  call({ method, path, body, accept, contentType = 'application/json' }: ApiCall): Promise<ApiAnswer> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...(this.#options.headers as Record<string, string> | undefined),
      accept: accept ?? 'application/json',
      ...(payload === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(payload) }),
    };
    return new Promise((resolve, reject) => {
      const options = { ...this.#options, agent: this.#agent, method, headers, timeout: TIMEOUT_MILLIS };
      const outgoing = request(`${this.#server}${path}`, options, (response) => {
        text(response).then((answer) => {
          resolve({ status: response.statusCode ?? 0, body: answer });
        }, reject);
      });
      outgoing.once('timeout', () =>
        outgoing.destroy(new Error(`${method} ${path}: no answer in ${TIMEOUT_MILLIS / 1000} s`)),
      );
      outgoing.once('error', reject);
      outgoing.end(payload);
    });
  }

  /** Closes the kept connections. */
  close(): void {
    this.#agent.destroy();
  }
}
