/**
 * Aborts when nothing was heard for too long, or when told to from outside. A connection whose far end vanished without
 * a word (node died, firewall dropped the flow) shows only as silence.
 */
export class SilenceLimit {
  readonly silence: number;
  readonly #outside: AbortSignal;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #stop = (): void => {
    this.#controller.abort(this.#outside.reason);
  };
  #expired = false;

  constructor({ signal, silence }: { readonly signal: AbortSignal; readonly silence: number }) {
    this.silence = silence;
    this.#outside = signal;
    this.#timer = setTimeout(() => {
      this.#expired = true;
      this.#controller.abort();
    }, silence);
    // Not AbortSignal.any: over months of watches the long-lived signal would collect dependents.
    signal.addEventListener('abort', this.#stop, { once: true });
    if (signal.aborted) this.#stop();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether silence was what ended it. */
  get expired(): boolean {
    return this.#expired;
  }

  /** Starts the wait anew. */
  heard(): void {
    this.#timer.refresh();
  }

  /** Lets go of the timer and the outer signal. */
  end(): void {
    clearTimeout(this.#timer);
    this.#outside.removeEventListener('abort', this.#stop);
  }
}
