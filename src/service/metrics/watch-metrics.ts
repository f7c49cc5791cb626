import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** What is counted of the watches beside the one on nodes. */
export interface WatchMetrics {
  readonly watchConnected: Gauge<'resource'>;
  readonly watchDisconnects: Counter<'resource' | 'reason'>;
}

/** Makes the watches' metrics in the given registries. */
export function createWatchMetrics(registers: Registry[]): WatchMetrics {
  return {
    watchConnected: new Gauge({
      name: 'lowtide_watch_connected',
      help: '1 while the watch on this resource is connected',
      labelNames: ['resource'] as const,
      registers,
    }),
    watchDisconnects: new Counter({
      name: 'lowtide_watch_disconnects_total',
      help: 'Times the watch on this resource was lost or could not be opened, by reason',
      labelNames: ['resource', 'reason'] as const,
      registers,
    }),
  };
}
