import type { Logger } from 'pino';
import { reasonOf } from '../../kubernetes/errors.ts';
import type { LogLimit } from '../limited-log.ts';
import type { ApiMetrics } from '../metrics/api-metrics.ts';
import type { ApiObserver, Endpoint } from './router.ts';

interface WatcherOptions {
  readonly metrics: ApiMetrics;
  readonly log: Logger;
  readonly limit: Pick<LogLimit, 'allows'>;
}

/** Counts requests of the API, and logs what is not the caller's fault. */
export class ApiWatcher implements ApiObserver {
  readonly #options: WatcherOptions;

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  onAnswered(endpoint: Endpoint, status: number, seconds: number): void {
    const { metrics } = this.#options;
    metrics.apiRequests.inc({ endpoint, code: String(status) });
    metrics.apiDuration.observe({ endpoint }, seconds);
  }

  onFailure(endpoint: Endpoint, error: unknown): void {
    const { log, limit } = this.#options;
    const reason = reasonOf(error);
    if (limit.allows(`api ${endpoint} ${reason}`)) log.error({ endpoint, err: error, reason }, 'api request failed');
  }
}
