import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** Seconds: from a local answer to the longest that is waited for. */
const REQUEST_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What is counted of carbon data providers and of how replicas share what they say. */
export interface ProviderMetrics {
  readonly providerRequests: Counter<'source' | 'request' | 'outcome'>;
  readonly providerDuration: Histogram<'source'>;
  readonly providerReports: Counter<'source' | 'outcome'>;
  readonly providerCircuit: Gauge<'source'>;
  readonly providerBudget: Gauge<'source'>;
  readonly signalLeader: Gauge;
  readonly signalShareTrouble: Counter<'reason'>;
}

/** Makes the providers' metrics in the given registries. */
export function createProviderMetrics(registers: Registry[]): ProviderMetrics {
  return { ...requestMetrics(registers), ...shareMetrics(registers) };
}

function requestMetrics(registers: Registry[]) {
  return {
    providerRequests: new Counter({
      name: 'lowtide_provider_requests_total',
      help: 'Requests to carbon data providers by what was asked for, and ok or the reason of failure',
      labelNames: ['source', 'request', 'outcome'] as const,
      registers,
    }),
    providerDuration: new Histogram({
      name: 'lowtide_provider_request_duration_seconds',
      help: 'Time of a request to a provider, failed ones included',
      labelNames: ['source'] as const,
      buckets: REQUEST_BUCKETS,
      registers,
    }),
    providerReports: new Counter({
      name: 'lowtide_provider_reports_total',
      help: 'What providers said of zones, a zone at a time: ok or the reason why it could not be used',
      labelNames: ['source', 'outcome'] as const,
      registers,
    }),
    providerCircuit: new Gauge({
      name: 'lowtide_provider_circuit_open',
      help: '1 while a provider that failed again and again is left alone, 0.5 while it is tried',
      labelNames: ['source'] as const,
      registers,
    }),
    providerBudget: new Gauge({
      name: 'lowtide_provider_budget_left',
      help: 'Requests that today still allows; without a daily limit there is no such series',
      labelNames: ['source'] as const,
      registers,
    }),
  };
}

function shareMetrics(registers: Registry[]) {
  return {
    signalLeader: new Gauge({
      name: 'lowtide_signal_leader',
      help: '1 while this replica is the one that asks the providers',
      registers,
    }),
    signalShareTrouble: new Counter({
      name: 'lowtide_signal_share_trouble_total',
      help: 'Failures to read or publish what replicas share of the signal, by reason',
      labelNames: ['reason'] as const,
      registers,
    }),
  };
}
