import { REFIT_EVERY } from '../../carbon/forecast/forecaster.ts';
import { ENOUGH_PAST, OWN_HORIZON } from '../../carbon/forecast/own.ts';
import type { Series } from '../../carbon/forecast/series.ts';
import type { Fitting } from '../../carbon/forecast/types.ts';
import type { ZoneReport } from '../../carbon/report.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis, Zone } from '../../carbon/units.ts';
import type { ChainSource } from '../chain/source.ts';
import { Gathering } from './gathering.ts';
import type { GatheringOptions, Wanting } from './gathering.ts';
import type { HistoryState } from './state.ts';
import { historyStep } from './zone-history.ts';
import { ZoneForecast, keyOf } from './zone-forecast.ts';
import type { PastKey } from './zone-forecast.ts';

const DAY = 86_400_000;
/** Past that is asked for where a provider gives it, and that is handed on. */
export const WANTED_PAST = millis(60 * DAY);
/** Share of a source's daily requests that its past may take. */
export const PAST_SHARE = 0.25;
/** What is handed on of zones that have a provider's forecast: enough to know whether they vary. */
const LEAST_PAST = 14 * DAY;
/** A zone that no source has told of for so long is forgotten. */
const FORGOTTEN_AFTER = 8 * DAY;
const PARTS = 4;
const PAUSE = millis(60_000);

/** What forecasts of our own are made with; lengths and share have their defaults. */
export interface OwnForecastsOptions {
  readonly fit: (history: Series) => Fitting;
  readonly now: () => Instant;
  /** 0 to 1. */
  readonly random: () => number;
  /** Runs a task in a later turn of the event loop: fitting a zone takes many, of some ten milliseconds each. */
  readonly defer: (task: () => void) => void;
  /** Told of each model that could not be fitted, and why. */
  readonly onTrouble?: (zone: PastKey, error: unknown) => void;
  readonly horizon?: Millis;
  readonly enough?: Millis;
  readonly wanted?: Millis;
  readonly refitEvery?: Millis;
  readonly share?: number;
  /** Between two turns of asking for the past. */
  readonly pause?: Millis;
}

interface SourceForecasts {
  readonly source: ChainSource;
  readonly gathering: Gathering;
}

/**
 * Forecasts of our own, for zones whose provider gives none: keeps what reports observe, asks providers for the past
 * where it is short, fits models, and puts a forecast into each report.
 */
export class OwnForecasts {
  readonly #options: Required<OwnForecastsOptions>;
  readonly #zones = new Map<string, ZoneForecast>();
  readonly #sources = new Map<string, SourceForecasts>();
  readonly #queue = new Set<ZoneForecast>();
  readonly #listeners: ((zone: Zone) => void)[] = [];
  #gathering: Promise<void> | null = null;
  #fitting = false;
  #closed = false;

  constructor(options: OwnForecastsOptions) {
    const lengths = { horizon: OWN_HORIZON, enough: ENOUGH_PAST, wanted: WANTED_PAST, refitEvery: REFIT_EVERY };
    const onTrouble = (): void => undefined;
    this.#options = { ...lengths, share: PAST_SHARE, pause: PAUSE, onTrouble, ...options };
  }

  /** For the chain: remembers what the report observed, and completes it with a forecast and whether the zone varies. */
  enricher(): (report: ZoneReport, source: ChainSource) => ZoneReport {
    return (report, source) => (report.sandbox ? report : this.#enrich(report, source));
  }

  /** Told of each zone for which a model was fitted: reports of it that are kept may be enriched again. */
  onFitted(listener: (zone: Zone) => void): void {
    this.#listeners.push(listener);
  }

  /** Requests that `gather` may take at this moment, by source. */
  due(): ReadonlyMap<string, number> {
    const due = [...this.#sources].map(([id, { gathering }]): [string, number] => [
      id,
      gathering.due(this.#wanting(id)),
    ]);
    return new Map(due.filter(([, requests]) => requests > 0));
  }

  /** When `gather` may have something to do; null: no past is missing. */
  nextDue(): Instant | null {
    const due = [...this.#sources].flatMap(([id, { gathering }]) => gathering.nextDue(this.#wanting(id)) ?? []);
    return due.length === 0 ? null : instant(Math.min(...due));
  }

  /** Asks providers for a few parts of the past that is missing; a second call joins the first; never throws. */
  gather(signal: AbortSignal): Promise<void> {
    this.#gathering ??= this.#gather(signal).finally(() => {
      this.#gathering = null;
    });
    return this.#gathering;
  }

