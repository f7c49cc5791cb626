import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant, Millis } from '../carbon/units.ts';
import { instant, millis } from '../carbon/units.ts';
import { claimed, holderOf, newLease, recordOf, released } from './lease-record.ts';
import type { LeaseClaim } from './lease-record.ts';
import type { LeaseName, LeaseStore } from './lease-store.ts';

/** Every length of time, every clock and all chance that an election depends on. */
export interface LeaseTiming {
  /** How long others wait for a leader that is silent. */
  readonly leaseDuration: Millis;
  /** How long a leader goes on without having renewed; shorter, so that it stops before another starts. */
  readonly renewDeadline: Millis;
  /** Pause between attempts. */
  readonly retryPeriod: Millis;
  readonly now: () => Instant;
  /** Milliseconds that only ever rise. */
  readonly monotonic: () => number;
  /** Resolves after so many milliseconds; may reject once the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

/** As client-go has it. */
export const LEASE_TIMING: LeaseTiming = {
  leaseDuration: millis(15_000),
  renewDeadline: millis(10_000),
  retryPeriod: millis(2_000),
  now: () => instant(Date.now()),
  monotonic: () => performance.now(),
  delay: (ms, signal) => sleep(ms, undefined, { signal }),
  random: Math.random,
};

/** Told what becomes of the leadership. */
export interface LeaseObserver {
  onStarted(): void;
  /** `lost`: it could not be renewed in time. The Lease is given up only after what this returns has ended. */
  onStopped(why: 'lost' | 'stopped'): void | Promise<void>;
  /** An attempt failed; it is repeated. */
  onTrouble?(error: unknown): void;
}

export interface LeaseOptions {
  readonly store: LeaseStore;
  readonly lease: LeaseName;
  /** Unique to this process, not only to its pod: a namesake would take our Lease for its own. */
  readonly identity: string;
  readonly observer: LeaseObserver;
  readonly timing?: LeaseTiming;
}

/** Acquire attempts are spread by up to this share of the pause more. */
const JITTER = 1.2;

/**
 * One of several that want to lead, by client-go's algorithm: a record that has not changed for a lease duration, by
 * this process's own clock since it saw it, may be taken. Leading counts from when a renewal was sent, not answered,
 * so that at most one `isLeader` is true at any time, whatever requests hang.
 */
export class LeaseHolder {
  readonly #store: LeaseStore;
  readonly #lease: LeaseName;
  readonly #identity: string;
  readonly #observer: LeaseObserver;
  readonly #timing: LeaseTiming;
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;
  /** The Lease as last read or written; null: it must be read. */
  #seen: unknown = null;
  #record = '';
  /** When the record was first seen as it is, on the monotonic clock. */
  #seenAt = 0;
  #leading = false;
  #leadsUntil = 0;

  constructor({ store, lease, identity, observer, timing = LEASE_TIMING }: LeaseOptions) {
    if (timing.leaseDuration <= timing.renewDeadline || timing.renewDeadline <= JITTER * timing.retryPeriod) {
      throw new RangeError('a lease needs leaseDuration > renewDeadline > 1.2 * retryPeriod');
    }
    this.#store = store;
    this.#lease = lease;
    this.#identity = identity;
    this.#observer = observer;
    this.#timing = timing;
  }

  /** Whether this process leads now; false the moment its time is over, even where nothing has noticed yet. */
  get isLeader(): boolean {
    return this.#leading && this.#timing.monotonic() < this.#leadsUntil;
  }

