import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { ReleaseReason } from '../../timing/reasons.ts';
import { nextSlot } from '../../timing/release-pace.ts';
import { Heap } from './heap.ts';
import type { Release } from './release-queue.ts';

interface LaneOptions {
  random(): number;
  /** Releases a minute into one region; null: no limit. */
  perMinute(): number | null;
}

/** One piece of work in its lane. */
interface Place {
  readonly lane: string;
  readonly until: Instant;
  release: Release;
}

/** Work that goes to one region, the oldest end first. */
interface Lane {
  /** May hold places that were since left: they are dropped as they come up. */
  readonly queue: Heap<Place>;
  last: Instant | null;
  /** Drawn once for each slot: drawn at each look, the earliest would win. */
  jitter: number;
}

/** What is due, or was asked for by a person. The rest the grid lets go, and that may come in masses. */
const UNSTAGGERED: ReadonlySet<ReleaseReason> = new Set<ReleaseReason>([
  'max-delay-reached',
  'deadline-near',
  'hold-limit-reached',
  'no-time-left',
  'hold-opted-out',
  'released-by-hand',
  'released-elsewhere',
]);
/** The lane of what is not staggered. No region is named so. */
const AT_ONCE = '';
const MINUTE = 60_000;
/** Later than the end of any hold. */
const BEHIND_ALL = 1e15;

/** Work that is to go, in one lane a region, each at the policy's pace and none past its end. */
export class ReleaseLanes {
  readonly #options: LaneOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #places = new Map<string, Place>();

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Takes it in, or takes the newer word on what waits already. */
  put(release: Release): void {
    const { reason, region } = release;
    this.#putInto(UNSTAGGERED.has(reason) ? AT_ONCE : (region ?? AT_ONCE), release);
  }

  /** Takes it in again after it failed, without regard to the pace: behind what was due before it failed. */
  putAgain(release: Release, now: Instant): void {
    this.#putInto(AT_ONCE, { ...release, until: instant(Math.max(release.until, now)) });
  }

  /** Takes it in behind all others: while nothing is answered, each is tried in its turn. */
  putLast(release: Release, now: Instant): void {
    this.#putInto(AT_ONCE, { ...release, until: instant(now + BEHIND_ALL) });
  }

  remove(uid: string): void {
    this.#places.delete(uid);
  }

  clear(): void {
    this.#places.clear();
    for (const { queue } of this.#lanes.values()) queue.clear();
  }

  /** Takes out the oldest that may go now, with the moment from which it might. */
  take(now: Instant): { readonly release: Release; readonly due: Instant } | null {
    let best: { lane: Lane; place: Place } | null = null;
    for (const { lane, place } of this.#heads()) {
      if (this.#slotOf(lane, place, now) > now) continue;
      if (best === null || place.until < best.place.until) best = { lane, place };
    }
    if (best === null) return null;
    const { lane, place } = best;
    const { release } = place;
    const free = lane.last === null ? release.since : this.#slotOf(lane, place, lane.last);
    lane.queue.pop();
    lane.last = now;
    lane.jitter = this.#options.random();
    this.#places.delete(release.work.uid);
    return { release, due: instant(Math.max(release.since, free)) };
  }

  /** When the next may go; null: none waits. */
  next(now: Instant): Instant | null {
    let next: Instant | null = null;
    for (const { lane, place } of this.#heads()) {
      const slot = this.#slotOf(lane, place, now);
      if (next === null || slot < next) next = slot;
    }
    return next;
  }

  /** When each of those that the pace keeps waiting may go, if nothing changes. */
  *estimates(now: Instant): Iterable<readonly [Release, Instant]> {
    const perMinute = this.#options.perMinute();
    if (perMinute === null) return;
    const ahead = new Map<string, number>();
    for (const { lane, until, release } of [...this.#places.values()].sort((a, b) => a.until - b.until)) {
      if (lane === AT_ONCE) continue;
      const count = (ahead.get(lane) ?? 0) + 1;
      ahead.set(lane, count);
      yield [release, instant(Math.min(until, now + (count * MINUTE) / perMinute))];
    }
  }

  #putInto(lane: string, release: Release): void {
    const { work, until } = release;
    const before = this.#places.get(work.uid);
    if (before?.lane === lane && before.until === until) {
      before.release = { ...release, since: before.release.since };
      return;
    }
    const place = { lane, until, release };
    this.#places.set(work.uid, place);
    this.#laneOf(lane).queue.push(place);
  }

  #laneOf(name: string): Lane {
    const found = this.#lanes.get(name);
    if (found !== undefined) return found;
    const lane: Lane = { queue: new Heap((a, b) => a.until < b.until), last: null, jitter: this.#options.random() };
    this.#lanes.set(name, lane);
    return lane;
  }

  *#heads(): Iterable<{ readonly lane: Lane; readonly place: Place }> {
    for (const lane of this.#lanes.values()) {
      const place = this.#headOf(lane);
      if (place !== null) yield { lane, place };
    }
  }

  #headOf({ queue }: Lane): Place | null {
    for (;;) {
      const top = queue.peek();
      if (top === undefined) return null;
      if (this.#places.get(top.release.work.uid) === top) return top;
      queue.pop();
    }
  }

  #slotOf({ last, jitter }: Lane, { lane, until }: Place, now: Instant): Instant {
    const perMinute = lane === AT_ONCE ? null : this.#options.perMinute();
    return nextSlot({ now, last, until, perMinute, jitter });
  }
}
