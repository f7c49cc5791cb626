import type { ApiErrorCode } from './errors.ts';

/** Who wants to know how the watch fares: metrics and logs. */
export interface WatchObserver {
  /** All objects were just taken in, from a list of so many. */
  onSynced(count: number): void;
  /** Changes arrive again: once after the start, and once after each disconnection. */
  onConnected(): void;
  /** An attempt failed, or an open watch broke: once for each failure; what was last known stays. */
  onDisconnected(code: ApiErrorCode, detail: string): void;
}

/** The same observer, seen without trust: an async function passes for one that returns nothing. */
type Untrusted = {
  [Event in keyof WatchObserver]: (...args: Parameters<WatchObserver[Event]>) => unknown;
};

/** An observer that cannot hurt the watch: what it throws, at once or later, becomes a warning of the process. */
export class GuardedObserver implements WatchObserver {
  readonly #inner: Untrusted;
  #connected = false;

  constructor(inner: WatchObserver) {
    this.#inner = inner;
  }

  onSynced(count: number): void {
    guarded(() => this.#inner.onSynced(count));
  }

  /** A watch is reopened every few minutes: only the first opening after a failure is news. */
  onConnected(): void {
    if (this.#connected) return;
    this.#connected = true;
    guarded(() => this.#inner.onConnected());
  }

  onDisconnected(code: ApiErrorCode, detail: string): void {
    this.#connected = false;
    guarded(() => this.#inner.onDisconnected(code, detail));
  }
}

/** Calls what must not hurt the watch: what it throws, at once or later, becomes a warning of the process. */
export function guarded(call: () => unknown): void {
  // A promise takes in both what is thrown at once and a rejection that comes later.
  new Promise((resolve) => {
    resolve(call());
  }).catch((error: unknown) => {
    process.emitWarning(error instanceof Error ? error : String(error));
  });
}
