import type { RequestListener } from 'node:http';
import type { SecureContextOptions } from 'node:tls';
import type { Logger } from 'pino';
import { listen } from '../../service/http-server.ts';
import type { Address, Listening } from '../../service/http-server.ts';
import { readTls, watchTls } from '../../service/tls-files.ts';
import type { TlsFiles } from '../../service/tls-files.ts';
import { UsageError } from '../usage-error.ts';

/** How long requests in flight may take at the end. */
export const REQUEST_GRACE_MS = 5_000;

/** One of the service's listeners, by the name of its flag. */
export interface ListenerOptions {
  readonly name: 'extender' | 'admission' | 'operations';
  readonly address: Address;
  readonly app: RequestListener;
  readonly tls: SecureContextOptions | null;
}

/**
 * Opens a listener.
 * @throws UsageError where the address cannot be had.
 */
export async function openListener({ name, address, app, tls }: ListenerOptions): Promise<Listening> {
  try {
    return await listen({ address, app, tls });
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    const hint = 'code' in error && error.code === 'EADDRINUSE' ? `: it is in use; choose another with --${name}` : '';
    throw new UsageError([
      `${name} cannot listen on ${address.host}:${address.port}${hint === '' ? `: ${error.message}` : hint}`,
    ]);
  }
}

/**
 * Reads the certificate files of a listener; null where it has none.
 * @throws UsageError where they cannot be used.
 */
export async function openTls(
  name: ListenerOptions['name'],
  files: TlsFiles | undefined,
): Promise<SecureContextOptions | null> {
  if (files === undefined) return null;
  try {
    return await readTls(files);
  } catch (error) {
    throw new UsageError([`${name}.tls: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

interface RenewalOptions {
  readonly listening: Listening;
  readonly files: TlsFiles | undefined;
  readonly tls: SecureContextOptions | null;
  readonly log: Logger;
}

/** Follows a listener's certificate files; the returned function ends that. */
export function followTls({ listening, files, tls, log }: RenewalOptions): () => void {
  if (files === undefined || tls === null) return () => undefined;
  const onRenewed = (renewed: SecureContextOptions): void => {
    listening.useCertificates(renewed);
  };
  return watchTls({ files, current: tls, onRenewed, log });
}
