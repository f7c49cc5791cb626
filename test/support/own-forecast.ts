import type { Series } from '../../src/carbon/forecast/series.ts';
import type { Fitting } from '../../src/carbon/forecast/types.ts';
import type { ObservedStep, ZoneReport } from '../../src/carbon/report.ts';
import { instant, millis, zone } from '../../src/carbon/units.ts';
import type { GramsPerKwh, Instant } from '../../src/carbon/units.ts';
import { Meter } from '../../src/sources/chain/meter-of.ts';
import type { ChainSource } from '../../src/sources/chain/source.ts';
import { ProviderFailure } from '../../src/sources/failure.ts';
import { OwnForecasts } from '../../src/sources/own-forecast/own-forecasts.ts';
import type { OwnForecastsOptions } from '../../src/sources/own-forecast/own-forecasts.ts';
import type { Span } from '../../src/sources/provider.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const JANUARY = instant(Date.parse('2026-01-01T00:00:00Z'));

/** A clock that is moved by hand. */
export interface HandClock {
  now: Instant;
}

/** The grid's true intensity in an hour since 1970: an evening peak, dirtier on odd days. */
export function trueValue(hour: number): GramsPerKwh {
  return (300 + 100 * Math.sin((hour % 24) / 4) + 20 * (Math.floor(hour / 24) % 2)) as GramsPerKwh;
}

/** Whole hours of [from, to), of `value` at each hour since 1970. */
export function hoursOf(from: number, to: number, value: (hour: number) => number = trueValue): ObservedStep[] {
  const [first, last] = [Math.ceil(from / HOUR), Math.floor(to / HOUR)];
  return Array.from({ length: Math.max(0, last - first) }, (_, i) => ({
    start: instant((first + i) * HOUR),
    end: instant((first + i + 1) * HOUR),
    value: value(first + i) as GramsPerKwh,
    quality: 'measured',
  }));
}

/** What a provider without forecasts reports of DE. */
export function reportOf(
  observed: readonly ObservedStep[],
  fetchedAt: Instant,
  more: Partial<ZoneReport> = {},
): ZoneReport {
  return {
    zone: zone('DE'),
    source: 'grid',
    kind: 'average',
    factor: 'lifecycle',
    observed,
    forecast: [],
    forecastBy: null,
    renewablePct: null,
    percentile: null,
    constant: null,
    sandbox: false,
    fetchedAt,
    ...more,
  };
}

/** Foretells the mean of each slot of the day, fitted in two steps. Shows what it was fitted to. */
export function profileFit(fits: Series[] = []): (history: Series) => Fitting {
  return function* (history) {
    yield;
    fits.push({ ...history, values: history.values.slice() });
    const profile = new Map<number, number[]>();
    for (const [i, value] of history.values.entries()) {
      const slot = (history.start + i * history.step) % DAY;
      if (!Number.isNaN(value)) profile.set(slot, [...(profile.get(slot) ?? []), value]);
    }
    const mean = (values: number[] = [0]): number => values.reduce((a, b) => a + b, 0) / values.length;
    return {
      issue: ({ step, values }, at, horizon) => {
        const newest = values.findLast((value) => !Number.isNaN(value)) ?? 0;
        const first = Math.floor(at / step);
        return Array.from({ length: horizon / step }, (_, i) => {
          const value = mean(profile.get(((first + i) * step) % DAY)) + newest / 1e6;
          const start = instant((first + i) * step);
          return { start, end: instant(start + step), value: value as GramsPerKwh };
        });
      },
    };
  };
}

interface SourceOptions {
  readonly clock: HandClock;
  /** Requests that one part costs, and what it gives; null: the provider has no past. */
  readonly past: ((span: Span) => readonly ObservedStep[]) | null;
  readonly perDay?: number | null;
  readonly perMinute?: number | null;
  readonly cost?: number;
}

/** The source, and what was asked of it. */
export interface GridSource {
  readonly source: ChainSource;
  readonly meter: Meter;
  readonly asked: readonly {
    readonly zone: string;
    readonly from: number;
    readonly to: number;
    readonly at: Instant;
  }[];
}

/** A source named `grid`, the requests that it was asked, and its meter. */
export function gridSource({ clock, past, perDay = null, perMinute = null, cost = 1 }: SourceOptions): GridSource {
  const meter = new Meter({ perDay, perMinute, now: () => clock.now });
  const asked: GridSource['asked'][number][] = [];
  const source: ChainSource = {
    provider: {
      id: 'grid',
      kind: 'average',
      factor: 'lifecycle',
      serves: 'one',
      report: () => Promise.resolve(new Map()),
      history:
        past === null
          ? null
          : (name, span) => {
              for (let i = 0; i < cost; i += 1) {
                if (!meter.take()) return Promise.reject(new ProviderFailure('over-budget', 'none left'));
              }
              asked.push({ zone: name.zone, ...span, at: clock.now });
              return Promise.resolve().then(() => past(span));
            },
    },
    nameOf: (name) => (name === 'nowhere' ? null : name),
    ages: { soft: millis(2 * HOUR), hard: millis(6 * HOUR) },
    refresh: millis(15 * 60_000),
    meter,
    requestsPerReport: 1,
  };
  return { source, asked, meter };
}

/** Own forecasts on a clock that is moved by hand; fitted at once unless told otherwise. */
export function ownForecasts(clock: HandClock, options: Partial<OwnForecastsOptions> = {}): OwnForecasts {
  return new OwnForecasts({
    fit: profileFit(),
    now: () => clock.now,
    random: () => 0,
    defer: (task) => {
      task();
    },
    ...options,
  });
}

/** A grid source without past on a clock of its own. */
export interface LiveGrid extends GridSource {
  readonly clock: HandClock;
}

export function liveGrid(at: Instant = JANUARY): LiveGrid {
  const clock: HandClock = { now: at };
  return { clock, ...gridSource({ clock, past: null }) };
}

/** Hour after hour the running hour's value is reported; each hour's enriched report. */
export function live(own: OwnForecasts, at: LiveGrid, hours: number): ZoneReport[] {
  const enrich = own.enricher();
  return Array.from({ length: hours }, () => {
    const report = reportOf(hoursOf(at.clock.now, at.clock.now + HOUR), at.clock.now);
    const enriched = enrich(report, at.source);
    at.clock.now = instant(at.clock.now + HOUR);
    return enriched;
  });
}
