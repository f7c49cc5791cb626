import type { Instant } from '../../src/carbon/units.ts';
import { instant } from '../../src/carbon/units.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes only when told to: delays end in order, each after everything before it has settled. */
export class VirtualTime {
  #elapsed = 0;
  #sleepers: Sleeper[] = [];
  readonly #start: number;

  constructor(start = Date.parse('2026-03-02T12:00:00Z')) {
    this.#start = start;
  }

  /** Milliseconds since it began. */
  readonly monotonic = (): number => this.#elapsed;

  readonly now = (): Instant => instant(this.#start + this.#elapsed);

  /** Rejects when the signal aborts, as node:timers/promises does. */
  readonly delay = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(new Error('aborted'));
        return;
      }
      const sleeper = { at: this.#elapsed + ms, wake: resolve };
      const abort = (): void => {
        this.#sleepers = this.#sleepers.filter((each) => each !== sleeper);
        reject(new Error('aborted'));
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#sleepers.push(sleeper);
    });

  /** Lets so many milliseconds pass; `look` sees the world after each moment at which something happened. */
  async pass(ms: number, look: () => void = () => undefined): Promise<void> {
    const end = this.#elapsed + ms;
    await settled();
    for (;;) {
      const next = this.#sleepers.reduce<Sleeper | null>((best, one) => (best && best.at <= one.at ? best : one), null);
      if (next === null || next.at > end) break;
      this.#elapsed = next.at;
      look();
      this.#sleepers = this.#sleepers.filter((each) => each !== next);
      next.wake();
      await settled();
      look();
    }
    this.#elapsed = end;
    look();
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
