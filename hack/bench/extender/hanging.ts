import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { WorldFiles } from './world.ts';

/** Providers that take every connection and never answer. */
export interface Hanging {
  /** A configuration with all of them before the trace, asked as often as can be. */
  readonly config: string;
  readonly close: () => void;
}

/** Opens them; the policy's `refresh` is their own here, so that some request always hangs. */
export async function hangingProviders(folder: string, { trace }: WorldFiles): Promise<Hanging> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => sockets.delete(socket)).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const often = { url, refresh: '1s', requestsPerDay: null, requestsPerMinute: null };
  const secret = { env: 'PATH' };
  const sources = [
    { electricityMaps: { ...often, token: secret } },
    { prometheus: { ...often, query: 'carbon_intensity' } },
    { entsoe: { ...often, token: secret } },
    { trace: { file: trace } },
  ];
  const config = join(folder, 'hanging.yaml');
  await writeFile(config, JSON.stringify({ sources }));
  return {
    config,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
