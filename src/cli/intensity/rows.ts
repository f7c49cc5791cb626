import { nextCleanWindow } from '../../carbon/clean-window.ts';
import type { CleanWindow } from '../../carbon/clean-window.ts';
import { unknown, usableReading } from '../../carbon/reading.ts';
import { isConstantZone } from '../../carbon/regions-table.ts';
import type { RegionsTable } from '../../carbon/regions-table.ts';
import type { ForecastStep, KnownReading, Reading, Signal, UnknownReason } from '../../carbon/types.ts';
import { millis } from '../../carbon/units.ts';
import type { GramsPerKwh, Instant, Millis } from '../../carbon/units.ts';
import { bandOf } from '../../policy/band-of.ts';
import type { Policy } from '../../policy/types.ts';
import type { Target } from './targets.ts';

/** What is told of one region or zone. */
export interface IntensityRow {
  readonly target: Target;
  readonly reading: Reading;
  /** Why decisions under the policy do not count with the value; null: they do. */
  readonly unusable: UnknownReason | null;
  /** Null: decisions do not count with the value, so that the policy's bands do not apply to it. */
  readonly band: string | null;
  /** Since the time the value is of; null where it is unknown. */
  readonly age: Millis | null;
  /** Whether it is kept only because nothing newer was to be had. */
  readonly kept: boolean;
  /** Whether its values never vary, so that waiting gains nothing. */
  readonly constant: boolean;
  readonly window: CleanWindow | null;
  /** Of each of the next 24 hours; null where nothing is foretold. */
  readonly hours: readonly (GramsPerKwh | null)[];
}

interface Scene {
  readonly signal: Signal;
  readonly policy: Policy;
  readonly table: RegionsTable;
}

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** What is told of each target, in order. */
export function rowsOf(targets: readonly Target[], scene: Scene): readonly IntensityRow[] {
  return targets.map((target) => rowOf(target, scene));
}

function rowOf(target: Target, scene: Scene): IntensityRow {
  const { signal, table } = scene;
  const reading = signal.zones.get(target.zone) ?? unknown('no-source');
  const estimate = isConstantZone(table, target.zone);
  if (reading.state === 'known') return knownRow({ target, reading, constant: reading.constant ?? estimate }, scene);
  const nothing = { band: null, age: null, kept: false, window: null, hours: [] };
  return { target, reading, unusable: reading.reason, constant: estimate, ...nothing };
}

interface KnownTarget {
  readonly target: Target;
  readonly reading: KnownReading;
  readonly constant: boolean;
}

function knownRow({ target, reading, constant }: KnownTarget, { signal, policy: { bands } }: Scene): IntensityRow {
  const { at } = signal;
  const usable = usableReading(signal, target.zone, at);
  const counts = usable.state === 'known';
  const steps = aheadOf(reading, at);
  return {
    ...{ target, reading, constant },
    unusable: counts ? null : usable.reason,
    band: counts ? bandOf(bands, reading.value) : null,
    age: millis(Math.max(0, at - reading.observedAt)),
    kept: reading.freshUntil !== null && at >= reading.freshUntil,
    window: constant ? null : nextCleanWindow(steps, counts ? (bands[0]?.below ?? null) : null, at),
    hours: steps.length === 0 ? [] : hourly(steps, at),
  };
}

/** The forecast, and before it what is known of the present. */
function aheadOf({ value, forecast }: KnownReading, now: Instant): readonly ForecastStep[] {
  const [first] = forecast;
  if (first === undefined || first.start <= now) return forecast;
  return [{ start: now, end: first.start, value }, ...forecast];
}

function hourly(steps: readonly ForecastStep[], now: Instant): readonly (GramsPerKwh | null)[] {
  return Array.from({ length: HOURS }, (_, hour) => {
    const from = now + hour * HOUR_MS;
    return meanWithin(steps, from, from + HOUR_MS);
  });
}

function meanWithin(steps: readonly ForecastStep[], from: number, to: number): GramsPerKwh | null {
  let [sum, length] = [0, 0];
  for (const step of steps) {
    const lasts = Math.min(step.end, to) - Math.max(step.start, from);
    if (lasts <= 0) continue;
    sum += step.value * lasts;
    length += lasts;
  }
  return length === 0 ? null : ((sum / length) as GramsPerKwh);
}
