import { unknown } from './reading.ts';
import type { ObservedStep, SignalAges, ZoneReport } from './report.ts';
import type { ForecastStep, Quality, Reading } from './types.ts';
import { instant } from './units.ts';
import type { GramsPerKwh, Instant } from './units.ts';

/** The value that a report gives for a moment. */
interface Served {
  readonly value: GramsPerKwh;
  readonly quality: Quality;
  readonly observedAt: Instant;
  readonly freshUntil: Instant;
  readonly validUntil: Instant;
  /** From here on the forecast is of the future. */
  readonly ahead: Instant;
}

const NOTHING: readonly ForecastStep[] = Object.freeze([]);

/**
 * What a report says of its zone at a moment: the observed step that covers it, else the forecast step that does, else the
 * newest observed step until the hard age after its end; else unknown. It says the same until `readingChange`.
 */
export function readingAt(report: ZoneReport, ages: SignalAges, now: Instant): Reading {
  const served = servedAt(report, ages, now);
  if (served === null) return unknown(isEmpty(report) ? 'no-value' : 'stale');
  const { ahead, ...value } = served;
  const forecast = forecastFrom(report, ages, now, ahead);
  const fresh = now < served.freshUntil;
  return {
    state: 'known',
    ...value,
    quality: report.sandbox ? 'sandbox' : served.quality,
    kind: report.kind,
    factor: report.factor,
    source: report.source,
    forecast,
    forecastBy: forecast.length === 0 ? null : report.forecastBy,
    renewablePct: fresh ? report.renewablePct : null,
    percentile: fresh ? report.percentile : null,
    constant: report.constant,
  };
}

/** The first moment after `now` at which the report says something else of its zone; null: never again. */
export function readingChange(report: ZoneReport, ages: SignalAges, now: Instant): Instant | null {
  const reading = readingAt(report, ages, now);
  const edges =
    reading.state === 'unknown'
      ? [nextStart(report.observed, now), nextForecast(report, ages, now)]
      : [reading.validUntil, reading.freshUntil, reading.forecast.length === 0 ? null : forecastEnd(report, ages)];
  return earliest(edges.filter((edge) => edge !== null && edge > now));
}

/** When the last use of the report is over, whatever happens: what may be forgotten then. */
export function lastUse(report: ZoneReport, ages: SignalAges): Instant {
  return instant(Math.max(forecastEnd(report, ages), (report.observed.at(-1)?.end ?? report.fetchedAt) + ages.hard));
}

function servedAt(report: ZoneReport, ages: SignalAges, now: Instant): Served | null {
  const observed = report.observed.findLast(({ start }) => start <= now);
  if (observed !== undefined && now < observed.end) return servedObserved(report, ages, observed, observed.end);
  const forecast = now < forecastEnd(report, ages) ? covering(report.forecast, now) : undefined;
  if (forecast !== undefined) return servedForecast(report, ages, forecast, now);
  if (observed === undefined || now >= observed.end + ages.hard) return null;
  return servedObserved(report, ages, observed, now);
}

/** `from`: when its own step is over, or now where it is over already. */
function servedObserved(report: ZoneReport, ages: SignalAges, step: ObservedStep, from: Instant): Served {
  const edges = [
    instant(step.end + ages.hard),
    nextStart(report.observed, step.start),
    nextForecast(report, ages, from),
  ];
  return {
    value: step.value,
    quality: step.quality,
    observedAt: step.start,
    freshUntil: instant(Math.min(step.end, report.fetchedAt) + ages.soft),
    validUntil: earliest(edges) ?? step.end,
    ahead: from,
  };
}

function servedForecast(report: ZoneReport, ages: SignalAges, step: ForecastStep, now: Instant): Served {
  const { forecastBy, fetchedAt, observed } = report;
  // A forecast of our own is as fresh as the data it rests on.
  const data = forecastBy === 'own' ? Math.min(observed.at(-1)?.end ?? fetchedAt, fetchedAt) : fetchedAt;
  const edges = [step.end, forecastEnd(report, ages), nextStart(observed, now)];
  return {
    value: step.value,
    quality: 'forecast',
    observedAt: fetchedAt,
    freshUntil: instant(data + ages.soft),
    validUntil: earliest(edges) ?? step.end,
    ahead: step.end,
  };
}

function forecastFrom(report: ZoneReport, ages: SignalAges, now: Instant, from: Instant): readonly ForecastStep[] {
  if (now >= forecastEnd(report, ages)) return NOTHING;
  const first = report.forecast.findIndex(({ end }) => end > from);
  const head = report.forecast[first];
  if (head === undefined) return NOTHING;
  if (head.start >= from) return first === 0 ? report.forecast : report.forecast.slice(first);
  return [{ ...head, start: from }, ...report.forecast.slice(first + 1)];
}

/** When a forecast step first covers a moment from `from` on; null: never while the forecast may be used. */
function nextForecast(report: ZoneReport, ages: SignalAges, from: Instant): Instant | null {
  const step = report.forecast.find(({ end }) => end > from);
  if (step === undefined) return null;
  const at = instant(Math.max(step.start, from));
  return at < forecastEnd(report, ages) ? at : null;
}

function nextStart(steps: readonly { readonly start: Instant }[], after: Instant): Instant | null {
  return steps.find(({ start }) => start > after)?.start ?? null;
}

function covering(steps: readonly ForecastStep[], now: Instant): ForecastStep | undefined {
  return steps.find(({ start, end }) => start <= now && now < end);
}

function forecastEnd({ fetchedAt }: ZoneReport, { hard }: SignalAges): Instant {
  return instant(fetchedAt + hard);
}

function earliest(edges: readonly (Instant | null)[]): Instant | null {
  const known = edges.filter((edge) => edge !== null);
  return known.length === 0 ? null : instant(Math.min(...known));
}

function isEmpty({ observed, forecast }: ZoneReport): boolean {
  return observed.length === 0 && forecast.length === 0;
}