  state(): HistoryState {
    const now = this.#options.now();
    this.#forget(now);
    const pasts = [...this.#zones.values()].map((zone) =>
      zone.past(instant(now - (zone.wanted ? this.#options.wanted : LEAST_PAST)), instant(now + 1)),
    );
    return { takenAt: now, pasts: pasts.filter(({ tenths }) => tenths.length > 0) };
  }

  /** Goes on from what another replica knew: fills what is not known here, and fits the models that it had. */
  adopt(state: HistoryState): void {
    for (const past of state.pasts) {
      const zone = this.#zoneOf(past, past.step);
      zone.adopt(past, state.takenAt);
      this.#fitWhereDue(zone);
    }
  }

  close(): void {
    this.#closed = true;
    this.#queue.clear();
  }

  #enrich(report: ZoneReport, source: ChainSource): ZoneReport {
    const now = this.#options.now();
    if (report.observed.length === 0 && !this.#zones.has(keyOf(report))) return report;
    const zone = this.#zoneOf(report, historyStep(report.observed));
    this.#sourceOf(source);
    zone.history.append(report.observed, now);
    zone.lastSeen = now;
    zone.wanted = report.forecastBy === null || report.forecastBy === 'own';
    this.#fitWhereDue(zone);
    const completed = { ...report, constant: report.constant ?? zone.isConstant(now) };
    const forecast = zone.wanted ? zone.issue(now, this.#options.horizon) : [];
    return forecast.length === 0 ? completed : { ...completed, forecast, forecastBy: 'own' };
  }

  #zoneOf({ source, zone, kind, factor }: PastKey, step: Millis): ZoneForecast {
    const key = { source, zone, kind, factor };
    const kept = this.#zones.get(keyOf(key));
    if (kept !== undefined) return kept;
    const made = new ZoneForecast(key, step, this.#options);
    this.#zones.set(keyOf(key), made);
    return made;
  }

  #sourceOf(source: ChainSource): void {
    const { id } = source.provider;
    if (this.#sources.get(id)?.source === source) return;
    const { now, random, wanted, share, pause } = this.#options;
    const options: GatheringOptions = { now, random, wanted, share, parts: PARTS, pause };
    this.#sources.set(id, { source, gathering: new Gathering(source, options) });
  }

  #wanting(source: string): readonly Wanting[] {
    return this.#of(source).map(({ key, history }) => ({ zone: key.zone, history }));
  }

  #of(source: string): readonly ZoneForecast[] {
    const provider = this.#sources.get(source)?.source.provider;
    return [...this.#zones.values()].filter(
      ({ key, wanted }) =>
        wanted && key.source === source && key.kind === provider?.kind && key.factor === provider.factor,
    );
  }

  async #gather(signal: AbortSignal): Promise<void> {
    this.#forget(this.#options.now());
    const rounds = [...this.#sources].map(async ([id, { gathering }]) => {
      const richer = new Set<Zone>(await gathering.gather(this.#wanting(id), signal));
      for (const zone of this.#of(id)) if (richer.has(zone.key.zone)) this.#fitWhereDue(zone);
    });
    await Promise.all(rounds);
  }

  #fitWhereDue(zone: ZoneForecast): void {
    const { now, defer } = this.#options;
    if (this.#closed || this.#queue.has(zone) || !zone.needsFit(now())) return;
    this.#queue.add(zone);
    if (this.#fitting) return;
    this.#fitting = true;
    const fitting = this.#fitAll();
    const next = (): void => {
      this.#fitting = !this.#closed && fitting.next().done !== true;
      if (this.#fitting) defer(next);
    };
    defer(next);
  }

  /**
   * One after another; requests are answered between two steps. What is thrown here has no caller but the event loop, and
   * would end the process: the zone goes on with the model that it had, or without one.
   */
  *#fitAll(): Generator<undefined, void> {
    for (const zone of this.#queue) {
      try {
        yield* zone.fit(this.#options.now());
        for (const listener of this.#listeners) listener(zone.key.zone);
      } catch (error) {
        this.#options.onTrouble(zone.key, error);
      } finally {
        this.#queue.delete(zone);
      }
      yield;
    }
  }

  #forget(now: Instant): void {
    for (const [key, zone] of this.#zones) if (zone.lastSeen < now - FORGOTTEN_AFTER) this.#zones.delete(key);
  }
}
