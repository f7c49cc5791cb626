import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What is wrong with the data of an answer that is otherwise sound; each API shows it in its own format. */
export type DataFault = 'wrong-zone' | 'nulls' | 'empty' | 'absurd' | 'negative';

/** What is wrong with one answer. */
export type Fault =
  | { readonly fault: 'status'; readonly status: number; readonly headers?: Record<string, string>; body?: unknown }
  | { readonly fault: 'slow'; readonly ms: number }
  | { readonly fault: 'hang' }
  | { readonly fault: 'truncated' }
  | { readonly fault: 'reset' }
  | { readonly fault: 'html'; readonly status?: number }
  | { readonly fault: 'not-json' }
  | { readonly fault: 'changed'; readonly change: (body: unknown) => unknown }
  /** The server's clock goes wrong: its Date header, and what it takes for now. */
  | { readonly fault: 'clock'; readonly skew: number }
  /** Its data stands still since then. */
  | { readonly fault: 'stale'; readonly age: number }
  | { readonly fault: 'data'; readonly data: DataFault };

/** A fault with the requests that it befalls. */
export interface Scripted {
  readonly fault: Fault;
  /** Those whose path holds this; all without it. */
  readonly on: string;
  /** So many requests; Infinity until healed. */
  left: number;
}

/** A request, as the API behind the server sees it. */
export interface GridRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The moment that the API takes for now, ms since the epoch. */
  readonly now: number;
  /** The moment that it is, whatever is scripted. */
  readonly clock: number;
  readonly data: DataFault | null;
}

/** What the API answers; a body that is not text is sent as JSON. */
export interface GridAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One provider's API: what it answers when nothing goes wrong on the way. */
export type GridApi = (request: GridRequest) => GridAnswer;

/** The grid behind an API: gCO2eq/kWh of a zone at a moment. */
export type GridWorld = (zone: string, at: number) => number;

/** A grid that is cleanest at 13:00 UTC, between 200 and 400 gCO2eq/kWh. */
export const sunnyGrid: GridWorld = (_zone, at) =>
  Math.round(300 - 100 * Math.cos(((at / 3_600_000 - 13) / 24) * 2 * Math.PI));

/** Serves a provider's API on a free port of the loopback address; faults are scripted while it runs. */
export class GridServer {
  /** Every request so far, in order, faulty or not. */
  readonly seen: GridRequest[] = [];
  readonly #server: Server;
  readonly #api: GridApi;
  readonly #now: () => number;
  readonly #sockets = new Set<Socket>();
  readonly #script: Scripted[] = [];

  private constructor(api: GridApi, now: () => number) {
    this.#api = api;
    this.#now = now;
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Listens; `now` may be virtual. */
  static async start(api: GridApi, now: () => number = () => Date.now()): Promise<GridServer> {
    const grid = new GridServer(api, now);
    await new Promise<void>((resolve) => grid.#server.listen(0, '127.0.0.1', resolve));
    return grid;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Requests so far whose path holds this. */
  count(path = ''): number {
    return this.seen.filter((request) => request.path.includes(path)).length;
  }

  /** From now on, and beside what is scripted already: the first that fits a request befalls it. */
  fail(fault: Fault, { on = '', times = Infinity }: { on?: string; times?: number } = {}): void {
    this.#script.push({ fault, on, left: times });
  }

  /** Nothing is wrong from now on. */
  heal(): void {
    this.#script.length = 0;
  }

  /** Ends it with whatever hangs. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://grid');
    const fault = this.#take(url.pathname);
    const request: GridRequest = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: await textOf(incoming),
      now: this.#now() + shiftOf(fault),
      clock: this.#now(),
      data: fault?.fault === 'data' ? fault.data : null,
    };
    this.seen.push(request);
    response.setHeader('date', new Date(this.#now() + (fault?.fault === 'clock' ? fault.skew : 0)).toUTCString());
    answerWith(response, this.#api(request), fault);
  }

  #take(path: string): Fault | null {
    const scripted = this.#script.find(({ on, left }) => left > 0 && path.includes(on));
    if (scripted === undefined) return null;
    scripted.left -= 1;
    return scripted.fault;
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function shiftOf(fault: Fault | null): number {
  if (fault?.fault === 'clock') return fault.skew;
  return fault?.fault === 'stale' ? -fault.age : 0;
}

const PAGE = '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Please wait</body></html>';

function answerWith(response: ServerResponse, answer: GridAnswer, fault: Fault | null): void {
  if (fault?.fault === 'hang') return;
  if (fault?.fault === 'reset') response.destroy();
  else if (fault?.fault === 'truncated') breakOff(response, answer);
  else if (fault?.fault === 'slow') setTimeout(send, fault.ms, response, answer).unref();
  else send(response, fault === null ? answer : spoilt(answer, fault));
}

function spoilt(answer: GridAnswer, fault: Fault): GridAnswer {
  switch (fault.fault) {
    case 'status':
      return { ...fault, body: fault.body ?? { error: `scripted ${fault.status}` } };
    case 'html':
      return { status: fault.status ?? 200, body: PAGE, type: 'text/html; charset=utf-8' };
    case 'not-json':
      return { status: 200, body: '{"zone": "DE", "carbon' };
    case 'changed':
      return { ...answer, body: fault.change(structuredClone(answer.body)) };
    default:
      return answer;
  }
}

function send(response: ServerResponse, { status, body, headers, type = 'application/json' }: GridAnswer): void {
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(bytesOf(body));
}

function breakOff(response: ServerResponse, { status, body }: GridAnswer): void {
  const bytes = bytesOf(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), () => {
    response.destroy();
  });
}

function bytesOf(body: unknown): Buffer {
  return Buffer.from(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));
}
