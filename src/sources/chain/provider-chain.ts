import type { ZoneReport } from '../../carbon/report.ts';
import type { Reading, Wanted } from '../../carbon/types.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis, Zone } from '../../carbon/units.ts';
import { Asking } from './asking.ts';
import { adoptState, stateOf } from './hand-over.ts';
import type { ChainObserver } from './observer.ts';
import { askingOrder, askTimes, requestsOf } from './plan.ts';
import { bestReading, satisfies } from './reading-rank.ts';
import { ReportStore } from './report-store.ts';
import { SourceLink } from './source-link.ts';
import type { ChainSource } from './source.ts';
import type { ChainState } from './state.ts';

/** Adds to a report what its provider does not give. */
export type Enricher = (report: ZoneReport, source: ChainSource) => ZoneReport;

/** What a chain is made of. */
export interface ProviderChainOptions {
  /** In order of preference; their ids differ. */
  readonly sources: readonly ChainSource[];
  readonly now: () => Instant;
  /** 0 to 1. */
  readonly random: () => number;
  readonly observer: ChainObserver;
  /** What a round may take, by default two minutes: who was not asked by then is due again. */
  readonly roundLimit?: Millis;
  /** A signal that aborts after so long; by default the machine's. */
  readonly timeout?: (after: Millis) => AbortSignal;
}

const ROUND_LIMIT = millis(2 * 60_000);
const AVERAGE: Wanted = { kind: 'average', factor: 'lifecycle' };

/**
 * Providers in order of preference, and what they reported. For each zone the first with a fresh value of the wanted kind
 * speaks; those after it are asked only where it has none. Reading never waits: only a round asks. It has no clock and no
 * timer of its own: whoever owns it calls `round` when `nextDue` says so.
 */
export class ProviderChain {
  readonly #options: ProviderChainOptions;
  readonly #store = new ReportStore();
  readonly #links: readonly SourceLink[];
  readonly #asking: ReadonlyMap<SourceLink, Asking>;
  readonly #listeners: (() => void)[] = [];
  readonly #closing = new AbortController();
  #zones: ReadonlySet<Zone> = new Set();
  #wanted = AVERAGE;
  #enricher: Enricher = (report) => report;
  #round: Promise<void> | null = null;
  #toTell = false;
  /** Until when circuits and failures are known, by ourselves or from another replica. */
  #asOf = instant(-Infinity);

