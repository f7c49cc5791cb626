import { z } from 'zod';
import type { ObservedStep } from '../../carbon/report.ts';
import type { ForecastStep } from '../../carbon/types.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { ProviderFailure } from '../failure.ts';
import { inOrder, notFromTheFuture, plausible } from '../plausible.ts';

/** NaN and infinity included, which PostgreSQL has too. */
const number = z.custom<number>((value) => typeof value === 'number', 'expected a number');
const RowOf = z.object({
  region: z.string(),
  start: number.transform(instant),
  value: number,
  estimated: z.boolean().nullable(),
  renewable: number.nullable(),
  forecast: z.boolean().nullable(),
});

/** A row with a value. */
export type Row = z.infer<typeof RowOf>;

/** The rows of a statement by region; those without a value are left out. */
export function rowsByRegion(rows: readonly unknown[]): ReadonlyMap<string, readonly Row[]> {
  const valued = rows.filter(
    (row) => !(typeof row === 'object' && row !== null && 'value' in row && row.value === null),
  );
  const parsed = z.array(RowOf).safeParse(valued);
  if (parsed.success) return Map.groupBy(parsed.data, ({ region }) => region);
  const [issue] = parsed.error.issues;
  throw new ProviderFailure('malformed', `the table's rows: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

/** What tells observed from foretold, and how long a row speaks for. */
export interface RowReading {
  readonly now: Instant;
  /** Whether the table says itself which rows are foretold; else those of the future are. */
  readonly flagged: boolean;
  /** Null: by the distance of the rows. */
  readonly step: Millis | null;
}

/** One region's rows. */
export interface RegionSteps {
  readonly observed: readonly ObservedStep[];
  readonly forecast: readonly ForecastStep[];
  /** Of the newest observed row, 0 to 100. */
  readonly renewablePct: number | null;
}

/** Of a single row, when nothing says how long it speaks for. */
const LONE_STEP = millis(3_600_000);
const SHORTEST_STEP = 60_000;
const LONGEST_STEP = 86_400_000;

/**
 * One region's rows, oldest first, as steps.
 * @throws ProviderFailure `implausible`, `clock-skew`, or `malformed` where rows of one moment disagree.
 */
export function regionSteps(rows: readonly Row[], { now, flagged, step }: RowReading): RegionSteps {
  const isForecast = ({ forecast, start }: Row): boolean => (flagged ? forecast === true : start > now);
  const foretold = oneEach(rows.filter(isForecast));
  const seen = oneEach(rows.filter((row) => !isForecast(row)));
  notFromTheFuture(seen, now);
  const lasting = (some: readonly Row[]): Millis => step ?? distance(some) ?? distance(rows) ?? LONE_STEP;
  const [seenStep, foretoldStep] = [lasting(seen), lasting(foretold)];
  const observed = seen.map((row): ObservedStep => ({ ...stepOf(row, seenStep), quality: qualityOf(row) }));
  return {
    observed: inOrder(observed),
    forecast: inOrder(foretold.map((row) => stepOf(row, foretoldStep))),
    renewablePct: share(seen.at(-1)?.renewable ?? null),
  };
}

function stepOf({ start, value }: Row, step: Millis): ForecastStep {
  return { start, end: instant(start + step), value: plausible(value) };
}

/** A table that does not say counts as measured. */
function qualityOf({ estimated }: Row): ObservedStep['quality'] {
  return estimated === true ? 'estimated' : 'measured';
}

/** One row a moment. */
function oneEach(rows: readonly Row[]): readonly Row[] {
  const each = new Map<Instant, Row>();
  for (const row of rows) {
    const other = each.get(row.start);
    if (other !== undefined && other.value !== row.value) {
      const when = new Date(row.start).toISOString();
      throw new ProviderFailure('malformed', `rows of ${when} disagree (${other.value}, ${row.value}): one is wanted`);
    }
    each.set(row.start, row);
  }
  return [...each.values()].sort((a, b) => a.start - b.start);
}

/** The moments' usual distance, the median; null for a single one. */
function distance(rows: readonly Row[]): Millis | null {
  const starts = [...new Set(rows.map(({ start }) => start))].sort((a, b) => a - b);
  const distances = starts.slice(1).map((start, index) => start - (starts[index] ?? start));
  const median = distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)];
  return median === undefined ? null : millis(Math.min(Math.max(median, SHORTEST_STEP), LONGEST_STEP));
}

function share(percent: number | null): number | null {
  if (percent === null || (percent >= 0 && percent <= 100)) return percent;
  throw new ProviderFailure('implausible', `a renewable share of ${percent} %`);
}
