import { readingAt, readingChange } from '../../carbon/report-reading.ts';
import type { ZoneReport } from '../../carbon/report.ts';
import type { Reading } from '../../carbon/types.ts';
import { instant } from '../../carbon/units.ts';
import type { Instant, Millis, Zone } from '../../carbon/units.ts';
import { FAILURE_SCOPE } from '../failure.ts';
import type { FailureReason, ProviderFailure } from '../failure.ts';
import { afterAnswer, afterFailure, CLOSED, phaseOf } from './circuit.ts';
import type { ChainObserver, CircuitPhase } from './observer.ts';
import { pacedRefresh } from './pacing.ts';
import { isFresh } from './reading-rank.ts';
import type { Candidate } from './reading-rank.ts';
import type { ReportStore } from './report-store.ts';
import type { ChainSource } from './source.ts';
import type { CircuitState, SourceState, ZoneFailure } from './state.ts';
import { ZoneTroubles } from './zone-troubles.ts';

/** What all links of a chain share. */
export interface LinkContext {
  readonly now: () => Instant;
  /** 0 to 1. */
  readonly random: () => number;
  readonly observer: ChainObserver;
  readonly store: ReportStore;
  readonly enrich: (report: ZoneReport, source: ChainSource) => ZoneReport;
}

/** What our own limits may hold back for, at least; ms. */
const OWN_PAUSE = 60_000;

/** One source with its memory: what it reported, what it failed at, and when it may be asked again. Sends nothing. */
export class SourceLink {
  readonly source: ChainSource;
  readonly id: string;
  readonly #context: LinkContext;
  readonly #troubles: ZoneTroubles;
  /** When each zone was last asked for with success: what a report says of its own time is not relied on. */
  readonly #askedAt = new Map<Zone, Instant>();
  #zones: ReadonlySet<Zone> = new Set();
  #circuit: CircuitState = CLOSED;
  #phase: CircuitPhase = 'closed';

  constructor(source: ChainSource, context: LinkContext) {
    this.source = source;
    this.id = source.provider.id;
    this.#context = context;
    this.#troubles = new ZoneTroubles(this.id);
  }

  report(zone: Zone): ZoneReport | null {
    return this.#context.store.get(this.id, zone);
  }

  reading(zone: Zone, now: Instant): Reading | null {
    const report = this.report(zone);
    return report === null ? null : readingAt(report, this.source.ages, now);
  }

