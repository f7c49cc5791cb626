import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis, Zone } from '../../carbon/units.ts';
import { growing } from '../chain/backoff.ts';
import type { ChainSource } from '../chain/source.ts';
import { FAILURE_SCOPE, ProviderFailure } from '../failure.ts';
import { missingPast, PAST_CHUNK } from './missing-past.ts';
import type { PastChunk } from './missing-past.ts';
import type { ZoneHistory } from './zone-history.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** After a failure of the provider as a whole. */
const BACKOFF = { first: millis(MINUTE), cap: millis(6 * 60 * MINUTE) };
/** Requests that one part of the past is ever taken to cost. */
const DEAREST = 32;

/** How a source's past is asked for. */
export interface GatheringOptions {
  readonly now: () => Instant;
  /** 0 to 1, for the spread of pauses. */
  readonly random: () => number;
  /** How much of the past is wanted. */
  readonly wanted: Millis;
  /** Share of the day's requests that the past may take, 0 to 1. */
  readonly share: number;
  /** Parts that are asked for at a time, and how long it is until the next time. */
  readonly parts: number;
  readonly pause: Millis;
}

/** A zone whose past is wanted. */
export interface Wanting {
  readonly zone: Zone;
  readonly history: ZoneHistory;
}

interface Asked extends Wanting {
  readonly name: string;
  readonly chunk: PastChunk;
  /** Left alone before then. */
  readonly from: Instant;
}

/**
 * Asks one source for the past of its zones, a few parts at a time, newest first, within a share of the day's requests.
 * What a provider does not give is not asked for again for a day.
 */
export class Gathering {
  readonly #source: ChainSource;
  readonly #options: GatheringOptions;
  #restUntil = instant(0);
  #failures = 0;
  /** What a part has been seen to cost. */
  #cost = 1;
  #day = -1;
  #allowance = 0;
  #spent = 0;
  /** Until when a part, or a zone from that part on back, is left alone. */
  readonly #asked = new Map<Zone, Map<number, Instant>>();

  constructor(source: ChainSource, options: GatheringOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** Requests that `gather` may take at this moment. */
  due(zones: readonly Wanting[]): number {
    return this.#next(zones).length * this.#cost;
  }

  /** When there may be something to ask for; null: nothing is missing. */
  nextDue(zones: readonly Wanting[]): Instant | null {
    const now = this.#options.now();
    const from = zones.flatMap((wanting) => this.#missing(wanting, now)).map(({ from }) => from);
    if (from.length === 0) return null;
    const budget = this.#affordable(now) >= this.#cost ? this.#readyAt(1) : (this.#day + 1) * DAY;
    return instant(Math.max(now, this.#restUntil, budget, Math.min(...from)));
  }

  /** Asks for the parts that are due; never throws. Returns the zones of which more is known now. */
  async gather(zones: readonly Wanting[], signal: AbortSignal): Promise<readonly Zone[]> {
    const next = this.#next(zones);
    const richer: Zone[] = [];
    if (next.length > 0) this.#rest(this.#options.pause);
    for (const asked of next) {
      const outcome = await this.#ask(asked, signal);
      if (outcome === 'richer') richer.push(asked.zone);
      if (outcome === 'stop') break;
    }
    return richer;
  }

  /** At most one part of each zone, the newest first. */
  #next(zones: readonly Wanting[]): readonly Asked[] {
    const now = this.#options.now();
    if (now < this.#restUntil) return [];
    let parts = Math.min(this.#options.parts, Math.floor(this.#affordable(now) / this.#cost));
    while (parts > 0 && this.#readyAt(parts) > now) parts -= 1;
    if (parts < 1) return [];
    return zones
      .flatMap((wanting) =>
        this.#missing(wanting, now)
          .filter(({ from }) => from <= now)
          .slice(0, 1),
      )
      .toSorted((a, b) => a.chunk.index - b.chunk.index)
      .slice(0, parts);
  }

  #missing({ zone, history }: Wanting, now: Instant): readonly Asked[] {
    const name = this.#source.nameOf(zone);
    if (name === null || this.#source.provider.history === null) return [];
    const asked = this.#asked.get(zone);
    return missingPast(history, now, this.#options.wanted).map((chunk) => {
      return { zone, history, name, chunk, from: asked?.get(chunk.index) ?? now };
    });
  }

  /** As much as is asked for is left to the reports. */
  #readyAt(parts: number): Instant {
    return this.#source.meter.readyAt(2 * parts * this.#cost);
  }

  #affordable(now: Instant): number {
    const left = this.#source.meter.left();
    if (left === null) return Infinity;
    const day = Math.floor(now / DAY);
    if (day !== this.#day) [this.#day, this.#allowance, this.#spent] = [day, Math.floor(this.#options.share * left), 0];
    return Math.min(left, this.#allowance - this.#spent);
  }

  async #ask({ zone, history, name, chunk }: Asked, signal: AbortSignal): Promise<'richer' | 'nothing' | 'stop'> {
    const { from, to } = chunk.span;
    const left = this.#source.meter.left();
    const spent = (): number => Math.max(1, (left ?? 0) - (this.#source.meter.left() ?? 0));
    const known = history.knownWithin(from, to);
    try {
      const asking = { now: this.#options.now(), signal };
      const steps = (await this.#source.provider.history?.({ zone, name }, chunk.span, asking)) ?? [];
      history.append(steps, this.#options.now());
      this.#failures = 0;
      this.#cost = Math.min(DEAREST, spent());
      this.#leave(zone, chunk.index, steps.some(({ start }) => start <= from + DAY) ? chunk.index : this.#oldest());
      return history.knownWithin(from, to) > known ? 'richer' : 'nothing';
    } catch (error) {
      return signal.aborted ? 'stop' : this.#failed(error, zone);
    } finally {
      this.#spent += spent();
    }
  }

  /** What was given once is not asked for again today, nor what lies before all that the provider gave. */
  #leave(zone: Zone, from: number, to: number): void {
    const until = instant(this.#options.now() + DAY);
    const asked = this.#asked.get(zone) ?? new Map<number, Instant>();
    for (let index = from; index <= to; index += 1) asked.set(index, until);
    this.#asked.set(zone, asked);
  }

  #oldest(): number {
    return Math.ceil(this.#options.wanted / PAST_CHUNK) - 1;
  }

  #failed(error: unknown, zone: Zone): 'nothing' | 'stop' {
    const failure = error instanceof ProviderFailure ? error : new ProviderFailure('unreachable', String(error));
    if (failure.reason !== 'forbidden' && FAILURE_SCOPE[failure.reason] === 'zone') {
      this.#leave(zone, 0, this.#oldest());
      return 'nothing';
    }
    if (failure.reason === 'over-budget') this.#cost = Math.min(DEAREST, this.#cost * 2);
    const pause = failure.reason === 'forbidden' ? DAY : growing(this.#failures, BACKOFF, this.#options.random());
    this.#rest(millis(Math.max(pause, failure.retryAfter ?? 0)));
    this.#failures += 1;
    return 'stop';
  }

  #rest(pause: Millis): void {
    this.#restUntil = instant(Math.max(this.#restUntil, this.#options.now() + pause));
  }
}
