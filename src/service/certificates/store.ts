import type { ApiAccess } from '../../kubernetes/api-get.ts';
import { createTlsSecret, readTlsSecret, updateTlsSecret } from '../../kubernetes/tls-secret.ts';
import type { SecretData, SecretName, TlsSecret } from '../../kubernetes/tls-secret.ts';
import { writeCaBundle } from '../../kubernetes/webhook-configurations.ts';
import type { BundleOutcome } from '../../kubernetes/webhook-configurations.ts';

/** Where replicas keep what they agree on, and tell API servers whom to trust. Every method throws ApiErrors. */
export interface CertificateStore {
  /** Null: nothing is kept yet. */
  read(signal: AbortSignal): Promise<TlsSecret | null>;
  /** Null: another replica was faster. */
  create(data: SecretData, signal: AbortSignal): Promise<TlsSecret | null>;
  /** Null: it is another version by now. */
  update(resourceVersion: string, data: SecretData, signal: AbortSignal): Promise<TlsSecret | null>;
  trust(bundle: string, signal: AbortSignal): Promise<BundleOutcome>;
}

/** Silence in one request, in milliseconds. */
const SILENCE = 10_000;

/** A Secret, and the webhook configurations of a name. */
export function clusterCertificates(
  access: ApiAccess,
  { secret, webhooks }: { readonly secret: SecretName; readonly webhooks: string },
): CertificateStore {
  const patience = (signal: AbortSignal) => ({ signal, silence: SILENCE });
  return {
    read: (signal) => readTlsSecret(access, secret, patience(signal)),
    create: (data, signal) => createTlsSecret(access, secret, data, patience(signal)),
    update: (resourceVersion, data, signal) =>
      updateTlsSecret(access, { secret, resourceVersion }, data, patience(signal)),
    trust: (bundle, signal) => writeCaBundle(access, webhooks, bundle, patience(signal)),
  };
}
