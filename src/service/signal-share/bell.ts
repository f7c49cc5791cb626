import { millis } from '../../carbon/units.ts';
import type { Timing } from '../gatekeeper/ports.ts';

/** Wakes one waiter, early or in time; a ring that nobody waits for is not lost. */
export class Bell {
  readonly #timing: Timing;
  #rung = false;
  #wake: (() => void) | null = null;

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves when it rings, has rung since the last wait, or after so many milliseconds. */
  async wait(ms: number): Promise<void> {
    if (!this.#rung) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const wake = (): void => {
        resolve(undefined);
      };
      this.#wake = wake;
      const cancel = this.#timing.after(millis(ms), wake);
      await promise;
      cancel();
      this.#wake = null;
    }
    this.#rung = false;
  }
}
