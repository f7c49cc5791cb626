import type { Logger } from 'pino';
import type { Instant } from '../../carbon/units.ts';
import type { LogLimit } from '../limited-log.ts';
import type { ProviderMetrics } from '../metrics/provider-metrics.ts';

/** What a replica does for the others: asks for itself alone, asks for all, or takes what another asked for. */
export type ShareRole = 'standalone' | 'leader' | 'follower';

/** What can go wrong between replicas. Closed: the same codes stand in metrics and logs. */
export type ShareTrouble =
  | 'not-read' // what is published could not be read from the API server
  | 'not-published' // the API server did not take it
  | 'refused' // the API server refuses ConfigMaps to this replica: it goes on by itself
  | 'conflict' // somebody else has written it meanwhile
  | 'unreadable' // what is published is broken, foreign, or of a newer version
  | 'past-not-kept' // the past that forecasts are made from could not be read or published
  | 'watch-lost'; // changes of what is published do not arrive

/** Told of everything that replicas share. Must not throw. */
export interface ShareObserver {
  onRole(role: ShareRole): void;
  onPublished(reports: number, bytes: number): void;
  onAdopted(reports: number, takenAt: Instant): void;
  onTrouble(trouble: ShareTrouble, detail: string): void;
}

interface ObserverOptions {
  readonly metrics: Pick<ProviderMetrics, 'signalLeader' | 'signalShareTrouble'>;
  readonly log: Logger;
  readonly limit: Pick<LogLimit, 'allows'>;
}

const ROLES: Readonly<Record<ShareRole, string>> = {
  standalone: 'standalone: this replica asks the providers for itself',
  leader: 'leading: this replica asks the providers for all',
  follower: 'following: another replica may ask the providers',
};

/** Counts it and writes it down; the same trouble once a minute. */
export class LoggingShareObserver implements ShareObserver {
  readonly #options: ObserverOptions;

  constructor(options: ObserverOptions) {
    this.#options = options;
    options.metrics.signalLeader.set(0);
  }

  onRole(role: ShareRole): void {
    const { metrics, log } = this.#options;
    metrics.signalLeader.set(role === 'follower' ? 0 : 1);
    log.info({ role }, ROLES[role]);
  }

  onPublished(reports: number, bytes: number): void {
    this.#options.log.debug({ reports, bytes }, 'carbon signal published');
  }

  onAdopted(reports: number, takenAt: Instant): void {
    this.#options.log.debug({ reports, takenAt: new Date(takenAt).toISOString() }, 'carbon signal of the leader taken');
  }

  onTrouble(trouble: ShareTrouble, detail: string): void {
    const { metrics, log, limit } = this.#options;
    metrics.signalShareTrouble.inc({ reason: trouble });
    if (limit.allows(`signal share ${trouble}`))
      log.warn({ trouble, detail }, 'carbon signal not shared as it should be');
  }
}
