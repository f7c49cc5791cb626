import { resolveColumns } from '../../src/carbon/trace.ts';
import type { Replay, Trace, TraceClock, TraceForecast } from '../../src/carbon/trace.ts';
import { gramsPerKwh, instant, millis } from '../../src/carbon/units.ts';
import type { Instant } from '../../src/carbon/units.ts';

export const HOUR = 3_600_000;
/** When the traces of these builders begin. */
export const MARCH_2 = instant(Date.parse('2026-03-02T00:00:00Z'));
/** The wall time at which they are replayed. */
export const NOVEMBER = instant(Date.parse('2026-11-21T09:30:00Z'));

export function plus(from: Instant, ms: number): Instant {
  return instant(from + ms);
}

/** An hourly trace of these columns. */
export function trace(columns: Record<string, (number | null)[]>): Trace {
  const named = Object.entries(columns).map(([name, values]) => ({
    name,
    values: values.map((value) => (value === null ? null : gramsPerKwh(value))),
  }));
  return { columns: named, start: MARCH_2, step: millis(HOUR), count: named[0]?.values.length ?? 0 };
}

/** The trace replayed at wall speed, unless the clock says otherwise. */
export function replay(of: Trace, clock: Partial<TraceClock> = {}, forecast: TraceForecast = 'none'): Replay {
  const whole = { wallStart: NOVEMBER, traceStart: MARCH_2, speed: 1, ...clock };
  return { trace: of, columns: resolveColumns(of, new Map()), clock: whole, forecast };
}
