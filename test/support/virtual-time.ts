import type { Instant } from '../../src/carbon/units.ts';
import { instant } from '../../src/carbon/units.ts';
import { Heap } from '../../src/service/gatekeeper/heap.ts';

interface Sleeper {
  readonly at: number;
  /** Of equal moments the first asked for comes first. */
  readonly order: number;
  readonly wake: () => void;
  cancelled: boolean;
}

/** Time that passes only when told to: delays end in order, each after everything before it has settled. */
export class VirtualTime {
  #elapsed = 0;
  #asked = 0;
  readonly #sleepers = new Heap<Sleeper>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
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
      this.#asked += 1;
      const sleeper = { at: this.#elapsed + ms, order: this.#asked, wake: resolve, cancelled: false };
      const abort = (): void => {
        sleeper.cancelled = true;
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
      const next = this.#next();
      if (next === null || next.at > end) break;
      this.#elapsed = next.at;
      look();
      this.#sleepers.pop();
      next.wake();
      await settled();
      look();
    }
    this.#elapsed = end;
    look();
  }

  #next(): Sleeper | null {
    while (this.#sleepers.peek()?.cancelled === true) this.#sleepers.pop();
    return this.#sleepers.peek() ?? null;
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
