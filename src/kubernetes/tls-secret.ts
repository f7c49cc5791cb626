import { answerError, apiCall, MERGE_PATCH } from './api-call.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { member, metadataText, textMembers } from './untyped.ts';

/** Which Secret. */
export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

/** A Secret as it was read; its values decoded. */
export interface TlsSecret {
  readonly resourceVersion: string;
  readonly data: Readonly<Record<string, string>>;
}

/** Values to write; null takes one away. */
export type SecretData = Readonly<Record<string, string | null>>;

/** Reads the Secret; null: there is none. Throws ApiErrors. */
export async function readTlsSecret(
  access: ApiAccess,
  secret: SecretName,
  patience: Patience,
): Promise<TlsSecret | null> {
  const answer = await apiCall(access, { method: 'GET', path: secretPath(secret), patience });
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw answerError(`read ${label(secret)}`, answer);
  return secretOf(answer.body);
}

/** Makes the Secret, of type kubernetes.io/tls; null: somebody else was faster. Throws ApiErrors. */
export async function createTlsSecret(
  access: ApiAccess,
  secret: SecretName,
  data: SecretData,
  patience: Patience,
): Promise<TlsSecret | null> {
  const present = Object.fromEntries(Object.entries(encoded(data)).filter(([, value]) => value !== null));
  const body = { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata: { ...secret }, data: present };
  const path = secretPath(secret).slice(0, -encodeURIComponent(secret.name).length - 1);
  const answer = await apiCall(access, { method: 'POST', path, body, patience });
  if (answer.status === 409) return null;
  if (answer.status !== 201) throw answerError(`create ${label(secret)}`, answer);
  return secretOf(answer.body);
}

/** Writes values into the Secret as it was read; null: it has changed since, or is gone. Throws ApiErrors. */
export async function updateTlsSecret(
  access: ApiAccess,
  { secret, resourceVersion }: { readonly secret: SecretName; readonly resourceVersion: string },
  data: SecretData,
  patience: Patience,
): Promise<TlsSecret | null> {
  const body = { metadata: { resourceVersion }, data: encoded(data) };
  const path = secretPath(secret);
  const answer = await apiCall(access, { method: 'PATCH', path, body, contentType: MERGE_PATCH, patience });
  if (answer.status === 409 || answer.status === 404) return null;
  if (answer.status !== 200) throw answerError(`write ${label(secret)}`, answer);
  return secretOf(answer.body);
}

function secretPath({ namespace, name }: SecretName): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
}

function label({ namespace, name }: SecretName): string {
  return `secret ${namespace}/${name}`;
}

function secretOf(object: unknown): TlsSecret {
  const decoded = Object.entries(textMembers(member(object, 'data'))).map(
    ([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')] as const,
  );
  return { resourceVersion: metadataText(object, 'resourceVersion') ?? '', data: Object.fromEntries(decoded) };
}

function encoded(data: SecretData): Readonly<Record<string, string | null>> {
  const entries = Object.entries(data).map(
    ([key, value]) => [key, value === null ? null : Buffer.from(value).toString('base64')] as const,
  );
  return Object.fromEntries(entries);
}
