import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** Seconds: from a tenth of a millisecond to the webhooks' timeout. */
const DURATION_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5];

/** What admission counts. No label holds an object's name. */
export interface AdmissionMetrics {
  readonly admissionRequests: Counter<'resource' | 'outcome'>;
  readonly admissionDuration: Histogram<'resource'>;
  readonly admissionRefusals: Counter<'annotation'>;
  readonly holds: Counter<'kind' | 'reason'>;
  readonly notHeld: Counter<'kind' | 'reason'>;
}

/** Makes admission's metrics in the given registries. */
export function createAdmissionMetrics(registers: Registry[]): AdmissionMetrics {
  return {
    admissionRequests: new Counter({
      name: 'lowtide_admission_requests_total',
      help: 'Reviews asked for by the API server, by resource and what became of them',
      labelNames: ['resource', 'outcome'] as const,
      registers,
    }),
    admissionDuration: new Histogram({
      name: 'lowtide_admission_duration_seconds',
      help: 'Time from a review taken up to its answer handed over',
      labelNames: ['resource'] as const,
      buckets: DURATION_BUCKETS,
      registers,
    }),
    admissionRefusals: new Counter({
      name: 'lowtide_admission_refusals_total',
      help: 'Objects refused, by the annotation or field at fault',
      labelNames: ['annotation'] as const,
      registers,
    }),
    holds: new Counter({
      name: 'lowtide_holds_total',
      help: 'Objects held at admission, by kind and reason',
      labelNames: ['kind', 'reason'] as const,
      registers,
    }),
    notHeld: new Counter({
      name: 'lowtide_not_held_total',
      help: 'Objects that Lowtide is asked to care for and did not hold, by kind and reason',
      labelNames: ['kind', 'reason'] as const,
      registers,
    }),
  };
}
