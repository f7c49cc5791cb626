import type { Clock } from '../../service/clock.ts';

/** A terminal that a bar is drawn on, over itself. */
export interface ProgressTarget {
  write(text: string): void;
  readonly clock: Clock;
}

/** Work that takes less is not worth a word. */
const QUIET_MS = 2_000;
const REDRAW_MS = 100;
const WIDTH = 30;
const ERASE = '\r\u001b[K';

/** A bar for work that takes longer than two seconds; it is gone once the work is done. */
export class ProgressBar {
  readonly #target: ProgressTarget | null;
  #since = 0;
  #drawnAt = -Infinity;

  /** Null: nobody looks. */
  constructor(target: ProgressTarget | null) {
    this.#target = target;
    this.#since = target?.clock.monotonic() ?? 0;
  }

  /** `done`: share of the whole, 0 to 1. */
  show(what: string, done: number): void {
    const now = this.#target?.clock.monotonic() ?? 0;
    if (this.#target === null || now - this.#since < QUIET_MS || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    const filled = Math.floor(WIDTH * Math.min(1, done));
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
    this.#target.write(`${ERASE}${what} ${bar} ${Math.floor(100 * Math.min(1, done))} %`);
  }

  /** Takes the bar away, where one was drawn. */
  end(): void {
    if (Number.isFinite(this.#drawnAt)) this.#target?.write(ERASE);
  }
}
