import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

const HEADERS_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/**
 * One keep-alive connection, one request at a time. A bare socket: node:http would cost as much as the fastest server
 * under test. It knows when an answer is whole; what the answer says is read after the clock has stopped.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  #chunks: Buffer[] = [];
  #length = 0;
  #settle: { resolve: (answer: Buffer) => void; reject: (error: Error) => void } | null = null;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#deliver();
    });
    socket.on('error', (error) => this.#settle?.reject(error));
    socket.on('close', () => this.#settle?.reject(new Error(`${host} closed the connection`)));
  }

  static async open(url: string): Promise<Connection> {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Connection(socket, host);
  }

  /** The bytes to send for a call, made before the clock runs. */
  request(path: string, body: Buffer): Buffer {
    const head = `POST ${path} HTTP/1.1\r\nHost: ${this.#host}\r\nUser-Agent: Go-http-client/1.1\r\n`;
    const entity = `Content-Length: ${body.length}\r\nContent-Type: application/json\r\nAccept-Encoding: gzip\r\n\r\n`;
    return Buffer.concat([Buffer.from(head + entity), body]);
  }

  /** Sends a request; the raw answer, once it is whole. */
  send(request: Buffer): Promise<Buffer> {
    this.#chunks = [];
    this.#length = 0;
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#settle = null;
    this.#socket.destroy();
  }

  #deliver(): void {
    if (this.#settle === null || !this.#isWhole()) return;
    const { resolve } = this.#settle;
    this.#settle = null;
    resolve(Buffer.concat(this.#chunks, this.#length));
  }

  #isWhole(): boolean {
    const [first = HEADERS_END, ...more] = this.#chunks;
    const end = first.indexOf(HEADERS_END);
    if (end < 0) {
      if (more.length === 0) return false;
      this.#chunks = [Buffer.concat(this.#chunks)];
      return this.#isWhole();
    }
    const length = contentLength(first.toString('latin1', 0, end));
    // JSON holds no bare line break pair, so the last chunk's mark cannot stand inside the body.
    return length === null ? this.#endsWithLastChunk() : this.#length >= end + HEADERS_END.length + length;
  }

  #endsWithLastChunk(): boolean {
    const last = this.#chunks.at(-1) ?? HEADERS_END;
    const tail = last.length < LAST_CHUNK.length ? Buffer.concat(this.#chunks) : last;
    return tail.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
  }
}

/** Status and body of a raw answer. */
export function readAnswer(raw: Buffer): { readonly status: number; readonly body: Buffer } {
  const end = raw.indexOf(HEADERS_END);
  const head = raw.toString('latin1', 0, end);
  const body = raw.subarray(end + HEADERS_END.length);
  return { status: Number(head.split(' ')[1]), body: contentLength(head) === null ? unchunked(body) : body };
}

function contentLength(head: string): number | null {
  const found = /^content-length: (\d+)/im.exec(head)?.[1];
  return found === undefined ? null : Number(found);
}

function unchunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (lineEnd < 0 || !(size > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
