import { ranksBy } from '../carbon/rank-by.ts';
import { sameReadings } from '../carbon/same-readings.ts';
import { Trails } from '../carbon/trail.ts';
import type { TrailingBounds } from '../carbon/trail.ts';
import type { Reading, Signal, Wanted } from '../carbon/types.ts';
import type { Instant, Zone } from '../carbon/units.ts';
import type { Policy } from '../policy/types.ts';
import type { Clock } from './clock.ts';

/**
 * Where readings come from: what they are at a moment, and when they next change of themselves (null: never). A source
 * that changes by what it hears is followed by `refresh`.
 */
export interface SignalSource {
  readingsAt(now: Instant): ReadonlyMap<Zone, Reading>;
  nextChange(now: Instant): Instant | null;
}

/** Makes a source for a policy, whose regions table says which zone a name stands for. */
export type SourceOf = (policy: Policy) => SignalSource;

interface SignalKeeperOptions {
  readonly clock: Clock;
  /** In order of preference: for each zone the first that knows a usable value speaks. */
  readonly sources: readonly SourceOf[];
  readonly policy: Policy;
  /** Told of every new Signal. */
  readonly onSwap: (signal: Signal) => void;
}

/** setTimeout takes no more; a later change is waited for in several turns. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Keeps the Signal: one immutable snapshot, swapped whole. A caller never sees a snapshot whose time is over: reading it
 * late swaps it first, so a step's boundary is exact even where the timer is late.
 */
export class SignalKeeper {
  readonly #options: SignalKeeperOptions;
  #policy: Policy;
  #sources: readonly SignalSource[];
  #signal: Signal;
  #nextChange: Instant | null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;
  readonly #trails = new Trails();
  #trailed: Wanted | null = null;

  constructor(options: SignalKeeperOptions) {
    this.#options = options;
    this.#policy = options.policy;
    this.#sources = options.sources.map((sourceOf) => sourceOf(options.policy));
    [this.#signal, this.#nextChange] = this.#take(options.clock.now(), 1);
    this.#arm();
    options.onSwap(this.#signal);
  }

  /** The Signal of this moment, or of the one that the caller has already read off the clock. */
  current(now: Instant = this.#options.clock.now()): Signal {
    if (this.#nextChange !== null && now >= this.#nextChange) this.#swap(now);
    return this.#signal;
  }

  /** Another policy may name another zone for a region. */
  usePolicy(policy: Policy): void {
    this.#policy = policy;
    this.#sources = this.#options.sources.map((sourceOf) => sourceOf(policy));
    this.#swap(this.#options.clock.now());
  }

  /** A source has heard something, often what it knew already: then the Signal stays, and nobody is told. */
  refresh(): void {
    if (this.#closed) return;
    const now = this.#options.clock.now();
    const over = this.#nextChange !== null && now >= this.#nextChange;
    const [signal, nextChange] = this.#take(now, this.#signal.generation + 1);
    if (over || !sameSignals(signal, this.#signal)) this.#use(signal, nextChange);
    else if (nextChange !== this.#nextChange) this.#wait(nextChange);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#nextChange = null;
  }

  #swap(now: Instant): void {
    this.#use(...this.#take(now, this.#signal.generation + 1));
  }

  #use(signal: Signal, nextChange: Instant | null): void {
    this.#signal = signal;
    this.#wait(nextChange);
    this.#options.onSwap(signal);
  }

  #wait(nextChange: Instant | null): void {
    this.#nextChange = nextChange;
    this.#arm();
  }

  #take(now: Instant, generation: number): [Signal, Instant | null] {
    const changes = this.#sources.map((source) => source.nextChange(now)).filter((change) => change !== null);
    const { signal: kind, emissionFactor: factor, kindSwitch } = this.#policy.scheduler;
    const wanted = { kind, factor };
    const readings = this.#sources.map((source) => source.readingsAt(now));
    const first = firstOf(readings, wanted);
    const own = Array.from(this.#policy.regions.values(), (facts) => first.get(facts.zone)).filter(isReading);
    const by = ranksBy(own, wanted, kindSwitch);
    const zones = by === wanted ? first : firstOf(readings, by);
    const next = changes.toSorted((a, b) => a - b)[0] ?? null;
    return [Object.freeze({ generation, at: now, zones, ranksBy: by, trails: this.#trailsOf(zones, by, now) }), next];
  }

  /** Bounds of the last days are of one kind: they begin anew where decisions rank by another. */
  #trailsOf(zones: ReadonlyMap<Zone, Reading>, by: Wanted, now: Instant): ReadonlyMap<Zone, TrailingBounds> {
    const { kind, factor } = this.#trailed ?? by;
    if (by.kind !== kind || by.factor !== factor) this.#trails.clear();
    this.#trailed = by;
    this.#trails.note(zones, now);
    return this.#trails.bounds(now);
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#nextChange === null) return;
    const wait = Math.min(this.#nextChange - this.#options.clock.now(), LONGEST_TIMER_MS);
    this.#timer = setTimeout(
      () => {
        this.current();
        this.#arm();
      },
      Math.max(wait, 1),
    );
    this.#timer.unref();
  }
}

function sameSignals(one: Signal, other: Signal): boolean {
  const { kind, factor } = other.ranksBy;
  return one.ranksBy.kind === kind && one.ranksBy.factor === factor && sameReadings(one.zones, other.zones);
}

function isReading(reading: Reading | undefined): reading is Reading {
  return reading !== undefined;
}

/** For each zone the first source whose value decisions can rank by; else the first value; else the first reason. */
function firstOf(all: readonly ReadonlyMap<Zone, Reading>[], wanted: Wanted): ReadonlyMap<Zone, Reading> {
  const worth = (reading: Reading): number => {
    if (reading.state === 'unknown') return 0;
    if (reading.quality === 'sandbox') return 1;
    return reading.kind === wanted.kind && reading.factor === wanted.factor ? 3 : 2;
  };
  const zones = new Map<Zone, Reading>();
  for (const [zone, reading] of all.flatMap((readings) => [...readings])) {
    const earlier = zones.get(zone);
    if (earlier === undefined || worth(reading) > worth(earlier)) zones.set(zone, reading);
  }
  return zones;
}
