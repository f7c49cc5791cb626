import type { Logger } from 'pino';
import type { Policy, PolicyNotice } from '../policy/types.ts';
import { readBytes, readPolicy, unreadable } from './policy/read-document.ts';
import type { FileBytes } from './policy/read-document.ts';
import { PolicyRefused } from './policy/refusal.ts';
import type { RefusalReason } from './policy/refusal.ts';

/** One policy, whole. */
export interface PolicySnapshot {
  readonly policy: Policy;
  /** 1 for the first; rises by one with each swap. */
  readonly generation: number;
}

/** Told of what becomes of the file; once for each content, not once a poll. */
export interface PolicyObserver {
  /** The file holds the policy in use: a new one, or again the last good one after a refusal (same generation). */
  onLoaded(generation: number): void;
  /** The file cannot be used; the last good policy stays. */
  onRefused(reason: RefusalReason): void;
}

/** Calls `tick` again and again until the returned function is called. */
export type Repeat = (everyMs: number, tick: () => void) => () => void;

interface PolicyFileOptions {
  readonly file: string;
  readonly log: Logger;
  readonly observer: PolicyObserver;
  /** Milliseconds between looks at the file; 1000 unless given. */
  readonly pollEvery?: number;
  /** The timer; the machine's own unless given. It must not keep the process alive. */
  readonly repeat?: Repeat;
}

const repeatUnreferenced: Repeat = (everyMs, tick) => {
  const timer = setInterval(tick, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
};

/**
 * Keeps the policy of a file: polls its bytes, swaps the policy whole when they change and are valid, and keeps the
 * last good one when they are not. Polling sees through symlinks, so a ConfigMap mount works as a plain file does.
 */
export class PolicyKeeper {
  readonly #options: PolicyFileOptions;
  readonly #listeners = new Set<(snapshot: PolicySnapshot) => void>();
  readonly #stop: () => void;
  #current: PolicySnapshot;
  /** What the last look found, good or bad: the same again is not worth parsing, nor a log line. */
  #seen: FileBytes;
  #good: FileBytes;
  #polling = false;
  #closed = false;

  private constructor(options: PolicyFileOptions, policy: Policy, read: FileBytes) {
    this.#options = options;
    this.#current = Object.freeze({ policy, generation: 1 });
    this.#seen = this.#good = read;
    this.#stop = (options.repeat ?? repeatUnreferenced)(options.pollEvery ?? 1_000, () => void this.poll());
  }

  /**
   * Loads the file for the first time and starts to watch it.
   * @throws PolicyRefused with every error, where the file cannot be used.
   */
  static async open(options: PolicyFileOptions): Promise<PolicyKeeper> {
    const { file, log, observer } = options;
    const read = await readBytes(file);
    const outcome = evaluate(read);
    if (!outcome.ok) throw new PolicyRefused(file, outcome.reason, outcome.errors);
    const keeper = new PolicyKeeper(options, outcome.policy, read);
    log.info({ file, generation: 1, warnings: outcome.warnings }, 'policy loaded');
    observer.onLoaded(1);
    return keeper;
  }

  /** The policy in use. */
  current(): PolicySnapshot {
    return this.#current;
  }

  /** Calls the listener after each swap; the returned function ends that. */
  onChange(listener: (snapshot: PolicySnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks at the file now. Does nothing while another look is under way. */
  async poll(): Promise<void> {
    if (this.#polling || this.#closed) return;
    this.#polling = true;
    try {
      const read = await readBytes(this.#options.file);
      if (!this.#isClosed()) this.#take(read);
    } catch (error) {
      this.#options.log.error({ file: this.#options.file, err: error }, 'policy reload failed');
    } finally {
      this.#polling = false;
    }
  }

  close(): void {
    this.#closed = true;
    this.#stop();
    this.#listeners.clear();
  }

  /** A method, since `close` may be called while a read is awaited, which narrowing of a field would not see. */
  #isClosed(): boolean {
    return this.#closed;
  }

  #take(read: FileBytes): void {
    if (sameContent(read, this.#seen)) return;
    this.#seen = read;
    const { file, log, observer } = this.#options;
    if (sameContent(read, this.#good)) {
      log.info({ file, generation: this.#current.generation }, 'policy file holds the policy in use again');
      observer.onLoaded(this.#current.generation);
      return;
    }
    const outcome = evaluate(read);
    if (outcome.ok) {
      this.#swap(outcome.policy, outcome.warnings, read);
      return;
    }
    const { reason, errors } = outcome;
    log.error(
      { file, reason, errors, generation: this.#current.generation },
      'policy refused, the last good one stays',
    );
    observer.onRefused(reason);
  }

  #swap(policy: Policy, warnings: readonly PolicyNotice[], read: FileBytes): void {
    const { file, log, observer } = this.#options;
    this.#good = read;
    this.#current = Object.freeze({ policy, generation: this.#current.generation + 1 });
    const { generation } = this.#current;
    log.info({ file, generation, warnings }, 'policy loaded');
    observer.onLoaded(generation);
    for (const listener of this.#listeners) listener(this.#current);
  }
}

/** Loads a policy file and watches it: `PolicyKeeper.open`. */
export const openPolicyFile = (options: PolicyFileOptions): Promise<PolicyKeeper> => PolicyKeeper.open(options);

type Outcome =
  | { readonly ok: true; readonly policy: Policy; readonly warnings: readonly PolicyNotice[] }
  | { readonly ok: false; readonly reason: RefusalReason; readonly errors: readonly PolicyNotice[] };

function evaluate(read: FileBytes): Outcome {
  if (!read.ok) return { ok: false, reason: 'unreadable', errors: [unreadable(read.code)] };
  const result = readPolicy(read.bytes);
  return result.ok ? result : { ...result, reason: 'invalid' };
}

function sameContent(a: FileBytes, b: FileBytes): boolean {
  if (a.ok && b.ok) return a.bytes.equals(b.bytes);
  return !a.ok && !b.ok && a.code === b.code;
}
