import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { applyPatch } from 'rfc6902';
import type { Operation } from 'rfc6902';
import { PooledKubeConfig } from '../../src/kubernetes/pooled-config.ts';
import { member, metadataText } from '../../src/kubernetes/untyped.ts';

type Json = Record<string, unknown>;

/** One request as it arrived. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: unknown;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** Looks at a request first; what it gives is the answer, undefined lets it through. */
type Intercept = (request: Request) => Answer | undefined | Promise<Answer | undefined>;

/**
 * An API server that keeps whatever objects it is given, by path, with uid and resourceVersion checked as the real one
 * does. Of strategic merge it knows maps, null, and `$patch: delete` by name; all other lists are replaced.
 */
export class ObjectServer {
  readonly objects = new Map<string, Json>();
  readonly requests: Request[] = [];
  intercept: Intercept = () => undefined;
  readonly access = new PooledKubeConfig();
  readonly #server: Server;
  #version = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(): Promise<ObjectServer> {
    const fake = new ObjectServer();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    const server = `http://127.0.0.1:${(fake.#server.address() as AddressInfo).port}`;
    fake.access.loadFromClusterAndUser({ name: 'fake', server, skipTLSVerify: true }, { name: 'nobody' });
    return fake;
  }

  async stop(): Promise<void> {
    await this.access.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Keeps an object, as new or in place of the one that is there. */
  put(path: string, object: Json): Json {
    this.#version += 1;
    const uid = metadataText(object, 'uid') ?? `uid-${this.#version}`;
    const metadata = { uid, ...(object['metadata'] as Json), resourceVersion: String(this.#version) };
    const kept = { ...object, metadata };
    this.objects.set(path, kept);
    return kept;
  }

  /** The object of that path. */
  get(path: string): Json {
    const found = this.objects.get(path);
    if (found === undefined) throw new Error(`no ${path}`);
    return found;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(incoming);
    const url = new URL(incoming.url ?? '/', 'http://fake');
    const request: Request = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      contentType: incoming.headers['content-type'] ?? '',
      body: body === '' ? undefined : (JSON.parse(body) as unknown),
    };
    this.requests.push(request);
    const answer = (await this.intercept(request)) ?? this.#answer(request);
    const failure = { kind: 'Status', message: `the fake says ${answer.status}`, code: answer.status };
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body ?? failure));
  }

  #answer(request: Request): Answer {
    const { method, path, body } = request;
    if (method === 'POST') return this.#create(path, body as Json);
    const now = this.objects.get(path);
    if (now === undefined) return { status: 404 };
    if (method === 'GET') return { status: 200, body: now };
    if (method === 'DELETE') return this.objects.delete(path) ? { status: 200, body: now } : { status: 404 };
    return method === 'PUT' ? this.#write(path, now, body as Json) : this.#patch(request, now);
  }

  #create(collection: string, object: Json): Answer {
    const path = `${collection}/${metadataText(object, 'name') ?? ''}`;
    return this.objects.has(path) ? { status: 409 } : { status: 201, body: this.put(path, object) };
  }

  #patch({ path, body, contentType }: Request, now: Json): Answer {
    if (contentType !== 'application/json-patch+json') return this.#write(path, now, merged(now, body) as Json);
    const next = structuredClone(now);
    const failed = applyPatch(next, body as Operation[]).some((error) => error !== null);
    return failed ? { status: 422 } : this.#write(path, now, next);
  }

  #write(path: string, now: Json, next: Json): Answer {
    const changed = (key: string): boolean =>
      (metadataText(next, key) ?? metadataText(now, key)) !== metadataText(now, key);
    if (changed('resourceVersion')) return { status: 409 };
    if (changed('uid')) return { status: 422 };
    return { status: 200, body: this.put(path, next) };
  }
}

function merged(now: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) return mergedList(now, patch);
  if (typeof patch !== 'object' || patch === null) return patch;
  const next: Json = typeof now === 'object' && now !== null ? { ...now } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(next, key);
    else next[key] = merged(next[key], value);
  }
  return next;
}

function mergedList(now: unknown, patch: readonly unknown[]): unknown {
  const deleted = patch.filter((each) => member(each, '$patch') === 'delete').map((each) => member(each, 'name'));
  if (deleted.length === 0) return patch;
  return (Array.isArray(now) ? now : []).filter((each) => !deleted.includes(member(each, 'name')));
}
