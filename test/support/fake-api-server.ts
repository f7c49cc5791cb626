import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** An object, as far as the fake looks into it. */
export interface FakeObject {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Record<string, string>;
    readonly [part: string]: unknown;
  };
  readonly [part: string]: unknown;
}

/** How the answer to one request goes wrong. */
export type Misbehaviour =
  | { readonly answer: 'status'; readonly code: number }
  | { readonly answer: 'error-event'; readonly code: number }
  | { readonly answer: 'body'; readonly text: string }
  | { readonly answer: 'reset' }
  | { readonly answer: 'nothing' }
  | { readonly answer: 'close-after'; readonly events: number };

type Kind = 'list' | 'watch';
interface Seen {
  readonly kind: Kind;
  readonly query: URLSearchParams;
}
interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly object: unknown;
}
interface OpenWatch {
  readonly response: ServerResponse;
  eventsLeft: number;
}

/**
 * An API server that knows objects of one kind only, by name, under every path: lists in pages, watches with bookmarks,
 * misbehaves on request, and leaves selectors to the test.
 */
export class FakeApiServer {
  /** Every request so far, in order. */
  readonly seen: Seen[] = [];
  /** Connections accepted so far. */
  connections = 0;
  readonly #server: Server;
  readonly #objects = new Map<string, FakeObject>();
  readonly #changes: Change[] = [];
  readonly #pages = new Map<string, readonly unknown[]>();
  readonly #watches = new Set<OpenWatch>();
  readonly #sockets = new Set<Socket>();
  readonly #misbehaviours: Record<Kind, Misbehaviour[]> = { list: [], watch: [] };
  #version = 100;
  #compacted = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response);
    });
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on('connection', (socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Listens on the loopback address; on a free port unless one is named. */
  static async start(port = 0): Promise<FakeApiServer> {
    const fake = new FakeApiServer();
    await new Promise<void>((resolve) => fake.#server.listen(port, '127.0.0.1', resolve));
    return fake;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  get openWatches(): number {
    return this.#watches.size;
  }

  get version(): string {
    return String(this.#version);
  }

  /** The requests of one kind, in order. */
  requests(kind: Kind): readonly URLSearchParams[] {
    return this.seen.filter((one) => one.kind === kind).map(({ query }) => query);
  }

  /** Lets the next requests of a kind go wrong, one each. */
  misbehave(kind: Kind, ...how: readonly Misbehaviour[]): void {
    this.#misbehaviours[kind].push(...how);
  }

  put(...objects: readonly FakeObject[]): void {
    for (const object of objects) {
      const type = this.#objects.has(object.metadata.name) ? 'MODIFIED' : 'ADDED';
      this.#objects.set(object.metadata.name, this.#change(type, object));
    }
  }

  remove(name: string): void {
    const object = this.#objects.get(name);
    if (object === undefined) throw new Error(`no object ${name}`);
    this.#objects.delete(name);
    this.#change('DELETED', object);
  }

  /** Raises the version, as writes to other objects do, and tells every watch of it. */
  bookmark(): void {
    this.#version += 1;
    const metadata = { resourceVersion: this.version };
    this.write(JSON.stringify({ type: 'BOOKMARK', object: { kind: 'Node', metadata } }));
  }

  /** Forgets the past: older versions and continue tokens get 410. */
  compact(): void {
    this.#version += 1;
    this.#compacted = this.#version;
    this.#changes.length = 0;
    this.#pages.clear();
  }

  /** Sends a line to every open watch. */
  write(line: string): void {
    for (const watch of this.#watches) send(watch, line);
  }

  /** Ends every open watch as the server does when its time is up. */
  endWatches(): void {
    for (const { response } of this.#watches) response.end();
    this.#watches.clear();
  }

  /** Resets every connection. */
  resetConnections(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #change(type: Change['type'], kept: FakeObject): FakeObject {
    this.#version += 1;
    const object = { ...kept, metadata: { ...kept.metadata, resourceVersion: this.version } };
    const change = { type, version: this.#version, object };
    this.#changes.push(change);
    this.write(eventLine(change));
    return object;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const query = new URL(request.url ?? '/', 'http://fake').searchParams;
    const kind = query.get('watch') === 'true' ? 'watch' : 'list';
    this.seen.push({ kind, query });
    const how = this.#misbehaviours[kind].shift();
    if (how !== undefined && misbehaves(response, how)) return;
    if (kind === 'list') this.#list(query, response);
    else this.#watch(query, response, how);
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const token = query.get('continue');
    const rest = token === null ? [...this.#objects.values()] : this.#pages.get(token);
    if (rest === undefined) {
      status(response, 410);
      return;
    }
    const limit = Number(query.get('limit') ?? Infinity);
    const next = rest.length > limit ? `${this.version}-${rest.length}` : '';
    this.#pages.set(next, rest.slice(limit));
    const metadata = { resourceVersion: this.version, ...(next === '' ? {} : { continue: next }) };
    json(response, 200, { kind: 'NodeList', apiVersion: 'v1', metadata, items: rest.slice(0, limit) });
  }

  #watch(query: URLSearchParams, response: ServerResponse, how: Misbehaviour | undefined): void {
    const from = Number(query.get('resourceVersion'));
    if (from < this.#compacted) {
      status(response, 410);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    const watch: OpenWatch = { response, eventsLeft: how?.answer === 'close-after' ? how.events : Infinity };
    this.#watches.add(watch);
    response.on('close', () => this.#watches.delete(watch));
    for (const change of this.#changes) if (change.version > from) send(watch, eventLine(change));
  }
}

function eventLine({ type, object }: Change): string {
  return JSON.stringify({ type, object });
}

function send(watch: OpenWatch, line: string): void {
  watch.response.write(`${line}\n`);
  watch.eventsLeft -= 1;
  if (watch.eventsLeft === 0) watch.response.end();
}

/** Answers wrongly; false: the answer starts as it should. */
function misbehaves(response: ServerResponse, how: Misbehaviour): boolean {
  if (how.answer === 'status') status(response, how.code);
  if (how.answer === 'reset') response.socket?.resetAndDestroy();
  if (how.answer === 'body') response.end(how.text);
  if (how.answer === 'error-event') {
    response.write(`${JSON.stringify({ type: 'ERROR', object: statusObject(how.code) })}\n`);
  }
  return how.answer !== 'close-after';
}

function status(response: ServerResponse, code: number): void {
  json(response, code, statusObject(code));
}

function statusObject(code: number): unknown {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: `the fake says ${code}`, code };
}

function json(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
