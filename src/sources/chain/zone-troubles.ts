import { instant } from '../../carbon/units.ts';
import type { Instant, Millis, Zone } from '../../carbon/units.ts';
import { FAILURE_SCOPE } from '../failure.ts';
import type { FailureReason } from '../failure.ts';
import { zoneBackoff } from './backoff.ts';
import type { ZoneFailure } from './state.ts';

/** Why one source has nothing newer for a zone, and when it may be asked for it again. */
export interface ZoneTrouble extends ZoneFailure {
  readonly retryAt: Instant;
}

/** What a backoff goes by: the interval between healthy reports, and chance from 0 to 1. */
export interface Pace {
  readonly refresh: Millis;
  readonly chance: number;
}

/** The zones that one source failed for, since it last reported them. */
export class ZoneTroubles {
  readonly #source: string;
  #troubles = new Map<Zone, ZoneTrouble>();

  constructor(source: string) {
    this.#source = source;
  }

  of(zone: Zone): ZoneTrouble | null {
    return this.#troubles.get(zone) ?? null;
  }

  /** One failure more, of a request that was made at `at`. */
  failed(zone: Zone, reason: FailureReason, at: Instant, pace: Pace): void {
    const failures = (this.of(zone)?.failures ?? 0) + 1;
    const retryAt = instant(at + zoneBackoff(failures, pace.refresh, pace.chance));
    this.#troubles.set(zone, { zone, source: this.#source, reason, failures, at, retryAt });
  }

  /** It was not asked, by our own decision, and may be from `retryAt` on. Failures before that stand. */
  notAsked(zone: Zone, reason: FailureReason, at: Instant, retryAt: Instant): void {
    const earlier = this.of(zone);
    if (reason === 'circuit-open' && earlier !== null) return;
    const failures = earlier?.failures ?? 0;
    this.#troubles.set(zone, { zone, source: this.#source, reason, failures, at, retryAt });
  }

  succeeded(zone: Zone): void {
    this.#troubles.delete(zone);
  }

  /** The provider answers again: what was its own trouble is no reason to wait any more. */
  lift(now: Instant): void {
    for (const [zone, trouble] of this.#troubles) {
      if (FAILURE_SCOPE[trouble.reason] === 'provider' || trouble.reason === 'circuit-open') {
        this.#troubles.set(zone, { ...trouble, retryAt: now });
      }
    }
  }

  retain(zones: ReadonlySet<Zone>): void {
    for (const zone of this.#troubles.keys()) if (!zones.has(zone)) this.#troubles.delete(zone);
  }

  list(): readonly ZoneFailure[] {
    return Array.from(this.#troubles.values(), ({ zone, source, reason, failures, at }) => {
      return { zone, source, reason, failures, at };
    });
  }

  /** Takes another replica's place. */
  replace(failures: readonly ZoneFailure[], refresh: Millis): void {
    const entries = failures.map((failure): [Zone, ZoneTrouble] => {
      const retryAt = instant(failure.at + zoneBackoff(Math.max(1, failure.failures), refresh, 0));
      return [failure.zone, { ...failure, retryAt }];
    });
    this.#troubles = new Map(entries);
  }
}
