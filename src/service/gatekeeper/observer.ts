import type { Logger } from 'pino';
import type { Instant } from '../../carbon/units.ts';
import { isApiError, reasonOf } from '../../kubernetes/errors.ts';
import type { PauseOutcome } from '../../kubernetes/pause-work.ts';
import { workName } from '../../timing/held-work.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import { heldFrom } from '../../timing/progress-marks.ts';
import type { HoldDecision, WorkKind } from '../../timing/types.ts';
import type { LogLimit } from '../limited-log.ts';
import type { GatekeeperMetrics } from '../metrics/gatekeeper-metrics.ts';
import type { NotedDecision } from './marks.ts';
import type { EventAction } from './ports.ts';

/** A release that is done. */
export interface Released {
  readonly work: HeldWork;
  readonly decision: NotedDecision;
  readonly at: Instant;
  /** When its time had come; null: not known, an earlier attempt's answer was lost. */
  readonly due: Instant | null;
}

/** What somebody else did to held work. */
export type Tampering = 'label-removed' | 'released-elsewhere';

interface ObserverOptions {
  readonly metrics: GatekeeperMetrics;
  readonly log: Logger;
  readonly limit: Pick<LogLimit, 'allows'>;
}

/** Counts what the gatekeeper does and writes it down: a line for each release, one a minute for the same trouble. */
export class GatekeeperObserver {
  readonly #metrics: GatekeeperMetrics;
  readonly #log: Logger;
  readonly #limit: Pick<LogLimit, 'allows'>;

  constructor({ metrics, log, limit }: ObserverOptions) {
    this.#metrics = metrics;
    this.#log = log;
    this.#limit = limit;
    metrics.leader.set(0);
    metrics.interruptible.set(0);
    for (const kind of ['job', 'pod'] as const) metrics.held.set({ kind }, 0);
  }

  onLeader(leading: boolean): void {
    this.#metrics.leader.set(leading ? 1 : 0);
    this.#log.info(leading ? 'leading: this replica releases held work' : 'following: another replica may lead');
  }

  onHeld(kind: WorkKind, change: 1 | -1): void {
    this.#metrics.held.inc({ kind }, change);
  }

  onDecided(work: HeldWork, decision: HoldDecision): void {
    if (this.#log.isLevelEnabled('debug')) this.#log.debug({ work: workName(work), ...decision }, 'decided');
  }

  onReleased({ work, decision, at, due }: Released): void {
    const { kind } = work;
    const { reason, region, intensity, threshold } = decision;
    const held = Math.max(0, at - heldFrom(work)) / 1000;
    this.#metrics.releases.inc({ kind, reason });
    this.#metrics.holdSeconds.observe({ kind }, held);
    if (due !== null) this.#metrics.releaseLag.observe(Math.max(0, at - due) / 1000);
    this.#log.info({ work: workName(work), reason, region, intensity, threshold, heldSeconds: held }, 'released');
  }

  onReleaseFailed(work: HeldWork, error: unknown): void {
    const code = isApiError(error) ? error.code : 'unexpected';
    this.#metrics.releaseFailures.inc({ code });
    if (!this.#limit.allows(`release ${code}`)) return;
    this.#log.error({ work: workName(work), code, err: reasonOf(error) }, 'release failed, it is tried again');
  }

  /** Jobs that run and may be paused: one more, or one less. */
  onInterruptible(change: 1 | -1): void {
    this.#metrics.interruptible.inc(change);
  }

  onPaused(work: HeldWork, { reason, region, intensity, until }: HoldDecision, outcome: PauseOutcome): void {
    this.#metrics.pauses.inc({ reason, outcome });
    if (outcome !== 'paused') return;
    this.#log.info({ work: workName(work), reason, region, intensity, until }, 'paused');
  }

  onPauseFailed(work: HeldWork, { reason }: HoldDecision, error: unknown): void {
    const code = isApiError(error) ? error.code : 'unexpected';
    this.#metrics.pauses.inc({ reason, outcome: 'failed' });
    if (!this.#limit.allows(`pause ${code}`)) return;
    this.#log.warn({ work: workName(work), code, err: reasonOf(error) }, 'pause failed, it runs on for now');
  }

  onStopping(work: HeldWork): void {
    if (!this.#limit.allows('stopping')) return;
    this.#log.warn({ work: workName(work) }, 'its time has come, but pods of it still end: it would run twice');
  }

  onUnplaced(work: HeldWork, why: string): void {
    if (!this.#limit.allows('unplaced')) return;
    this.#log.warn({ work: workName(work), why }, 'placement refused, released without');
  }

  onTampering(what: Tampering, work: HeldWork): void {
    this.#metrics.tampering.inc({ what });
    this.#log.warn({ work: workName(work), what }, TAMPERING[what]);
  }

  onUnpinned(work: HeldWork, outcome: string): void {
    this.#log.info({ work: workName(work), outcome }, 'its region has no node for it, no longer required');
  }

  onEvent(action: EventAction, outcome: 'written' | 'dropped'): void {
    this.#metrics.events.inc({ action, outcome });
  }

  onErrandFailed(error: unknown, again: boolean): void {
    const code = isApiError(error) ? error.code : 'unexpected';
    if (!this.#limit.allows(`errand ${code} ${String(again)}`)) return;
    this.#log.warn({ code, err: reasonOf(error), again }, 'an Event or a look at held work failed');
  }
}

const TAMPERING: Readonly<Record<Tampering, string>> = {
  'label-removed': 'somebody took the label off held work, it is put back',
  'released-elsewhere': 'somebody else let held work go',
};
