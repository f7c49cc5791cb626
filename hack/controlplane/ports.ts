import { once } from 'node:events';
import { createServer } from 'node:net';
import { ProgramError } from './program.ts';

const ATTEMPTS = 3;

/** Loopback ports that are free now. All are held while the others are looked for, so they differ. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
    ports.push(address.port);
  }
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** One free loopback port. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('no free port');
  return port;
}

/** Between looking for a port and listening on it somebody else may take it: then `start` is tried again. */
export async function retryOnTakenPort<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      const taken = error instanceof ProgramError && error.logTail.includes('address already in use');
      if (!taken || attempt === ATTEMPTS) throw error;
    }
  }
}