  candidate(zone: Zone, now: Instant): Candidate {
    return { reading: this.reading(zone, now), failure: this.#troubles.of(zone)?.reason ?? null };
  }

  nextChange(zone: Zone, now: Instant): Instant | null {
    const report = this.report(zone);
    return report === null ? null : readingChange(report, this.source.ages, now);
  }

  /** From when on newer data of the zone is wanted: after the refresh interval, or the backoff where it failed. */
  dueAt(zone: Zone): Instant {
    const trouble = this.#troubles.of(zone);
    if (trouble !== null) return trouble.retryAt;
    return instant(this.#lastAsked(zone) + this.#interval());
  }

  /** From when on circuit and meter let a report be asked for. */
  readyAt(): Instant {
    const meter = this.source.meter.readyAt(this.source.requestsPerReport);
    return instant(Math.max(this.#circuit.openUntil ?? -Infinity, meter));
  }

  /** Whether the meter lets so many reports be asked for now. */
  affords(reports: number): boolean {
    return this.source.meter.readyAt(reports * this.source.requestsPerReport) <= this.#context.now();
  }

  phase(now: Instant): CircuitPhase {
    return phaseOf(this.#circuit, now);
  }

  /** Whether the provider failed last, and may be asked nevertheless: one request at a time shows whether it answers. */
  isDoubtful(now: Instant): boolean {
    return this.#circuit.failures > 0 && this.phase(now) !== 'open';
  }

  /** A request is on its way. */
  asking(now: Instant): void {
    this.#tellPhase(this.phase(now));
  }

  /** The zone was not asked for because circuit or meter stood before it. */
  heldBack(zone: Zone, now: Instant): void {
    const open = this.phase(now) === 'open';
    if (open) this.#troubles.notAsked(zone, 'circuit-open', now, now);
    else this.#overBudget(zone, now);
    this.#context.observer.onReport(this.id, zone, open ? 'circuit-open' : 'over-budget');
  }

  /** The provider answered, whatever it said of single zones. */
  answered(): void {
    const now = this.#context.now();
    this.#becomes(afterAnswer(this.#circuit, now), now);
  }

  /** The exchange failed; counts against the provider where it lies with it. */
  failed(failure: ProviderFailure, asked: Instant): void {
    const scope = FAILURE_SCOPE[failure.reason];
    if (scope === 'zone') this.answered();
    if (scope !== 'provider') return;
    const [failed, chance] = [this.#context.now(), this.#context.random()];
    const trouble = { reason: failure.reason, retryAfter: failure.retryAfter, asked, failed };
    this.#becomes(afterFailure(this.#circuit, trouble, { refresh: this.source.refresh, chance }), failed);
  }

  /** There is nothing new of this zone, since `failure`. */
  zoneFailed(zone: Zone, failure: ProviderFailure, asked: Instant): void {
    const now = this.#context.now();
    if (failure.reason === 'over-budget') this.#overBudget(zone, now);
    else this.#zoneTrouble(zone, failure.reason, asked);
    // Its circuit alone says when it is asked again.
    if (this.phase(now) === 'open') this.#troubles.lift(now);
    this.#context.observer.onReport(this.id, zone, failure.reason);
  }

  /** A report has come. Where its data is old, or older than what is kept, that is a failure of the zone's. */
  reported(report: ZoneReport, asked: Instant): void {
    const { now, store, observer } = this.#context;
    const { ages } = this.source;
    const whole = this.#enriched(report);
    const kept = store.keep(this.id, whole, ages, now());
    const outcome = kept && isFresh(readingAt(whole, ages, now()), now()) ? 'ok' : 'stale-data';
    this.#askedAt.set(report.zone, asked);
    if (outcome === 'ok') this.#troubles.succeeded(report.zone);
    else this.#zoneTrouble(report.zone, outcome, asked);
    observer.onReport(this.id, report.zone, outcome);
  }

  /** The zones that count from now on; what is known of others is forgotten. */
  retain(zones: ReadonlySet<Zone>): void {
    this.#zones = zones;
    this.#troubles.retain(zones);
    for (const zone of this.#askedAt.keys()) if (!zones.has(zone)) this.#askedAt.delete(zone);
  }

  failures(): readonly ZoneFailure[] {
    return this.#troubles.list();
  }

  state(): SourceState {
    return { id: this.id, circuit: this.#circuit, budget: this.source.meter.state() };
  }

  /** Another replica's circuit and failures in place of our own. */
  adopt(circuit: CircuitState, failures: readonly ZoneFailure[]): void {
    this.#circuit = circuit;
    this.#troubles.replace(failures, this.#interval());
    const now = this.#context.now();
    if (circuit.openUntil !== null) this.#troubles.lift(now);
    this.#tellPhase(this.phase(now));
  }

  #zoneTrouble(zone: Zone, reason: FailureReason, asked: Instant): void {
    this.#troubles.failed(zone, reason, asked, { refresh: this.#interval(), chance: this.#context.random() });
  }

  /** A forecast of our own is an extra: where none can be made, the report stands as it came. */
  #enriched(report: ZoneReport): ZoneReport {
    const ours = report.source === this.id ? report : { ...report, source: this.id };
    try {
      return this.#context.enrich(ours, this.source);
    } catch {
      return ours;
    }
  }

  #lastAsked(zone: Zone): number {
    const fetched = Math.min(this.report(zone)?.fetchedAt ?? -Infinity, this.#context.now());
    return Math.max(fetched, this.#askedAt.get(zone) ?? -Infinity, this.#troubles.of(zone)?.at ?? -Infinity);
  }

  /** How often a zone is asked for: the refresh interval, stretched so that the day's allowance lasts. */
  #interval(): Millis {
    const { provider, refresh, requestsPerReport, meter } = this.source;
    const left = meter.left();
    if (left === null) return refresh;
    const now = this.#context.now();
    const recent = now - Math.max(refresh, this.source.ages.hard);
    const active = [...this.#zones].filter((zone) => this.#lastAsked(zone) > recent).length;
    const reports = provider.serves === 'all' ? 1 : active;
    return pacedRefresh({ refresh, perRefresh: reports * requestsPerReport, left }, now);
  }

  #overBudget(zone: Zone, now: Instant): void {
    const ready = this.source.meter.readyAt(this.source.requestsPerReport);
    const pause = now + Math.min(OWN_PAUSE, this.source.refresh);
    this.#troubles.notAsked(zone, 'over-budget', now, instant(Math.max(ready, pause)));
  }

  #becomes(circuit: CircuitState, now: Instant): void {
    this.#circuit = circuit;
    this.#tellPhase(this.phase(now));
  }

  #tellPhase(phase: CircuitPhase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#context.observer.onCircuit(this.id, phase);
  }
}
