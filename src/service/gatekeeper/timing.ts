import { millis } from '../../carbon/units.ts';
import type { Clock } from '../clock.ts';
import type { Timing } from './ports.ts';

/** setTimeout takes no more; who is called early looks at the clock and waits on. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own timers on the given clock; they keep no process alive. */
export function systemTiming(clock: Clock): Timing {
  return {
    now: () => clock.now(),
    after: (wait, run) => {
      const timer = setTimeout(run, Math.min(Math.max(wait, 0), LONGEST_TIMER_MS));
      timer.unref();
      return () => {
        clearTimeout(timer);
      };
    },
  };
}

/** A timer counts seconds, a moment is on the clock: where that is set, or the machine slept, they part. */
const LONGEST_TRUST_MS = 30_000;

/** One callback at a time, for the next moment that matters; late by half a minute at most where the clock jumps. */
export class Alarm {
  readonly #timing: Timing;
  readonly #ring: () => void;
  #at: number | null = null;
  #cancel: (() => void) | null = null;

  constructor(timing: Timing, ring: () => void) {
    this.#timing = timing;
    this.#ring = ring;
  }

  /** Rings at the moment, in place of the one set before; null: not at all. */
  set(at: number | null): void {
    if (at === this.#at) return;
    this.#cancel?.();
    this.#at = at;
    this.#cancel = at === null ? null : this.#wait(at);
  }

  /** Rings at the moment unless it rings earlier. */
  setNoLater(at: number): void {
    if (this.#at === null || at < this.#at) this.set(at);
  }

  #wait(at: number): () => void {
    const left = at - this.#timing.now();
    if (left <= LONGEST_TRUST_MS) return this.#timing.after(millis(left), this.#rings);
    return this.#timing.after(millis(LONGEST_TRUST_MS), () => {
      this.#cancel = this.#wait(at);
    });
  }

  readonly #rings = (): void => {
    this.#at = null;
    this.#cancel = null;
    this.#ring();
  };
}
