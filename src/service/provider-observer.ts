import type { Logger } from 'pino';
import type { Zone } from '../carbon/units.ts';
import type { ChainObserver, CircuitPhase, Outcome } from '../sources/chain/observer.ts';
import { FAILURE_SCOPE } from '../sources/failure.ts';
import type { LogLimit } from './limited-log.ts';
import type { ProviderMetrics } from './metrics/provider-metrics.ts';

interface ProviderObserverOptions {
  readonly metrics: ProviderMetrics;
  readonly log: Logger;
  readonly limit: LogLimit;
}

const CIRCUIT: Readonly<Record<CircuitPhase, number>> = { closed: 0, 'half-open': 0.5, open: 1 };

/** Shows in metrics and log what becomes of requests to providers; a failure that repeats is one line a minute. */
export class ProviderObserver implements ChainObserver {
  readonly #options: ProviderObserverOptions;

  constructor(options: ProviderObserverOptions) {
    this.#options = options;
  }

  onCall(source: string, what: string, outcome: Outcome, seconds: number): void {
    const { metrics } = this.#options;
    metrics.providerRequests.inc({ source, request: what, outcome });
    // What our own limits held back took no time.
    if (outcome !== 'over-budget') metrics.providerDuration.observe({ source }, seconds);
  }

  onReport(source: string, zone: Zone, outcome: Outcome): void {
    const { metrics, log, limit } = this.#options;
    metrics.providerReports.inc({ source, outcome });
    if (outcome === 'ok') return;
    // What is not the zone's own trouble is every zone's: one line for all of them.
    const about = FAILURE_SCOPE[outcome] === 'zone' ? { source, zone } : { source };
    if (limit.allows(`report ${Object.values(about).join(' ')} ${outcome}`)) {
      log.warn({ ...about, reason: outcome }, 'no new intensity');
    }
  }

  onCircuit(source: string, phase: CircuitPhase): void {
    const { metrics, log, limit } = this.#options;
    metrics.providerCircuit.set({ source }, CIRCUIT[phase]);
    // Each probe that fails opens it again.
    if (phase === 'half-open' || !limit.allows(`circuit ${source} ${phase}`)) return;
    if (phase === 'open') log.warn({ source }, 'provider fails again and again: left alone for a while');
    else log.info({ source }, 'provider answers again');
  }

  onBudget(source: string, left: number | null): void {
    if (left !== null) this.#options.metrics.providerBudget.set({ source }, left);
  }
}
