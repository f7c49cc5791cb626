import { KubeConfig } from '@kubernetes/client-node';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** An answer of the API server. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
  /** What the API server and its webhooks warn of, as `kubectl` shows it after `Warning:`. */
  readonly warnings: readonly string[];
}

/** One call. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly accept?: string;
  /** Of the body; `application/json` unless given. A patch needs one that says which kind it is. */
  readonly contentType?: string;
  /** Who acts, in place of the kubeconfig's user, which must be allowed to impersonate. */
  readonly user?: string;
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

  private constructor(server: string, options: RequestOptions, connections: number) {
    this.#server = server;
    this.#options = options;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  static async fromKubeconfig(file: string, connections = API_CONNECTIONS): Promise<ApiClient> {
    const config = new KubeConfig();
    config.loadFromFile(file);
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) throw new Error(`${file}: no current cluster`);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return new ApiClient(server.replace(/\/+$/, ''), options, connections);
  }

  /** Sends a call; any status is an answer. */
  call({ method, path, body, accept, contentType = 'application/json', user }: ApiCall): Promise<ApiAnswer> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...(this.#options.headers as Record<string, string> | undefined),
      accept: accept ?? 'application/json',
      ...(user === undefined ? {} : { 'impersonate-user': user }),
      ...(payload === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(payload) }),
    };
    return new Promise((resolve, reject) => {
      const options = { ...this.#options, agent: this.#agent, method, headers, timeout: TIMEOUT_MILLIS };
      const outgoing = request(`${this.#server}${path}`, options, (response) => {
        text(response).then((answer) => {
          resolve({ status: response.statusCode ?? 0, body: answer, warnings: warningsOf(response) });
        }, reject);
      });
      outgoing.once('timeout', () =>
        outgoing.destroy(new Error(`${method} ${path}: no answer in ${TIMEOUT_MILLIS / 1000} s`)),
      );
      outgoing.once('error', reject);
      outgoing.end(payload);
    });
  }

  /** Hands over the lines of an answer as they come, until it ends; on a connection of its own. Throws unless it is 200. */
  async follow(path: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
    const headers = this.#options.headers as Record<string, string> | undefined;
    const outgoing = request(`${this.#server}${path}`, { ...this.#options, ...(headers && { headers }), signal });
    outgoing.end();
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) throw new Error(`GET ${path}: ${response.statusCode ?? 0}`);
    for await (const line of createInterface({ input: response })) onLine(line);
  }

  /** Closes the kept connections. */
  close(): void {
    this.#agent.destroy();
  }
}

/** `299 - "TEXT"`, one header a warning; quotes and backslashes in the text are escaped. */
function warningsOf({ headersDistinct }: IncomingMessage): readonly string[] {
  return (headersDistinct['warning'] ?? []).map((value) => {
    const quoted = /^\d{3} \S+ "(.*)"$/s.exec(value)?.[1] ?? value;
    return quoted.replace(/\\(.)/g, '$1');
  });
}
