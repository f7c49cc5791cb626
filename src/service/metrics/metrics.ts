import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { createAdmissionMetrics } from './admission-metrics.ts';
import type { AdmissionMetrics } from './admission-metrics.ts';
import { createApiMetrics } from './api-metrics.ts';
import type { ApiMetrics } from './api-metrics.ts';
import { createCertificateMetrics } from './certificate-metrics.ts';
import type { CertificateMetrics } from './certificate-metrics.ts';
import { createGatekeeperMetrics } from './gatekeeper-metrics.ts';
import type { GatekeeperMetrics } from './gatekeeper-metrics.ts';
import { createIntensityMetrics } from './intensity-metrics.ts';
import type { IntensityMetrics } from './intensity-metrics.ts';
import { createProviderMetrics } from './provider-metrics.ts';
import type { ProviderMetrics } from './provider-metrics.ts';
import { createWatchMetrics } from './watch-metrics.ts';
import type { WatchMetrics } from './watch-metrics.ts';

/** Seconds: from a tenth of a millisecond to kube-scheduler's default timeout. */
const DURATION_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5];
/** Seconds: from fresh to a day old. */
const AGE_BUCKETS = [1, 10, 60, 300, 900, 1800, 3600, 7200, 21600, 86400];

/** Everything Lowtide counts. No label holds a pod's or a node's name. docs/metrics.md explains each; a test checks. */
export interface Metrics
  extends
    AdmissionMetrics,
    ApiMetrics,
    CertificateMetrics,
    GatekeeperMetrics,
    IntensityMetrics,
    ProviderMetrics,
    WatchMetrics {
  readonly extenderRequests: Counter<'verb' | 'code'>;
  readonly extenderDuration: Histogram<'verb'>;
  readonly extenderRefusals: Counter<'reason'>;
  readonly scoreInputAge: Histogram;
  readonly scoreNoData: Counter<'reason'>;
  readonly annotationProblems: Counter<'annotation'>;
  readonly policyGeneration: Gauge;
  readonly policyRefused: Counter<'reason'>;
  readonly catalogNodes: Gauge;
  readonly catalogConnected: Gauge;
  readonly catalogDisconnects: Counter<'reason'>;
}

/** Makes the metrics in the given registry. */
export function createMetrics(registry: Registry): Metrics {
  const registers = [registry];
  return {
    ...extenderMetrics(registers),
    ...scoreMetrics(registers),
    ...inputMetrics(registers),
    ...catalogMetrics(registers),
    ...createWatchMetrics(registers),
    ...createAdmissionMetrics(registers),
    ...createApiMetrics(registers),
    ...createCertificateMetrics(registers),
    ...createGatekeeperMetrics(registers),
    ...createIntensityMetrics(registers),
    ...createProviderMetrics(registers),
  };
}

type Registers = Registry[];

function extenderMetrics(registers: Registers) {
  return {
    extenderRequests: new Counter({
      name: 'lowtide_extender_requests_total',
      help: "Requests of kube-scheduler's, by verb and HTTP status",
      labelNames: ['verb', 'code'] as const,
      registers,
    }),
    extenderDuration: new Histogram({
      name: 'lowtide_extender_duration_seconds',
      help: 'Time from a request taken up to its answer handed over',
      labelNames: ['verb'] as const,
      buckets: DURATION_BUCKETS,
      registers,
    }),
    extenderRefusals: new Counter({
      name: 'lowtide_extender_refusals_total',
      help: 'Nodes refused to pods in filter calls, by reason',
      labelNames: ['reason'] as const,
      registers,
    }),
  };
}

function scoreMetrics(registers: Registers) {
  return {
    scoreInputAge: new Histogram({
      name: 'lowtide_score_input_age_seconds',
      help: 'Age of the oldest intensity that a prioritize call counted with',
      buckets: AGE_BUCKETS,
      registers,
    }),
    scoreNoData: new Counter({
      name: 'lowtide_score_no_data_total',
      help: 'Regions in prioritize calls for which no intensity could be used, by reason',
      labelNames: ['reason'] as const,
      registers,
    }),
    annotationProblems: new Counter({
      name: 'lowtide_annotation_problems_total',
      help: 'Pod annotations that could not be used, by annotation',
      labelNames: ['annotation'] as const,
      registers,
    }),
  };
}

function inputMetrics(registers: Registers) {
  return {
    policyGeneration: new Gauge({
      name: 'lowtide_policy_generation',
      help: 'Number of the policy in force: 1 at start, one more with each reload',
      registers,
    }),
    policyRefused: new Counter({
      name: 'lowtide_policy_refused_total',
      help: 'Policy documents refused, the last good one kept, by reason',
      labelNames: ['reason'] as const,
      registers,
    }),
  };
}

function catalogMetrics(registers: Registers) {
  return {
    catalogNodes: new Gauge({
      name: 'lowtide_catalog_nodes',
      help: 'Nodes in the catalogue',
      registers,
    }),
    catalogConnected: new Gauge({
      name: 'lowtide_catalog_connected',
      help: '1 while the watch on nodes is connected (always 1 with --nodes)',
      registers,
    }),
    catalogDisconnects: new Counter({
      name: 'lowtide_catalog_disconnects_total',
      help: 'Times the watch on nodes was lost or could not be opened, by reason',
      labelNames: ['reason'] as const,
      registers,
    }),
  };
}
