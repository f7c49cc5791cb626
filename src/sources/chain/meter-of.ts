import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { SourceMeter } from './meter.ts';
import type { BudgetState } from './state.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What one source may cost. */
export interface MeterOptions {
  /** Requests in a UTC day; null: as many as one likes. */
  readonly perDay: number | null;
  /** Requests in any 60 seconds; null: as many as one likes. */
  readonly perMinute: number | null;
  readonly now: () => Instant;
  /** Whether only what was set aside may be sent, where the day is limited: for replicas that share the allowance. */
  readonly reserved?: boolean;
}

/**
 * A day's allowance, and a bucket of `perMinute` tokens of which each comes back one minute after it was taken: the whole
 * bucket may go at once, and still no 60 seconds ever see more than `perMinute`.
 */
export class Meter implements SourceMeter {
  readonly #options: MeterOptions;
  /** Days since 1970-01-01 UTC. */
  #day = 0;
  #used = 0;
  #aside = 0;
  /** When the tokens that are out were taken, oldest first. */
  #taken: Instant[] = [];

  constructor(options: MeterOptions) {
    this.#options = options;
    this.#day = dayOf(options.now());
  }

  take(): boolean {
    const now = this.#roll();
    if (this.#tokens() < 1 || !this.#allowed()) return false;
    if (this.#options.perMinute !== null) this.#taken.push(now);
    if (this.#aside > 0) this.#aside -= 1;
    else this.#used += 1;
    return true;
  }

  left(): number | null {
    this.#roll();
    const { perDay } = this.#options;
    return perDay === null ? null : Math.max(0, perDay - this.#used) + this.#aside;
  }

  aside(): number {
    this.#roll();
    return this.#aside;
  }

  readyAt(requests: number): Instant {
    const now = this.#roll();
    const { perDay, perMinute } = this.#options;
    if ((this.left() ?? Infinity) < Math.min(requests, perDay ?? Infinity)) return instant((this.#day + 1) * DAY);
    const missing = Math.min(requests, perMinute ?? Infinity) - this.#tokens();
    const last = missing > 0 ? this.#taken[missing - 1] : undefined;
    return last === undefined ? now : instant(last + MINUTE);
  }

  reserve(requests: number): number {
    this.#roll();
    const { perDay } = this.#options;
    if (perDay === null) return requests;
    const more = Math.min(Math.max(0, requests - this.#aside), Math.max(0, perDay - this.#used));
    this.#used += more;
    this.#aside += more;
    return Math.min(requests, this.#aside);
  }

  state(): BudgetState {
    this.#roll();
    return { day: this.#day, used: this.#used };
  }

  adopt(state: BudgetState): void {
    const now = this.#roll();
    this.#aside = 0;
    // A clock that is more than a day ahead of ours is wrong, or ours is: what it counted is counted today.
    const day = state.day > dayOf(now) + 1 ? this.#day : state.day;
    if (day < this.#day) return;
    if (day > this.#day) [this.#day, this.#used] = [day, 0];
    this.#spentElsewhere(Math.max(0, state.used - this.#used), now);
    this.#used = Math.max(this.#used, state.used);
  }

  #allowed(): boolean {
    const { perDay, reserved = false } = this.#options;
    return perDay === null || this.#aside > 0 || (!reserved && this.#used < perDay);
  }

  #tokens(): number {
    return (this.#options.perMinute ?? Infinity) - this.#taken.length;
  }

  /** When the other replica sent them is not known: as late as can be. */
  #spentElsewhere(requests: number, now: Instant): void {
    const tokens = Math.min(requests, this.#options.perMinute === null ? 0 : this.#tokens());
    for (let i = 0; i < tokens; i += 1) this.#taken.push(now);
  }

  /** Begins a new day, and lets tokens come back. */
  #roll(): Instant {
    const now = this.#options.now();
    const day = dayOf(now);
    if (day > this.#day) [this.#used, this.#aside] = [0, 0];
    // One day back is midnight seen by two clocks; more, and the clock was wrong before: nothing is forgotten.
    if (day > this.#day || day < this.#day - 1) this.#day = day;
    const [oldest = now, newest = now] = [this.#taken[0], this.#taken.at(-1)];
    if (oldest <= now - MINUTE) this.#taken = this.#taken.filter((at) => at > now - MINUTE);
    if (newest > now) this.#taken = this.#taken.map((at) => instant(Math.min(at, now)));
    return now;
  }
}

function dayOf(at: Instant): number {
  return Math.floor(at / DAY);
}
