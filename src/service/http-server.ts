import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContextOptions } from 'node:tls';

/** kube-scheduler pools connections for 90 s: closing one sooner would race with its next request. */
const KEEP_ALIVE_MS = 120_000;
/** Node wants it above the keep-alive. */
const HEADERS_MS = KEEP_ALIVE_MS + 5_000;
/** A request that takes longer to arrive is cut off; kube-scheduler itself gives up after 5 s by default. */
const REQUEST_MS = 30_000;

/** How often a closing server looks for connections that have become idle. */
const IDLE_LOOK_MS = 50;

/** Where to listen; port 0 takes a free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A server that listens. */
export interface Listening {
  /** With the port that was taken. */
  readonly url: string;
  /** Takes new certificates without a restart; only for a server with TLS. */
  useCertificates(tls: SecureContextOptions): void;
  /** Stops accepting, lets requests in flight finish, then cuts what is left after `grace` milliseconds. */
  close(grace: number): Promise<void>;
}

interface ListenOptions {
  readonly address: Address;
  readonly app: RequestListener;
  /** Null: plain HTTP. A `ca` asks callers for a certificate of it. */
  readonly tls: SecureContextOptions | null;
}

/** Starts a server; rejects where the address cannot be had. */
export async function listen({ address, app, tls }: ListenOptions): Promise<Listening> {
  const secure = tls === null ? null : createSecureServer({ ...secured(tls), requestCert: tls.ca !== undefined }, app);
  const server = secure ?? createServer(app);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  server.listen(address.port, address.host);
  await once(server, 'listening');
  return {
    url: urlOf(server, address.host, secure !== null),
    useCertificates: (renewed) => {
      secure?.setSecureContext(secured(renewed));
    },
    close: (grace) => close(server, grace),
  };
}

function secured(tls: SecureContextOptions): SecureContextOptions {
  return { minVersion: 'TLSv1.2', ...tls };
}

function urlOf(server: Server, host: string, secure: boolean): string {
  const { port } = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  return `${secure ? 'https' : 'http'}://${shown}:${port}`;
}

async function close(server: Server, grace: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  // An answer given from now on is its connection's last, so that a busy keep-alive caller does not hold us here.
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  server.close();
  // What was in flight already keeps its connection open: it goes as soon as it has nothing more to do.
  const idle = setInterval(() => {
    server.closeIdleConnections();
  }, IDLE_LOOK_MS);
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, grace);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}
