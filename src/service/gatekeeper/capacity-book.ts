import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Region } from '../../carbon/units.ts';
import type { World } from '../../placement/facts.ts';
import type { FullSlots, PlannedRun } from '../../timing/plan/types.ts';

/** Work that runs: where (null: not known), and until when it is expected to (null: not known). */
export interface Occupant {
  readonly uid: string;
  readonly region: Region | null;
  readonly until: Instant | null;
}

interface CapacityBookOptions {
  readonly occupants: () => Iterable<Occupant>;
  readonly isHeld: (uid: string) => boolean;
}

interface Booking {
  readonly runs: readonly PlannedRun[];
  /** It was among the occupants. */
  readonly seen: boolean;
}

interface Limited {
  readonly limit: number;
  readonly booked: Int32Array;
  readonly view: FullSlots;
}

const SLOT_MS = 3_600_000;
/** Farther ahead nobody plans. */
const SLOTS = 14 * 24;
/** How long released work may take to show among what runs. */
const TO_SHOW_MS = 10 * 60_000;
const NONE: ReadonlyMap<Region, FullSlots> = new Map();

/**
 * Who is to run where in which hour, so that plans send no more to a region than its `capacity`: what runs, and what was
 * planned so far. In memory; without limits in the policy it does nothing.
 */
export class CapacityBook {
  readonly #options: CapacityBookOptions;
  readonly #bookings = new Map<string, Booking>();
  /** What each has been counted with in this world, occupants and plans. */
  readonly #counted = new Map<string, readonly PlannedRun[]>();
  /** Those that run, with the room that they take if nothing else is planned for them. */
  readonly #running = new Map<string, readonly PlannedRun[]>();
  #world: World | null = null;
  #regions: ReadonlyMap<Region, Limited> = new Map();
  #start = 0;

  constructor(options: CapacityBookOptions) {
    this.#options = options;
  }

  /** Whether a region of the policy has a limit. */
  limits({ policy }: World): boolean {
    for (const { capacity } of policy.regions.values()) if (capacity !== null) return true;
    return false;
  }

  /** What is full for one piece of work, whose own plan, or room that it takes as it runs, is given back. */
  fullFor(uid: string, world: World): ReadonlyMap<Region, FullSlots> {
    if (!this.limits(world)) return NONE;
    if (world !== this.#world) this.#open(world);
    this.#count(this.#counted.get(uid) ?? [], -1);
    this.#counted.delete(uid);
    return new Map(Array.from(this.#regions, ([region, { view }]) => [region, view]));
  }

  /** Takes in what was planned for it. */
  book(uid: string, runs: readonly PlannedRun[], world: World): void {
    if (world !== this.#world) return;
    if (runs.length > 0) this.#bookings.set(uid, { runs, seen: this.#running.has(uid) });
    else this.#bookings.delete(uid);
    this.#take(uid, runs.length > 0 ? runs : (this.#running.get(uid) ?? []));
  }

  #open(world: World): void {
    const { now, policy } = world;
    this.#world = world;
    this.#start = Math.floor(now / SLOT_MS) * SLOT_MS;
    const limited = [...policy.regions.values()].flatMap(({ name, capacity }) =>
      capacity === null ? [] : [[name, limitedTo(capacity, this.#start)] as const],
    );
    this.#regions = new Map(limited);
    this.#counted.clear();
    this.#running.clear();
    for (const occupant of this.#options.occupants()) this.#occupy(occupant, now);
    for (const [uid, booking] of this.#bookings) this.#renew(uid, booking, now);
  }

  #occupy({ uid, region, until }: Occupant, now: Instant): void {
    const booking = this.#bookings.get(uid);
    if (booking !== undefined) this.#bookings.set(uid, { ...booking, seen: true });
    const place = region ?? booking?.runs[0]?.region ?? null;
    const runs =
      place === null ? [] : [{ region: place, start: now, end: until === null || until <= now ? null : until }];
    this.#running.set(uid, runs);
    this.#take(uid, runs);
  }

  #renew(uid: string, { runs, seen }: Booking, now: Instant): void {
    if (this.#running.has(uid)) return;
    const start = runs[0]?.start ?? now;
    const begun = start <= now;
    // Finished or deleted; what was let go a moment ago has yet to show.
    const over = seen || (begun ? now - start > TO_SHOW_MS : !this.#options.isHeld(uid));
    if (over) this.#bookings.delete(uid);
    else this.#take(uid, runs);
  }

  #take(uid: string, runs: readonly PlannedRun[]): void {
    this.#counted.set(uid, runs);
    this.#count(runs, 1);
  }

  /** A run whose end nobody knows counts in the hour that it begins in, and as an occupant in every one that it lasts. */
  #count(runs: readonly PlannedRun[], change: 1 | -1): void {
    for (const { region, start, end } of runs) {
      const limited = this.#regions.get(region);
      if (limited === undefined) continue;
      const first = Math.max(0, Math.floor((start - this.#start) / SLOT_MS));
      const last = end === null ? first + 1 : Math.min(SLOTS, Math.ceil((end - this.#start) / SLOT_MS));
      for (let slot = first; slot < Math.max(last, first + 1); slot += 1) add(limited, slot, change);
    }
  }
}

function add({ limit, booked, view }: Limited, slot: number, change: number): void {
  const count = (booked[slot] ?? 0) + change;
  booked[slot] = count;
  view.full[slot] = count >= limit ? 1 : 0;
}

function limitedTo(limit: number, start: number): Limited {
  const view = { start: instant(start), slot: millis(SLOT_MS), full: new Uint8Array(SLOTS) };
  return { limit, booked: new Int32Array(SLOTS), view };
}
