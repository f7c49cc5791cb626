import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeCertificates } from '../../controlplane/certificates.ts';

/** A webhook under test, a process of its own. */
export interface Webhook {
  readonly url: string;
  /** By which its certificate is known, PEM. */
  readonly ca: string;
  readonly pid: number;
}

/** The server of fixed.ts. */
export interface FixedWebhook extends Webhook {
  stop(): Promise<void>;
}

/** Starts the webhook that answers one patch, base64 as in an AdmissionReview. */
export async function startFixed(patch: string): Promise<FixedWebhook> {
  const { ca, serverCertificate: cert, serverKey: key } = await makeCertificates(new Date());
  const child = spawn(process.execPath, [join(import.meta.dirname, 'fixed.ts'), patch], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  child.stdin.end(JSON.stringify({ cert, key }));
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^ready (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM');
      await exited;
    };
    return { url, ca, pid: child.pid ?? 0, stop };
  }
  throw new Error('the fixed webhook did not start');
}
