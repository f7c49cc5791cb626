import { setTimeout as sleep } from 'node:timers/promises';
import type { SecureContextOptions } from 'node:tls';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { isApiError } from '../../kubernetes/errors.ts';
import type { TlsSecret } from '../../kubernetes/tls-secret.ts';
import { bundleOf, dataOf, keptFrom } from './kept.ts';
import type { Kept } from './kept.ts';
import { nextStep, takeStep } from './step.ts';
import type { CertificateTerms, Step } from './step.ts';
import type { CertificateStore } from './store.ts';

/** Every length of time, clock and chance that the upkeep depends on. */
export interface UpkeepTiming {
  /** Between two looks at the Secret; far below the terms' `settle`. */
  readonly poll: Millis;
  readonly now: () => Instant;
  /** Resolves after so many milliseconds; may reject once the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

export const UPKEEP_TIMING: UpkeepTiming = {
  poll: millis(10_000),
  now: () => instant(Date.now()),
  delay: (ms, signal) => sleep(ms, undefined, { signal }),
  random: Math.random,
};

/** Told what happens to the certificates. */
export interface CertificateObserver {
  /** This replica took a step, and the others will follow. */
  onStep(step: Exclude<Step, 'none'>): void;
  /** Another certificate is in use. */
  onRenewed(): void;
  /** Whether there are webhook configurations whose trust can be kept; told of every change. */
  onRegistered(registered: boolean): void;
  /** A look failed, and will be repeated; what is in use stays. */
  onTrouble(error: unknown): void;
}

export interface SelfManagedOptions {
  readonly store: CertificateStore;
  readonly terms: CertificateTerms;
  readonly observer: CertificateObserver;
  readonly timing?: UpkeepTiming;
}

/** Rounds in a row that other replicas may spoil by being faster. */
const ATTEMPTS = 6;

/**
 * A certificate that the replicas make, share and renew among themselves, with an authority of their own. Any of them
 * takes whatever step is due; the Secret's version decides between two. API servers are told whom to trust before
 * anything new is used, and the old is forgotten only when nobody can still use it.
 */
export class SelfManagedCertificates {
  readonly #store: CertificateStore;
  readonly #terms: CertificateTerms;
  readonly #observer: CertificateObserver;
  readonly #timing: UpkeepTiming;
  readonly #stopping = new AbortController();
  #listener: (tls: SecureContextOptions) => void = () => undefined;
  #used: SecureContextOptions | null = null;
  #registered: boolean | null = null;
  #running: Promise<void> | null = null;

  constructor({ store, terms, observer, timing = UPKEEP_TIMING }: SelfManagedOptions) {
    this.#store = store;
    this.#terms = terms;
    this.#observer = observer;
    this.#timing = timing;
  }

  /**
   * Resolves with a certificate that API servers have been told to trust. Waits for an API server that is away; rejects
   * with an ApiError where the Secret or the webhooks may not be read and written.
   */
  async start(): Promise<SecureContextOptions> {
    for (;;) {
      try {
        await this.#round();
        if (this.#used !== null) break;
      } catch (error) {
        if (this.#stopped() || !heals(error)) throw error;
        this.#observer.onTrouble(error);
      }
      await this.#pause();
      if (this.#stopped()) throw new Error('stopped before there was a certificate');
    }
    this.#running ??= this.#keep();
    return this.#used;
  }

  /** Called with every certificate after the first. */
  onRenewed(listener: (tls: SecureContextOptions) => void): void {
    this.#listener = listener;
  }

  /** Ends the upkeep; resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #keep(): Promise<void> {
    while (!this.#stopped()) {
      await this.#pause();
      if (this.#stopped()) return;
      try {
        await this.#round();
      } catch (error) {
        if (!this.#stopped()) this.#observer.onTrouble(error);
      }
    }
  }

  /** Tells API servers whom to trust, uses what is kept, takes the step that is due; until none is. */
  async #round(): Promise<void> {
    for (let attempts = 1; attempts <= ATTEMPTS; attempts += 1) {
      const secret = await this.#store.read(this.#signal);
      const kept = secret === null ? null : keptFrom(secret.data);
      const told = kept !== null && (await this.#trust(kept));
      if (kept !== null) this.#use(kept);
      const now = this.#timing.now();
      if (told && kept.next !== null) {
        // The wait before it is used counts from when API servers were told of it.
        await this.#write(secret, { ...kept, since: now });
        continue;
      }
      const step = nextStep(kept, this.#terms, now);
      if (step === 'none') return;
      const next = await takeStep(step, kept, this.#terms, now);
      if ((await this.#write(secret, next)) !== null) this.#observer.onStep(step);
    }
  }

  /** Null: another replica was faster. */
  #write(secret: TlsSecret | null, next: Kept): Promise<TlsSecret | null> {
    if (secret === null) return this.#store.create(dataOf(next), this.#signal);
    return this.#store.update(secret.resourceVersion, dataOf(next), this.#signal);
  }

  /** Whether API servers had to be told. */
  async #trust(kept: Kept): Promise<boolean> {
    const { found, changed } = await this.#store.trust(bundleOf(kept), this.#signal);
    if (found > 0 !== this.#registered) this.#observer.onRegistered(found > 0);
    this.#registered = found > 0;
    return changed;
  }

  #use({ leaf }: Kept): void {
    const before = this.#used;
    if (before?.cert === leaf.certificate) return;
    this.#used = { cert: leaf.certificate, key: leaf.key };
    if (before === null) return;
    this.#listener(this.#used);
    this.#observer.onRenewed();
  }

  async #pause(): Promise<void> {
    const { poll, random, delay } = this.#timing;
    // Spread, so that replicas do not all find the same step due at once.
    await delay(poll * (0.5 + 0.5 * random()), this.#signal).catch(() => undefined);
  }

  get #signal(): AbortSignal {
    return this.#stopping.signal;
  }

  // A method, not a getter: the compiler would take a getter for unchanged across an await.
  #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }
}

/** Permissions and names do not change by waiting; at the start somebody is there to be told. */
function heals(error: unknown): boolean {
  return isApiError(error) && error.retryable && error.code !== 'forbidden';
}
