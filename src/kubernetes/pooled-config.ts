import { createHash } from 'node:crypto';
import { HttpMethod, KubeConfig, RequestContext } from '@kubernetes/client-node';
import type { Cluster } from '@kubernetes/client-node';
import type { ApiAccess, AuthorisedCall, Dispatcher } from './api-get.ts';
import { KubernetesError } from './errors.ts';

type Options = ReturnType<KubeConfig['createDispatcherOptions']>;
type TlsMaterial = Parameters<KubeConfig['createDispatcherOptions']>[1];

const USER_AGENT = 'lowtide';
/**
 * For so long a look at the credentials serves every call. client-node reads their files and makes a pool, that is then
 * dropped, at each look: ten thousand calls would be ten thousand of both.
 */
const LOOK_MS = 1_000;
/** As client-node has it: below the 60 s after which cloud load balancers drop idle connections. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelay: 30_000 };

/**
 * A KubeConfig with one connection pool. client-node 2.0.1 makes a pool, hence a TLS connection, for each call; here
 * all calls share the first, until the certificates on disk change. Connections speak HTTP/1.1: see docs/adr/0002.
 */
export class PooledKubeConfig extends KubeConfig implements ApiAccess {
  #pool: { readonly material: string; readonly dispatcher: Dispatcher } | null = null;
  #material = '';
  #look: { readonly at: number; readonly call: Omit<AuthorisedCall, 'url'> } | null = null;

  override createDispatcherOptions(cluster: Cluster | null, tls: TlsMaterial): Options {
    const options = super.createDispatcherOptions(cluster, tls);
    this.#material = createHash('sha256').update(JSON.stringify(options)).digest('base64');
    if (options.type === 'none') return { type: 'agent', connect: { ...KEEP_ALIVE, ...HTTP_1 } };
    return options.type === 'agent' ? { ...options, connect: { ...options.connect, ...HTTP_1 } } : options;
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    const set = context.setDispatcher.bind(context);
    // The parent calls this in the same turn as createDispatcherOptions, so #material belongs to `fresh`.
    context.setDispatcher = (fresh) => {
      set(this.#pooled(fresh));
    };
    await super.applySecurityAuthentication(context);
  }

  /** Where a GET of this path goes, with the headers that prove who asks, and the pool that carries it. */
  async authorise(path: string): Promise<AuthorisedCall> {
    const server = this.getCurrentCluster()?.server;
    if (server === undefined) throw new KubernetesError('kubeconfig-invalid', 'the kubeconfig names no cluster');
    const now = performance.now();
    const look = this.#look;
    if (look !== null && now - look.at < LOOK_MS) return { url: new URL(server + path), ...look.call };
    const call = await this.#credentials(server);
    this.#look = { at: now, call };
    return { url: new URL(server + path), ...call };
  }

  async #credentials(server: string): Promise<Omit<AuthorisedCall, 'url'>> {
    const context = new RequestContext(server, HttpMethod.GET);
    context.setHeaderParam('User-Agent', USER_AGENT);
    await this.applySecurityAuthentication(context);
    const dispatcher = context.getDispatcher();
    if (dispatcher === undefined) throw new KubernetesError('unexpected', 'client-node gave no connection pool');
    return { headers: context.getHeaders(), dispatcher };
  }

  /** Ends every connection at once; calls that run, and calls after it, fail. */
  async close(): Promise<void> {
    await this.#pool?.dispatcher.destroy();
  }

  #pooled(fresh: Dispatcher): Dispatcher {
    const before = this.#pool;
    if (before?.material === this.#material) return before.dispatcher;
    this.#pool = { material: this.#material, dispatcher: fresh };
    this.#look = null;
    // Calls that run keep their connection; it closes when the last of them has ended.
    before?.dispatcher.close().catch(() => undefined);
    return fresh;
  }
}

/** Understood by undici's connector, though client-node's type leaves it out. */
const HTTP_1 = { allowH2: false };
