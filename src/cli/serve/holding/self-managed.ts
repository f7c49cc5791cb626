import type { SecureContextOptions } from 'node:tls';
import type { Logger } from 'pino';
import type { ApiAccess } from '../../../kubernetes/api-get.ts';
import { reasonOf } from '../../../kubernetes/errors.ts';
import type { Listening } from '../../../service/http-server.ts';
import type { LogLimit } from '../../../service/limited-log.ts';
import type { CertificateMetrics } from '../../../service/metrics/certificate-metrics.ts';
import { SelfManagedCertificates } from '../../../service/certificates/self-managed.ts';
import { CERTIFICATE_TERMS } from '../../../service/certificates/step.ts';
import { clusterCertificates } from '../../../service/certificates/store.ts';
import { UsageError } from '../../usage-error.ts';
import type { ServeOptions } from '../options.ts';

type Settings = NonNullable<ServeOptions['admission']['selfManaged']>;

interface SelfManagedParts {
  readonly access: ApiAccess;
  readonly namespace: string;
  readonly metrics: CertificateMetrics;
  readonly log: Logger;
  readonly limit: LogLimit;
  /** Aborted when the service shall end, be it before there is a certificate. */
  readonly stop: AbortSignal;
}

/** A certificate that this service keeps itself. */
export interface ManagedTls {
  readonly tls: SecureContextOptions;
  /** Has the listener take every renewed certificate. */
  follow(listening: Listening): void;
  stop(): Promise<void>;
}

/**
 * Makes, or finds, the certificate that all replicas share, and keeps it.
 * @throws UsageError where Secret or webhook configurations may not be read and written.
 */
export async function openSelfManaged(settings: Settings, parts: SelfManagedParts): Promise<ManagedTls> {
  const certificates = certificatesOf(settings, parts);
  const stop = (): void => void certificates.stop();
  parts.stop.addEventListener('abort', stop, { once: true });
  if (parts.stop.aborted) stop();
  try {
    const tls = await certificates.start();
    return {
      tls,
      follow: (listening) => {
        certificates.onRenewed((renewed) => {
          listening.useCertificates(renewed);
        });
      },
      stop: () => certificates.stop(),
    };
  } catch (error) {
    await certificates.stop();
    throw new UsageError([`admission.selfManaged: no certificate of its own: ${reasonOf(error)}`]);
  }
}

function certificatesOf(
  { secret, service, webhooks }: Settings,
  { access, namespace, metrics, log, limit }: SelfManagedParts,
): SelfManagedCertificates {
  const dns = [`${service}.${namespace}.svc`, `${service}.${namespace}`, service];
  return new SelfManagedCertificates({
    store: clusterCertificates(access, { secret: { namespace, name: secret }, webhooks }),
    terms: { ...CERTIFICATE_TERMS, names: { dns, ip: [] } },
    observer: {
      onStep: (step) => {
        metrics.certificateSteps.inc({ step });
        log.info({ step, secret }, 'certificates of admission changed by this replica');
      },
      onRenewed: () => {
        log.info({ secret }, 'certificate of admission renewed');
      },
      onRegistered: (registered) => {
        if (registered) log.info({ webhooks }, 'webhook configurations trust our authority');
        else log.warn({ webhooks }, 'no webhook configurations of this name: nobody asks admission yet');
      },
      onTrouble: (error) => {
        metrics.certificateTrouble.inc();
        if (limit.allows('certificates'))
          log.warn({ err: reasonOf(error) }, 'certificates not looked after, tried again');
      },
    },
  });
}
