import { z } from 'zod';
import type { ForecastStep } from '../../carbon/types.ts';
import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import { ProviderFailure } from '../failure.ts';
import { timeField } from '../http/fields.ts';
import { inOrder, plausible } from '../plausible.ts';

const MINUTE = 60_000;
/** WattTime's, of a row that gives no duration and has no row after it. */
const DEFAULT_DURATION = 5 * MINUTE;

/** The part of a ConfigMap that is read; further keys are let pass. */
const ConfigMap = z.object({
  data: z.record(z.string(), z.string()).nullish(),
  binaryData: z.record(z.string(), z.string()).nullish(),
});

/** What the exporter published. */
export interface Published {
  /** The list of rows, as JSON. */
  readonly text: string;
  /** The exporter's word on what went wrong; empty: nothing. */
  readonly message: string;
}

/**
 * The rows' text, out of `binaryData` (base64) or `data`; null where neither has the key.
 * @throws ProviderFailure `malformed`
 */
export function publishedIn(configMap: unknown, key: string): Published | null {
  const parsed = ConfigMap.safeParse(configMap);
  if (!parsed.success) throw new ProviderFailure('malformed', 'not a ConfigMap');
  const { data, binaryData } = parsed.data;
  const binary = binaryData?.[key];
  const text = binary === undefined ? data?.[key] : Buffer.from(binary, 'base64').toString();
  return text === undefined ? null : { text, message: data?.['message'] ?? '' };
}

/** `HH:MM:SS`, with days before and fractions behind, as .NET writes a TimeSpan. */
const timeSpan = z.string().transform((text, context): number => {
  const [, days = '0', hours, minutes, seconds] = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(text) ?? [];
  if (hours !== undefined)
    return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * MINUTE + Number(seconds) * 1000;
  context.addIssue({ code: 'custom', message: 'expected a duration such as 00:05:00' });
  return z.NEVER;
});

/** Minutes as a number, or a TimeSpan. */
const duration = z.union([z.number().transform((minutes) => minutes * MINUTE), timeSpan]);

/** A row as the Carbon Aware SDK's forecast has it; the exporter leaves out what is zero, so each field may be missing. */
const ForecastRow = z.object({
  location: z.string().optional(),
  timestamp: timeField,
  duration: duration.optional(),
  value: z.number().nullish(),
});
/** A row as the SDK's emissions have it. */
const EmissionsRow = z
  .object({
    location: z.string().optional(),
    time: timeField,
    duration: duration.optional(),
    rating: z.number().nullish(),
  })
  .transform(({ time, rating, ...rest }) => ({ ...rest, timestamp: time, value: rating }));

/** In whatever case the names of the fields are. */
const Rows = z.array(
  z
    .record(z.string(), z.unknown())
    .transform((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [lowered(name), value])))
    .pipe(z.union([ForecastRow, EmissionsRow], { error: 'expected timestamp and value, or Time and Rating' })),
);

function lowered(name: string): string {
  return name.toLowerCase();
}

/** One row with a value; null: how long it lasts is not said. */
export interface EmissionsRow {
  readonly location: string | null;
  readonly start: Instant;
  readonly lasts: number | null;
  readonly value: number;
}

/**
 * The rows that have a value: none at all may stand for zero, and -1 for none, so neither is one.
 * @throws ProviderFailure `malformed`
 */
export function emissionsRows(text: string): readonly EmissionsRow[] {
  const parsed = Rows.safeParse(jsonOf(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? 'the whole' : issue.path.join('.');
    throw new ProviderFailure('malformed', `not a list of emissions at ${where}: ${issue?.message ?? ''}`);
  }
  return parsed.data.flatMap(({ location = null, timestamp, duration: lasts = null, value }) =>
    value === undefined || value === null || value === -1 ? [] : [{ location, start: timestamp, lasts, value }],
  );
}

/**
 * Rows of one location as steps of a forecast.
 * @throws ProviderFailure `implausible`
 */
export function forecastSteps(rows: readonly EmissionsRow[]): readonly ForecastStep[] {
  const sorted = rows.toSorted((a, b) => a.start - b.start);
  const steps = sorted.map(({ start, lasts, value }, index): ForecastStep => {
    const untilNext = (sorted[index + 1]?.start ?? start + DEFAULT_DURATION) - start;
    return { start, end: instant(start + (lasts ?? untilNext)), value: plausible(value) };
  });
  return inOrder(steps);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProviderFailure('malformed', `${text.length} characters that are not JSON`);
  }
}