  /** Starts to take part, once. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends for good: stops leading, then gives the Lease up so that another may take it at once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { retryPeriod, renewDeadline, random } = this.#timing;
    while (!this.#stopped()) {
      if (await this.#attempt(renewDeadline)) await this.#lead();
      else await this.#pause(retryPeriod * (1 + JITTER * random()));
    }
    await this.#release();
  }

  async #lead(): Promise<void> {
    if (this.#stopped()) return;
    this.#leading = true;
    this.#observer.onStarted();
    while (this.#goesOn()) {
      await this.#pause(Math.min(this.#timing.retryPeriod, this.#left()));
      if (this.#goesOn()) await this.#attempt(this.#left());
    }
    this.#leading = false;
    await this.#observer.onStopped(this.#stopped() ? 'stopped' : 'lost');
  }

  #goesOn(): boolean {
    return !this.#stopped() && this.isLeader && this.#isHolder();
  }

  /** Tries to acquire or renew within so many milliseconds; true: leading, from when the write was sent. */
  async #attempt(limit: number): Promise<boolean> {
    const sent = await this.#limited(limit, (signal) => this.#claim(signal), this.#stopping.signal);
    if (sent === null) return false;
    this.#leadsUntil = sent + this.#timing.renewDeadline;
    return this.#timing.monotonic() < this.#leadsUntil;
  }

  /** When the write that succeeded was sent; null: the Lease is not ours. */
  async #claim(signal: AbortSignal): Promise<number | null> {
    // A leader knows the version that it wrote; only where that has changed it must read.
    if (this.#leading && this.#isHolder()) {
      const sent = await this.#write((claim) => this.#store.replace(claimed(this.#seen, claim), signal), signal);
      if (sent !== null || signal.aborted) return sent;
    }
    const found = await this.#store.read(signal);
    if (signal.aborted) return null;
    if (found === null) {
      const { namespace, name } = this.#lease;
      return this.#write((claim) => this.#store.create(newLease(namespace, name, claim), signal), signal);
    }
    this.#see(found);
    if (this.#mustWait()) return null;
    return this.#write((claim) => this.#store.replace(claimed(found, claim), signal), signal);
  }

  async #write(write: (claim: LeaseClaim) => Promise<unknown>, signal: AbortSignal): Promise<number | null> {
    const { now, monotonic, leaseDuration } = this.#timing;
    const sent = monotonic();
    const written = await write({ identity: this.#identity, now: now(), leaseDuration });
    if (written === null || signal.aborted) return null;
    this.#see(written);
    return sent;
  }

  #see(lease: unknown): void {
    this.#seen = lease;
    const record = recordOf(lease);
    if (record === this.#record) return;
    this.#record = record;
    this.#seenAt = this.#timing.monotonic();
  }

  #mustWait(): boolean {
    const holder = holderOf(this.#seen);
    if (holder === null || holder === this.#identity) return false;
    return this.#timing.monotonic() < this.#seenAt + this.#timing.leaseDuration;
  }

  #isHolder(): boolean {
    return holderOf(this.#seen) === this.#identity;
  }

  #left(): number {
    return Math.max(0, this.#leadsUntil - this.#timing.monotonic());
  }

  /** Reads first: of a write that was cut off nobody knows whether it came through. */
  async #release(): Promise<void> {
    const { renewDeadline, now } = this.#timing;
    const release = async (signal: AbortSignal): Promise<unknown> => {
      const found = await this.#store.read(signal);
      if (holderOf(found) !== this.#identity || signal.aborted) return null;
      return this.#store.replace(released(found, now()), signal);
    };
    await this.#limited(renewDeadline / 2, release, null);
  }

  /** Gives an exchange up after so many milliseconds or by the signal, even one that does not listen; then, null. */
  async #limited<T>(
    limit: number,
    exchange: (signal: AbortSignal) => Promise<T>,
    until: AbortSignal | null,
  ): Promise<T | null> {
    const over = new AbortController();
    const cut = (): void => {
      over.abort();
    };
    until?.addEventListener('abort', cut, { once: true });
    const answered = exchange(over.signal).catch((error: unknown) => {
      if (!over.signal.aborted) this.#observer.onTrouble?.(error);
      return null;
    });
    const late = this.#timing.delay(limit, over.signal).then(
      () => null,
      () => null,
    );
    const first = await Promise.race([answered, late]);
    until?.removeEventListener('abort', cut);
    over.abort();
    return first;
  }

  async #pause(ms: number): Promise<void> {
    try {
      await this.#timing.delay(ms, this.#stopping.signal);
    } catch (error) {
      if (!this.#stopped()) throw error;
    }
  }

  // A method, not a getter: the compiler would take a getter for unchanged across an await.
  #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }
}
