import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** Seconds: from a millisecond to the patience of a person. */
const DURATION_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** What the API for people and programs counts. No label holds an object's name. */
export interface ApiMetrics {
  readonly apiRequests: Counter<'endpoint' | 'code'>;
  readonly apiDuration: Histogram<'endpoint'>;
}

/** Makes the API's metrics in the given registries. */
export function createApiMetrics(registers: Registry[]): ApiMetrics {
  return {
    apiRequests: new Counter({
      name: 'lowtide_api_requests_total',
      help: 'Requests of people and programs, by endpoint and HTTP status',
      labelNames: ['endpoint', 'code'] as const,
      registers,
    }),
    apiDuration: new Histogram({
      name: 'lowtide_api_duration_seconds',
      help: 'Time from a request taken up to its answer handed over',
      labelNames: ['endpoint'] as const,
      buckets: DURATION_BUCKETS,
      registers,
    }),
  };
}
