import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates, makeServiceAccountKey } from './certificates.ts';
import type { Tokens, UserKey } from './credentials.ts';
import { kubeconfigText, makeTokens, tokenFile, USER_KEYS } from './credentials.ts';

/** The folder of one running control plane: data, keys, logs. */
export interface State {
  readonly folder: string;
  readonly ca: string;
  readonly tokens: Tokens;
}

/** Makes a fresh state folder in the system's temporary folder; only its owner may read it. */
export async function makeState(): Promise<State> {
  const folder = await mkdtemp(join(tmpdir(), 'lowtide-cluster-'));
  const certificates = await makeCertificates(new Date());
  const tokens = makeTokens();
  for (const name of ['pki', 'logs', 'etcd', 'kubeconfigs', 'schedulers']) await mkdir(join(folder, name));
  const secrets = {
    'ca.crt': certificates.ca,
    'server.crt': certificates.serverCertificate,
    'server.key': certificates.serverKey,
    'service-account.key': makeServiceAccountKey(),
    'tokens.csv': tokenFile(tokens),
  };
  for (const [name, text] of Object.entries(secrets)) await writeFile(pkiFile(folder, name), text);
  return { folder, ca: certificates.ca, tokens };
}

/** Writes every user's kubeconfig, once the API server's address is known. */
export async function writeKubeconfigs({ folder, ca, tokens }: State, server: string): Promise<void> {
  for (const key of USER_KEYS) {
    await writeFile(kubeconfigFile(folder, key), kubeconfigText({ server, ca, token: tokens[key] }), { mode: 0o600 });
  }
}

/** A key, certificate or token file. */
export function pkiFile(folder: string, name: string): string {
  return join(folder, 'pki', name);
}

/** The kubeconfig of a user. */
export function kubeconfigFile(folder: string, key: UserKey): string {
  return join(folder, 'kubeconfigs', `${key}.yaml`);
}

/** The log of a program. */
export function logFile(folder: string, name: string): string {
  return join(folder, 'logs', `${name}.log`);
}
