import type { ZoneReport } from '../../../carbon/report.ts';
import type { ForecastStep, KnownReading } from '../../../carbon/types.ts';
import { instant } from '../../../carbon/units.ts';
import type { GramsPerKwh, Instant, Zone } from '../../../carbon/units.ts';
import type { Policy } from '../../../policy/types.ts';
import type { IntensityRow } from '../rows.ts';
import type { Shown } from '../show.ts';

/** One zone's line. */
export interface PictureSeries {
  /** The regions that stand on the zone. */
  readonly name: string;
  /** Below the name: zone, value, and whatever differs between the lines. */
  readonly detail: string;
  readonly now: GramsPerKwh;
  readonly past: readonly ForecastStep[];
  readonly ahead: readonly ForecastStep[];
}

/** Everything that a chart shows. */
export interface Picture {
  readonly subtitle: string;
  readonly series: readonly PictureSeries[];
  /** The bound of the cleanest band, where decisions count with any of the values. */
  readonly threshold: { readonly name: string; readonly below: GramsPerKwh } | null;
  readonly from: Instant;
  readonly now: Instant;
  readonly to: Instant;
  /** What is not in the lines. */
  readonly notes: readonly string[];
}

const HOUR_MS = 3_600_000;
const LONGEST_PAST = 24 * HOUR_MS;
const LONGEST_FORECAST = 72 * HOUR_MS;
/** More lines cannot be told apart. */
const MOST_SERIES = 14;

/** What is to be drawn of one look at the sources. */
export function pictureOf({ rows, reports, signal }: Shown, policy: Policy): Picture {
  const zones = [...Map.groupBy(rows, ({ target }) => target.zone).values()].flatMap((same) => knownZone(same));
  const drawn = zones.slice(0, MOST_SERIES);
  const now = signal.at;
  const alike = new Set(drawn.map(kindWords)).size <= 1;
  const series = drawn.map((zone) => seriesOf(zone, { report: reportOf(zone, reports), now, alike }));
  const counted = rows.some(({ unusable }) => unusable === null);
  return {
    subtitle: subtitleOf(drawn, alike, now),
    series,
    threshold: counted ? thresholdOf(policy) : null,
    ...{ from: earliest(series, now), now, to: latest(series, now) },
    notes: [...missing(rows), ...(zones.length > drawn.length ? [leftOut(zones.slice(MOST_SERIES))] : [])],
  };
}

function thresholdOf({ bands }: Policy): Picture['threshold'] {
  const { name = '', below = null } = bands[0] ?? {};
  return below === null ? null : { name, below };
}

interface KnownZone {
  readonly zone: Zone;
  readonly names: readonly string[];
  readonly reading: KnownReading;
}

function knownZone(rows: readonly IntensityRow[]): readonly KnownZone[] {
  const [first] = rows;
  if (first?.reading.state !== 'known') return [];
  const { target, reading } = first;
  return [{ zone: target.zone, names: rows.map((row) => row.target.name), reading }];
}

interface SeriesContext {
  readonly report: ZoneReport | null;
  readonly now: Instant;
  /** Whether all lines are of one kind and factor. */
  readonly alike: boolean;
}

function seriesOf(known: KnownZone, { report, now, alike }: SeriesContext): PictureSeries {
  const { zone, names, reading } = known;
  const past = (report?.observed ?? []).filter(({ end, start }) => end > now - LONGEST_PAST && start <= now);
  const ahead = reading.forecast.filter(({ start }) => start < now + LONGEST_FORECAST);
  const [name] = names;
  const detail = [
    ...(names.length === 1 && name === (zone as string) ? [] : [zone]),
    `${alike ? 'now ' : ''}${Math.round(reading.value)}`,
    ...(alike ? [] : [kindWords(known)]),
  ];
  const present = presentOf(reading, past.at(-1)?.end ?? now, now);
  return {
    name: names.join(', '),
    detail: detail.join(' · '),
    now: reading.value,
    ...{ past, ahead: [...present, ...ahead] },
  };
}

/** From where the past ends to where the forecast begins, where nothing but the value of now is known. */
function presentOf({ value, forecast }: KnownReading, from: Instant, now: Instant): readonly ForecastStep[] {
  const [first] = forecast;
  return first !== undefined && from <= now && first.start > from ? [{ start: from, end: first.start, value }] : [];
}

function reportOf({ zone, reading }: KnownZone, reports: readonly ZoneReport[]): ZoneReport | null {
  const { source, kind, factor } = reading;
  const isOwn = (report: ZoneReport): boolean =>
    report.zone === zone && report.source === source && report.kind === kind && report.factor === factor;
  return reports.find(isOwn) ?? null;
}

function subtitleOf(zones: readonly KnownZone[], alike: boolean, now: Instant): string {
  const [first] = zones;
  const sources = [...new Set(zones.map(({ reading }) => reading.source))].join(', ');
  const by = [...new Set(zones.map(({ reading }) => reading.forecastBy).filter((maker) => maker !== null))];
  return [
    ...(alike && first !== undefined ? [kindWords(first)] : []),
    ...(sources === '' ? [] : [`source: ${sources}`]),
    by.length === 0 ? 'no forecast' : `forecast: ${by.map((maker) => MAKERS[maker]).join(', ')}`,
    `${new Date(now).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  ].join(' · ');
}

const MAKERS = { provider: "the provider's", own: 'our own', trace: "the trace's own future" } as const;

function kindWords({ reading }: KnownZone): string {
  return `${reading.kind}, ${reading.factor}`;
}

function missing(rows: readonly IntensityRow[]): readonly string[] {
  const unknown = rows.flatMap(({ target, reading }) =>
    reading.state === 'unknown' ? [`${target.name} (${reading.reason})`] : [],
  );
  return unknown.length === 0 ? [] : [`No value: ${unknown.join(', ')}`];
}

function leftOut(zones: readonly KnownZone[]): string {
  return `Not drawn, to keep lines apart: ${zones.flatMap(({ names }) => names).join(', ')}`;
}

function earliest(series: readonly PictureSeries[], now: Instant): Instant {
  const starts = series.flatMap(({ past, ahead }) => [past[0]?.start ?? now, ahead[0]?.start ?? now]);
  return instant(Math.max(now - LONGEST_PAST, Math.min(now, ...starts)));
}

function latest(series: readonly PictureSeries[], now: Instant): Instant {
  const ends = series.map(({ ahead }) => ahead.at(-1)?.end ?? now);
  return instant(Math.min(now + LONGEST_FORECAST, Math.max(now + HOUR_MS, ...ends)));
}
