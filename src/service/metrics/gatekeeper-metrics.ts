import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** Seconds: from at once to a day and more. */
const HOLD_BUCKETS = [1, 10, 60, 300, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400, 172800];
/** Seconds: from a patch's own time to an outage of the API server. */
const LAG_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300];

/** What is counted of held work. No label holds a name of the cluster's. docs/metrics.md explains each. */
export interface GatekeeperMetrics {
  readonly held: Gauge<'kind'>;
  readonly leader: Gauge;
  readonly releases: Counter<'kind' | 'reason'>;
  readonly releaseFailures: Counter<'code'>;
  readonly holdSeconds: Histogram<'kind'>;
  readonly releaseLag: Histogram;
  readonly events: Counter<'action' | 'outcome'>;
  readonly tampering: Counter<'what'>;
  readonly pauses: Counter<'reason' | 'outcome'>;
  readonly interruptible: Gauge;
  readonly moves: Gauge;
}

/** Makes the gatekeeper's metrics in the given registries. */
export function createGatekeeperMetrics(registers: Registry[]): GatekeeperMetrics {
  return {
    ...stateMetrics(registers),
    ...releaseMetrics(registers),
    ...trailMetrics(registers),
    ...pauseMetrics(registers),
  };
}

function stateMetrics(registers: Registry[]) {
  return {
    held: new Gauge({
      name: 'lowtide_held',
      help: 'Jobs and pods that are held now',
      labelNames: ['kind'] as const,
      registers,
    }),
    leader: new Gauge({
      name: 'lowtide_leader',
      help: '1 while this replica is the one that releases',
      registers,
    }),
  };
}

function releaseMetrics(registers: Registry[]) {
  return {
    releases: new Counter({
      name: 'lowtide_releases_total',
      help: 'Held work released by this replica, by reason',
      labelNames: ['kind', 'reason'] as const,
      registers,
    }),
    releaseFailures: new Counter({
      name: 'lowtide_release_failures_total',
      help: 'Attempts to release that failed and are repeated, by error code',
      labelNames: ['code'] as const,
      registers,
    }),
    holdSeconds: new Histogram({
      name: 'lowtide_hold_seconds',
      help: 'Time from creation, or the latest pause, to release',
      labelNames: ['kind'] as const,
      buckets: HOLD_BUCKETS,
      registers,
    }),
    releaseLag: new Histogram({
      name: 'lowtide_release_lag_seconds',
      help: 'Time from the moment at which work may go to the release done',
      buckets: LAG_BUCKETS,
      registers,
    }),
  };
}

function pauseMetrics(registers: Registry[]) {
  return {
    pauses: new Counter({
      name: 'lowtide_pauses_total',
      help: 'Pauses of running Jobs by this replica, by reason and outcome',
      labelNames: ['reason', 'outcome'] as const,
      registers,
    }),
    interruptible: new Gauge({
      name: 'lowtide_running_interruptible',
      help: 'Jobs that run now and may be paused',
      registers,
    }),
    moves: new Gauge({
      name: 'lowtide_moves_supported',
      help: '1 where a paused Job may be resumed in another region',
      registers,
    }),
  };
}

function trailMetrics(registers: Registry[]) {
  return {
    events: new Counter({
      name: 'lowtide_events_total',
      help: 'Events about held work, by action and outcome',
      labelNames: ['action', 'outcome'] as const,
      registers,
    }),
    tampering: new Counter({
      name: 'lowtide_tampering_total',
      help: 'Held work that somebody else let go or took our label off',
      labelNames: ['what'] as const,
      registers,
    }),
  };
}