  constructor(options: ProviderChainOptions) {
    const { now, random, observer, sources, timeout = abortAfter } = options;
    this.#options = options;
    const enrich: Enricher = (report, source) => this.#enricher(report, source);
    const context = { now, random, observer, store: this.#store, enrich };
    this.#links = sources.map((source) => new SourceLink(source, context));
    this.#asking = new Map(this.#links.map((link) => [link, new Asking(link, { now, timeout })]));
  }

  /** The zones of the policy's regions: each is asked for once, however many regions share it. */
  useZones(zones: readonly Zone[]): void {
    this.#zones = new Set(zones);
    this.#store.retain(
      this.#links.map(({ id }) => id),
      this.#zones,
    );
    for (const link of this.#links) link.retain(this.#zones);
    this.#tell();
  }

  /** What decisions rank by: other reports are kept to be shown, and end no walk. */
  wanted(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#tell();
  }

  /** Adds what a provider does not give to every report that is fetched from now on. */
  enrich(enricher: Enricher): void {
    this.#enricher = enricher;
  }

  /** Adds once more to what is kept of a zone: the enricher knows better now. */
  enrichAgain(zone: Zone): void {
    for (const { id, source } of this.#links) {
      const kept = this.#store.get(id, zone);
      if (kept !== null) this.#store.keep(id, this.#enricher(kept, source), source.ages, this.#options.now());
    }
    this.#tell();
  }

  /** Tells when reports, failures or what is wanted have changed: at a round's end, and as soon as a zone without data has some. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Requests that a round at this moment may take at most, by source id; sources that would not be asked are left out. */
  due(): ReadonlyMap<string, number> {
    const now = this.#options.now();
    const counts = new Map<SourceLink, number>();
    for (const zone of this.#zones) {
      for (const [link, at] of this.#askTimes(zone, now)) {
        // Of the clock as it is by now: `at` may be a moment that was read off it just before.
        if (at <= this.#options.now()) counts.set(link, (counts.get(link) ?? 0) + 1);
      }
    }
    return requestsOf(this.#links, (link) => counts.get(link) ?? 0);
  }

  /** When a round has something to do: now, where it has already; null: never. */
  nextDue(): Instant | null {
    const now = this.#options.now();
    const times = Array.from(this.#zones, (zone) => [...this.#askTimes(zone, now).values()]).flat();
    return times.length === 0 ? null : instant(Math.max(now, Math.min(...times)));
  }

  /** One refresh of everything that is due. A second call joins the first. Never rejects; ends early when aborted. */
  round(signal: AbortSignal): Promise<void> {
    return (this.#round ??= this.#walkAll(signal).finally(() => {
      this.#round = null;
    }));
  }

  /** Everything that another replica needs to go on from here. */
  state(): ChainState {
    return stateOf(this.#links, this.#zones, this.#options.now());
  }

  /**
   * Goes on from what another replica knows. Older reports never replace newer ones, allowances are never widened;
   * circuits and failures are taken where they are not older than our own. For followers, and once by a new leader.
   */
  adopt(state: ChainState): void {
    const current = state.takenAt >= this.#asOf;
    adoptState(state, { links: this.#links, store: this.#store, now: this.#options.now(), current });
    if (current) this.#asOf = state.takenAt;
    for (const { id, source } of this.#links) this.#options.observer.onBudget(id, source.meter.left());
    this.#tell();
  }

  /** What is known of each zone at a moment, from memory. */
  readingsAt(now: Instant): ReadonlyMap<Zone, Reading> {
    const readings = new Map<Zone, Reading>();
    if (this.#links.length === 0) return readings;
    for (const zone of this.#zones) {
      const named = this.#links.filter(({ source }) => source.nameOf(zone) !== null);
      const candidates = named.map((link) => link.candidate(zone, now));
      readings.set(zone, bestReading(candidates, this.#wanted, now));
    }
    return readings;
  }

  /** When the readings may next change of themselves: a step ends, a value is no longer fresh or valid; null: never. */
  nextChange(now: Instant): Instant | null {
    const changes = Array.from(this.#zones, (zone) => this.#changesOf(zone, now)).flat();
    return changes.length === 0 ? null : instant(Math.min(...changes));
  }

  /** Gives up what is under way and closes the providers. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#round;
    this.#listeners.length = 0;
    await Promise.allSettled(this.#links.map(async ({ source }) => source.provider.close?.()));
    this.#store.close();
  }

  async #walkAll(signal: AbortSignal): Promise<void> {
    const { timeout = abortAfter, roundLimit = ROUND_LIMIT, now } = this.#options;
    const given = AbortSignal.any([signal, this.#closing.signal]);
    const round = AbortSignal.any([given, timeout(roundLimit)]);
    const walks = await Promise.allSettled(Array.from(this.#zones, (zone) => this.#walk(zone, round)));
    // Who was told to stop may have a successor, who knows better.
    if (given.aborted || !walks.some((walk) => walk.status === 'rejected' || walk.value)) return;
    this.#asOf = now();
    this.#tell();
  }

  /** Down the chain until a source has a fresh value of the wanted kind; whether any was asked. */
  async #walk(zone: Zone, round: AbortSignal): Promise<boolean> {
    const { now } = this.#options;
    const order = askingOrder(this.#links, zone, this.#wanted);
    const satisfied = (link: SourceLink): boolean => satisfies(link.reading(zone, now()), this.#wanted, now());
    const wasSatisfied = order.some(satisfied);
    let asked = false;
    for (const link of order) {
      if (round.aborted) break;
      if (link.dueAt(zone) <= now()) {
        asked = true;
        await this.#asking.get(link)?.ask(zone, () => this.#dueZones(link), round);
      }
      if (!satisfied(link)) continue;
      if (!wasSatisfied) this.#tellSoon();
      break;
    }
    return asked;
  }

  #dueZones(link: SourceLink): readonly Zone[] {
    const now = this.#options.now();
    return [...this.#zones].filter((zone) => link.source.nameOf(zone) !== null && link.dueAt(zone) <= now);
  }

  #askTimes(zone: Zone, now: Instant): ReadonlyMap<SourceLink, Instant> {
    return askTimes(askingOrder(this.#links, zone, this.#wanted), zone, this.#wanted, now);
  }

  /** Sources after the first that is fresh change nothing. */
  #changesOf(zone: Zone, now: Instant): readonly Instant[] {
    const changes: Instant[] = [];
    for (const link of this.#links) {
      const change = link.nextChange(zone, now);
      if (change !== null) changes.push(change);
      if (satisfies(link.reading(zone, now), this.#wanted, now)) break;
    }
    return changes;
  }

  /** Zones of one answer are told of together. */
  #tellSoon(): void {
    if (this.#toTell) return;
    this.#toTell = true;
    queueMicrotask(() => {
      if (this.#toTell) this.#tell();
    });
  }

  #tell(): void {
    this.#toTell = false;
    for (const listener of this.#listeners) listener();
  }
}

function abortAfter(after: Millis): AbortSignal {
  return AbortSignal.timeout(after);
}
