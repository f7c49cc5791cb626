import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** What is counted of the certificates that Lowtide makes itself. */
export interface CertificateMetrics {
  readonly certificateSteps: Counter<'step'>;
  readonly certificateTrouble: Counter;
}

/** Makes the certificates' metrics in the given registries. */
export function createCertificateMetrics(registers: Registry[]): CertificateMetrics {
  return {
    certificateSteps: new Counter({
      name: 'lowtide_certificate_steps_total',
      help: 'Steps that this replica took with the certificates of admission',
      labelNames: ['step'] as const,
      registers,
    }),
    certificateTrouble: new Counter({
      name: 'lowtide_certificate_trouble_total',
      help: 'Looks at the certificates of admission that failed, the one in use kept',
      registers,
    }),
  };
}
