import { instant } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { isApiError, reasonOf } from '../../kubernetes/errors.ts';
import { backoff } from '../../kubernetes/watch-timing.ts';
import type { ShareObserver, ShareTrouble } from './observer.ts';
import type { Meters, SharedChain } from './ports.ts';
import { tells } from './publisher.ts';
import type { Publisher } from './publisher.ts';
import { planAside, setAside } from './set-aside.ts';
import type { AsidePlan } from './set-aside.ts';

interface SharingOptions {
  readonly chain: SharedChain;
  readonly meters: Meters;
  readonly publisher: Publisher;
  readonly now: () => Instant;
  readonly random: () => number;
  readonly observer: ShareObserver;
  /** A sign of life is published at least this often. */
  readonly heartbeat: Millis;
}

/** What providers say during a round is collected for so long before it is published. */
const SETTLE = 1_000;
/** A replica that is refused ConfigMaps tries again after so long: permissions are granted late. */
const REFUSED_PAUSE = 60_000;
/** Times that what has become due while something was published is published, too, before anything is asked. */
const ATTEMPTS = 3;
/** After somebody else has published: the Lease will tell who leads. */
const CONFLICT_PAUSE = 2_000;

/** When a leader reads and publishes what replicas share, and whether it may ask meanwhile. */
export class Sharing {
  readonly #options: SharingOptions;
  #inherited = false;
  /** Being refused, it shares nothing until then; null: it shares. */
  #aloneUntil: Instant | null = null;
  /** Neither read nor published before then. */
  #holdUntil: Instant = instant(0);
  #dirtySince: Instant | null = null;
  /** Models that are fitted one after another change zone after zone: each alone is not worth a version. */
  #publishedAt: Instant = instant(0);
  /** Version that a watch told of, null: none is there; undefined: no news. */
  #noticed: string | null | undefined = undefined;
  #failures = 0;
  #troubled: string | null = null;

  constructor(options: SharingOptions) {
    this.#options = options;
  }

  /** Reports or failures changed. */
  changed(): void {
    this.#dirtySince ??= this.#options.now();
  }

  /** A watch told of a published version; null: there is none any more. */
  noticed(version: string | null): void {
    this.#noticed = version;
  }

  /** What other replicas go without. */
  degraded(): readonly string[] {
    if (this.#aloneUntil !== null) return ['the API server refuses ConfigMaps: the carbon signal is not shared'];
    return this.#troubled === null ? [] : [`the carbon signal is not shared: ${this.#troubled}`];
  }

  /**
   * Reads, sets aside and publishes whatever is due; `asking`: a round is under way. Whether what is due may be asked for
   * now: no more than was set aside before, where this could not be published. Never rejects.
   */
  async prepare(due: () => ReadonlyMap<string, number>, asking: boolean, signal: AbortSignal): Promise<boolean> {
    this.#heed();
    if (!(await this.#inherit(signal))) return false;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const plan = planAside(due(), this.#options.meters);
      if (this.#aloneUntil !== null) setAside(plan, this.#options.meters);
      if (this.#aloneUntil !== null || !this.#mustPublish(plan, asking)) return true;
      // Once is waited out; after that it goes on with what was set aside before.
      const done = !this.#holds() && (await this.#publish(plan, signal));
      if (!done) return this.#inherited && (plan.size === 0 || this.#failures > 1);
      // More may have become due meanwhile.
    }
    return false;
  }

  /** When there is something to do, requests apart; may be Infinity. */
  nextDue(asking: boolean): number {
    if (this.#aloneUntil !== null) return this.#aloneUntil;
    if (!this.#inherited) return this.#holdUntil;
    return Math.max(this.#holdUntil, this.#publishDueAt(asking));
  }

  /** Before then nothing can be set aside. */
  get holdUntil(): Instant {
    return this.#holdUntil;
  }

  /** Looks at what a watch told, and whether it is time to share again. */
  #heed(): void {
    const { publisher, now } = this.#options;
    if (this.#aloneUntil !== null && now() >= this.#aloneUntil) {
      this.#aloneUntil = null;
      this.#inherited = false;
    }
    const noticed = this.#noticed;
    this.#noticed = undefined;
    if (noticed !== undefined && publisher.isNews(noticed)) this.#inherited = false;
  }

  async #inherit(signal: AbortSignal): Promise<boolean> {
    if (this.#inherited) return true;
    if (this.#holds()) return false;
    const { publisher, now } = this.#options;
    try {
      const dirtySince = this.#dirtySince;
      const whole = await publisher.inherit(signal);
      // Adopting tells of changes; but the others know them already, unless they could not read them either.
      this.#dirtySince = whole ? dirtySince : now();
    } catch (error) {
      if (signal.aborted) return false;
      if (!isForbidden(error)) {
        this.#failed('not-read', error);
        return false;
      }
      this.#refused(error);
    }
    this.#inherited = true;
    return true;
  }

  async #publish(plan: AsidePlan, signal: AbortSignal): Promise<boolean> {
    const { publisher, observer, now } = this.#options;
    const dirtySince = this.#dirtySince;
    this.#dirtySince = null;
    try {
      if (await publisher.publish(plan, dirtySince !== null, signal)) {
        [this.#failures, this.#troubled] = [0, null];
        this.#publishedAt = now();
        return true;
      }
      observer.onTrouble('conflict', 'somebody else has published meanwhile');
      this.#dirtySince = dirtySince ?? this.#dirtySince;
      this.#inherited = false;
      this.#holdUntil = instant(now() + CONFLICT_PAUSE);
      return false;
    } catch (error) {
      this.#dirtySince = dirtySince ?? this.#dirtySince;
      return !signal.aborted && this.#notPublished(error, plan);
    }
  }

  /** Whether it came through is not known: if so, the next attempt finds another version than it expects. */
  #notPublished(error: unknown, plan: AsidePlan): boolean {
    const { publisher, meters } = this.#options;
    // Where something is published somebody was allowed to: this passes.
    if (!isForbidden(error) || publisher.at !== null) {
      this.#failed('not-published', error);
      return false;
    }
    this.#refused(error);
    setAside(plan, meters);
    return true;
  }

  #failed(trouble: ShareTrouble, error: unknown): void {
    const { observer, random, now } = this.#options;
    this.#failures += 1;
    this.#troubled = reasonOf(error);
    this.#holdUntil = instant(now() + backoff(this.#failures, random));
    observer.onTrouble(trouble, this.#troubled);
  }

  #refused(error: unknown): void {
    const { observer, now } = this.#options;
    observer.onTrouble('refused', reasonOf(error));
    this.#aloneUntil = instant(now() + REFUSED_PAUSE);
  }

  #holds(): boolean {
    return this.#options.now() < this.#holdUntil;
  }

  #mustPublish(plan: AsidePlan, asking: boolean): boolean {
    return plan.size > 0 || this.#publishDueAt(asking) <= this.#options.now();
  }

  #publishDueAt(asking: boolean): number {
    const { publisher, heartbeat, chain, now } = this.#options;
    if (publisher.at === null && !tells(chain.state())) return Infinity;
    const settled = this.#dirtySince === null ? Infinity : this.#dirtySince + (asking ? SETTLE : 0);
    // Published later than now: the clock was set back since.
    const changed = this.#publishedAt > now() ? settled : Math.max(settled, this.#publishedAt + SETTLE);
    return Math.min(changed, (publisher.at ?? 0) + heartbeat);
  }
}

function isForbidden(error: unknown): boolean {
  return isApiError(error) && error.code === 'forbidden';
}
