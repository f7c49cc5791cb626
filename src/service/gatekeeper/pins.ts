import { instant } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import { UNPINNING } from '../../policy/annotations.ts';
import { Agenda } from './agenda.ts';
import { releasedAt } from './marks.ts';
import type { GatekeeperObserver } from './observer.ts';
import type { PinCalls, Timing } from './ports.ts';
import type { UnpinChange } from '../../kubernetes/unpin-work.ts';
import { Alarm } from './timing.ts';
import type { Trail } from './trail.ts';

interface PinsOptions {
  readonly calls: PinCalls;
  readonly timing: Timing;
  readonly trail: Trail;
  readonly observer: GatekeeperObserver;
  readonly pinTimeout: () => Millis;
  readonly unpinned: (work: HeldWork) => UnpinChange;
}

/** A suspended Job's pods need a moment to go. */
const STOPPING_MS = 1_000;

/**
 * Takes the required region off released Jobs whose pods find no node in it: suspended, unpinned, resumed. Such a Job is
 * looked at once every timeout until it has finished; no Job is unless the policy says `pin: required`.
 */
export class Pins {
  readonly #options: PinsOptions;
  readonly #agenda = new Agenda();
  readonly #alarm: Alarm;
  #leading = false;

  constructor(options: PinsOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.timing, () => {
      this.#lookAtDue();
    });
    options.calls.pinned.onChange((uid, work, before) => {
      if (work === null) this.#agenda.delete(uid);
      else if (before === null) this.#expect(work);
    });
  }

  lead(): void {
    this.#leading = true;
    for (const work of this.#options.calls.pinned.all()) this.#expect(work);
  }

  follow(): void {
    this.#leading = false;
    this.#agenda.clear();
    this.#alarm.set(null);
  }

  #expect(work: HeldWork): void {
    if (!this.#leading) return;
    const { timing, pinTimeout } = this.#options;
    this.#comeBack(work.uid, instant((releasedAt(work) ?? timing.now()) + pinTimeout()));
  }

  #comeBack(uid: string, at: Instant): void {
    if (!this.#leading) return;
    this.#agenda.set(uid, at);
    this.#alarm.set(this.#agenda.next());
  }

  #lookAtDue(): void {
    const { trail, calls, timing, pinTimeout } = this.#options;
    for (const uid of this.#agenda.due(timing.now())) {
      const run = async (): Promise<void> => {
        const work = calls.pinned.get(uid);
        if (work === undefined || !this.#leading) return;
        // Whatever becomes of this look: a Job that was suspended by it must not be forgotten.
        this.#comeBack(uid, instant(timing.now() + pinTimeout()));
        await this.#look(work);
      };
      // Not behind an Event of the same work, which may have to wait long.
      trail.add({ uid: `pin ${uid}`, patient: false, run });
    }
    this.#alarm.set(this.#agenda.next());
  }

  async #look(work: HeldWork): Promise<void> {
    const { calls, timing, pinTimeout } = this.#options;
    if (work.held) {
      // By a look a moment ago, or by a predecessor who got no further; else its owner suspended it, and it stays his.
      if (UNPINNING in work.annotations) await this.#resume(work);
      return;
    }
    const since = await calls.unschedulableSince(work);
    if (since === 'finished') {
      this.#agenda.delete(work.uid);
      return;
    }
    const now = timing.now();
    const late = since !== null && now >= since + pinTimeout();
    if (late && (await calls.suspend(work)) === 'suspended') this.#comeBack(work.uid, instant(now + STOPPING_MS));
    else if (!late) this.#comeBack(work.uid, instant((since ?? now) + pinTimeout()));
  }

  async #resume(work: HeldWork): Promise<void> {
    const { calls, timing, observer, unpinned } = this.#options;
    const stopped = await calls.hasStopped(work);
    if (stopped === false) this.#comeBack(work.uid, instant(timing.now() + STOPPING_MS));
    if (stopped !== true) return;
    observer.onUnpinned(work, await calls.unpin(work, unpinned));
  }
}
