import type { Instant } from '../../carbon/units.ts';
import { millis } from '../../carbon/units.ts';
import { decisionNote } from '../../timing/decision-note.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import { heldFrom, pausesOf } from '../../timing/progress-marks.ts';
import type { HoldDecision } from '../../timing/types.ts';
import { notedDecision } from './marks.ts';
import type { NotedDecision } from './marks.ts';
import { elsewhereEvent, heldEvent, pausedEvent, releasedEvent, replannedEvent } from './event-words.ts';
import type { GatekeeperObserver } from './observer.ts';
import type { GatekeeperEvent, GatekeeperPorts } from './ports.ts';
import { Replans } from './replans.ts';
import type { Trail } from './trail.ts';

/** How long an API server keeps Events unless it is told otherwise. */
export const EVENT_LIFE = millis(3_600_000);

interface ChronicleOptions {
  readonly ports: Pick<GatekeeperPorts, 'calls' | 'timing'>;
  readonly trail: Trail;
  readonly observer: GatekeeperObserver;
}

/** Tells users, by Events behind the releases, what becomes of their work. */
export class Chronicle {
  readonly #options: ChronicleOptions;
  readonly #replans = new Replans();
  /** Held work of which was told, with how often it had been paused by then. */
  readonly #seen = new Map<string, number>();

  constructor(options: ChronicleOptions) {
    this.#options = options;
  }

  /**
   * Takes in what was decided on held work. The first time it tells that the work is held, or was paused: a predecessor
   * may have told it already, which makes no second Event, or have ended before it could. Later it tells of a forecast
   * that moved.
   */
  waiting(work: HeldWork, decision: HoldDecision, inherited: boolean): void {
    const now = this.#options.ports.timing.now();
    const pauses = pausesOf(work.annotations);
    if (this.#seen.get(work.uid) !== pauses) {
      this.#seen.set(work.uid, pauses);
      // The decision that it carries, so that every replica tells the same.
      const noted = notedDecision(work) ?? (decision.action === 'wait' ? decision : null);
      if (noted !== null && now < heldFrom(work) + EVENT_LIFE) {
        const event = pauses === 0 ? heldEvent(work, noted, decision.until) : pausedEvent(work, noted, decision);
        this.#tell(event, inherited);
      }
    }
    if (decision.action === 'wait') this.#replan(work, decision, now);
  }

  /** `inherited`: a predecessor did it, and has probably told it too. */
  released(work: HeldWork, decision: NotedDecision, at: Instant, inherited = false): void {
    this.forget(work.uid);
    const event = decision.reason === 'released-elsewhere' ? elsewhereEvent(work, at) : null;
    this.#tell(event ?? releasedEvent(work, decision, at), inherited);
  }

  forget(uid: string): void {
    this.#seen.delete(uid);
    this.#replans.forget(uid);
  }

  clear(): void {
    this.#seen.clear();
    this.#replans.clear();
  }

  #replan(work: HeldWork, decision: Extract<HoldDecision, { action: 'wait' }>, now: Instant): void {
    if (!this.#replans.isNews(work.uid, decision, now)) return;
    const { trail, ports } = this.#options;
    const run = async (): Promise<void> => {
      await ports.calls.note(work, decisionNote(decision));
    };
    trail.add({ uid: work.uid, patient: true, run });
    this.#tell(replannedEvent(work, decision, now), true);
  }

  #tell(event: GatekeeperEvent, patient: boolean): void {
    const { trail, ports, observer } = this.#options;
    const run = async (): Promise<void> => {
      observer.onEvent(event.action, await ports.calls.writeEvent(event));
    };
    trail.add({ uid: event.work.uid, patient, run });
  }
}
