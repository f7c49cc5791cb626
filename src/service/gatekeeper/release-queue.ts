import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Region } from '../../carbon/units.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import type { ReleaseReason } from '../../timing/reasons.ts';
import { Agenda } from './agenda.ts';
import { backoff } from './backoff.ts';
import type { Judgement } from './decisions.ts';
import { ReleaseLanes } from './release-lanes.ts';
import { Outage } from './outage.ts';
import type { Timing } from './ports.ts';
import { Alarm } from './timing.ts';

/** Work that is to be let go. */
export interface Release {
  readonly work: HeldWork;
  readonly judgement: Judgement;
  readonly reason: ReleaseReason;
  readonly region: Region | null;
  readonly until: Instant;
  /** When that came to be so. */
  readonly since: Instant;
}

/** `retry`: it failed, and is to be tried again; `outage`: as anything would have. */
export type Attempt = 'settled' | 'retry' | 'outage';

interface QueueOptions {
  readonly timing: Timing;
  random(): number;
  /** Releases a minute into one region; null: no limit. */
  perMinute(): number | null;
  /** `due`: when the pace let it go. Never throws. */
  act(release: Release, due: Instant): Promise<Attempt>;
  /** Told after each attempt. */
  onEnded(): void;
}

/** Patches under way at once: enough to keep an API server busy, too few to be throttled by it. */
const CONCURRENCY = 32;
/** First and longest wait between two attempts at what fails by itself. */
const RETRY = { first: millis(250), longest: millis(5_000) };

/** Work on its way out: the oldest end first, at the policy's pace, a bounded number at once, each until it is settled. */
export class ReleaseQueue {
  readonly #options: QueueOptions;
  readonly #alarm: Alarm;
  readonly #lanes: ReleaseLanes;
  readonly #running = new Map<string, Promise<void>>();
  /** Failed, and waiting for their next attempt. */
  readonly #resting = new Map<string, Release>();
  readonly #retries = new Agenda();
  readonly #failures = new Map<string, number>();
  readonly #outage: Outage;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#lanes = new ReleaseLanes(options);
    this.#outage = new Outage(() => options.random());
    this.#alarm = new Alarm(options.timing, () => {
      this.pump();
    });
  }

  /** Whether patches are under way. */
  get busy(): boolean {
    return this.#running.size > 0;
  }

  /** Whether an attempt on the work is under way. */
  runs(uid: string): boolean {
    return this.#running.has(uid);
  }

  /** Takes it in, or takes the newer word on what it has; what is under way is left alone. Then `pump`. */
  offer(release: Release): void {
    const { uid } = release.work;
    if (this.#running.has(uid)) return;
    if (this.#resting.has(uid)) this.#resting.set(uid, release);
    else this.#lanes.put(release);
  }

  withdraw(uid: string): void {
    this.#lanes.remove(uid);
    this.#forget(uid);
  }

  clear(): void {
    this.#lanes.clear();
    for (const uid of [...this.#resting.keys()]) this.#forget(uid);
    this.#alarm.set(null);
  }

  /** Waiting for their turn behind others, each with the moment at which its turn may come. */
  staggered(): Iterable<readonly [Release, Instant]> {
    return this.#lanes.estimates(this.#options.timing.now());
  }

  /** Resolves when what is under way has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  /** Starts what may start now, and sets the alarm for the next. */
  pump(): void {
    const now = this.#options.timing.now();
    for (const uid of this.#retries.due(now)) this.#again(uid);
    while (this.#running.size < this.#outage.limit(now, CONCURRENCY)) {
      const next = this.#lanes.take(now);
      if (next === null) break;
      this.#start(next.release, next.due);
    }
    this.#arm(now);
  }

  #arm(now: Instant): void {
    const pause = this.#outage.next(now);
    const full = this.#running.size >= this.#outage.limit(now, CONCURRENCY);
    if (full || pause !== null) {
      // Whatever ends first pumps again; in a pause nothing may be under way any more.
      this.#alarm.set(pause);
      return;
    }
    const moments = [this.#lanes.next(now), this.#retries.next()].filter((moment) => moment !== null);
    this.#alarm.set(moments.length === 0 ? null : Math.min(...moments));
  }

  #start(release: Release, due: Instant): void {
    const { uid } = release.work;
    const attempt = this.#options.act(release, due).then((outcome) => {
      this.#running.delete(uid);
      if (outcome === 'outage') this.#suspend(release);
      else this.#outage.over();
      if (outcome === 'retry') this.#rest(release);
      else this.#forget(uid);
      this.pump();
      this.#options.onEnded();
    });
    this.#running.set(uid, attempt);
  }

  #suspend(release: Release): void {
    const now = this.#options.timing.now();
    this.#outage.failed(now);
    this.#lanes.putLast(release, now);
  }

  #rest(release: Release): void {
    const { uid } = release.work;
    const failures = (this.#failures.get(uid) ?? 0) + 1;
    this.#failures.set(uid, failures);
    this.#resting.set(uid, release);
    const wait = backoff({ ...RETRY, failures, chance: this.#options.random() });
    this.#retries.set(uid, instant(this.#options.timing.now() + wait));
  }

  #again(uid: string): void {
    const release = this.#resting.get(uid);
    this.#resting.delete(uid);
    // It had its turn: the pace counts it once.
    if (release !== undefined) this.#lanes.putAgain(release, this.#options.timing.now());
  }

  #forget(uid: string): void {
    this.#resting.delete(uid);
    this.#retries.delete(uid);
    this.#failures.delete(uid);
  }
}
