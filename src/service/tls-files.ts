import { readFile } from 'node:fs/promises';
import type { SecureContextOptions } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';

/** Certificate files of a listener, PEM. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** Callers must then show a certificate of this authority. */
  readonly clientCaFile?: string | undefined;
}

const POLL_MS = 10_000;

/**
 * Reads certificate and key, and checks that they belong together.
 * @throws Error with the file's or OpenSSL's own message.
 */
export async function readTls(files: TlsFiles): Promise<SecureContextOptions> {
  // One after the other: of two missing files the first is always the one that is named.
  const cert = await readFile(files.certFile);
  const key = await readFile(files.keyFile);
  const ca = files.clientCaFile === undefined ? null : await readFile(files.clientCaFile);
  const tls = ca === null ? { cert, key } : { cert, key, ca };
  createSecureContext(tls);
  return tls;
}

interface WatchOptions {
  readonly files: TlsFiles;
  readonly current: SecureContextOptions;
  readonly onRenewed: (tls: SecureContextOptions) => void;
  readonly log: Logger;
  readonly every?: number;
}

/**
 * Looks at the files every ten seconds and hands renewed certificates on. Mounted Secrets change by a symlink swap that
 * file watching misses. A pair that cannot be used, half renewed perhaps, is logged and left for the next look.
 */
export function watchTls({ files, current, onRenewed, log, every = POLL_MS }: WatchOptions): () => void {
  let last = fingerprint(current);
  let refused = '';
  const look = async (): Promise<void> => {
    try {
      const tls = await readTls(files);
      if (fingerprint(tls) === last) return;
      last = fingerprint(tls);
      onRenewed(tls);
      log.info({ certFile: files.certFile }, 'certificate renewed');
      refused = '';
    } catch (error) {
      const why = String(error);
      if (why !== refused)
        log.error({ err: error, certFile: files.certFile }, 'certificate refused, last good one kept');
      refused = why;
    }
  };
  const timer = setInterval(() => void look(), every);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

function fingerprint({ cert, key, ca }: SecureContextOptions): string {
  return [cert, key, ca].map(String).join();
}
