import { unknown } from './reading.ts';
import type { ForecastStep, KnownReading, Reading } from './types.ts';
import { instant } from './units.ts';
import type { GramsPerKwh, Instant, Millis, Region, Zone } from './units.ts';

/** One column of a trace: its name as written, and a value for each step; null where the cell is empty. */
export interface TraceColumn {
  readonly name: string;
  readonly values: readonly (GramsPerKwh | null)[];
}

/** A recorded or generated intensity: step i is [start + i·step, start + (i+1)·step). */
export interface Trace {
  readonly columns: readonly TraceColumn[];
  readonly start: Instant;
  readonly step: Millis;
  readonly count: number;
}

/** Two columns that stand for one zone and disagree, first at the trace's time `at`. */
export interface ColumnConflict {
  readonly zone: Zone;
  readonly first: string;
  readonly second: string;
  readonly at: Instant;
}

/** Which column of a trace answers for which zone. A zone is in one of the two maps, never in both. */
export interface TraceColumns {
  readonly columnByZone: ReadonlyMap<Zone, TraceColumn>;
  readonly conflicts: ReadonlyMap<Zone, ColumnConflict>;
}

/** Lays a trace's time on the wall clock: at `wallStart` (whole milliseconds) it is `traceStart` in the trace. */
export interface TraceClock {
  readonly wallStart: Instant;
  readonly traceStart: Instant;
  /** Trace time per wall time: 60 replays an hour in a minute. */
  readonly speed: number;
}

/** Foretells a trace: the steps after the given one, in the trace's time; null: too little of it is over. */
export interface TraceForecaster {
  following(column: TraceColumn, step: number): readonly ForecastStep[] | null;
}

/** What a trace says of the future: nothing, its own next steps, or what can be told of them from those before. */
export type TraceForecast = 'none' | 'perfect' | TraceForecaster;

/** Everything that is needed to replay a trace. */
export interface Replay {
  readonly trace: Trace;
  readonly columns: TraceColumns;
  readonly clock: TraceClock;
  readonly forecast: TraceForecast;
}

/** How far a perfect forecast looks ahead, in the trace's time. */
const HORIZON_MS = 7 * 24 * 3_600_000;
const NO_FUTURE: Future = Object.freeze({ forecast: Object.freeze([]), forecastBy: null });
/** Slower, and the doubles that hold an instant cannot tell milliseconds apart; faster, and days pass within one. */
const SLOWEST = 0.001;
const FASTEST = 1_000_000;

/** Whether a trace can be replayed at this speed: 0.001 to 1,000,000. */
export function isTraceSpeed(speed: number): boolean {
  return speed >= SLOWEST && speed <= FASTEST;
}

/** The step that covers a moment of the trace's time. */
export function stepAt(trace: Trace, at: Instant): number | 'before' | 'after' {
  if (at < trace.start) return 'before';
  const index = Math.floor((at - trace.start) / trace.step);
  return index < trace.count ? index : 'after';
}

/**
 * Finds each zone's column. A column named like a region of the table stands for that region's zone; any other name is
 * itself a zone. Columns of one zone must agree in every row, empty cells included: which one to believe is not ours to say.
 */
export function resolveColumns(trace: Trace, regions: ReadonlyMap<Region, { readonly zone: Zone }>): TraceColumns {
  const columnByZone = new Map<Zone, TraceColumn>();
  const conflicts = new Map<Zone, ColumnConflict>();
  for (const column of trace.columns) {
    const zone = regions.get(column.name as Region)?.zone ?? (column.name as Zone);
    const first = columnByZone.get(zone) ?? column;
    const row = first.values.findIndex((value, index) => value !== column.values[index]);
    if (row < 0) columnByZone.set(zone, first);
    else if (!conflicts.has(zone)) {
      conflicts.set(zone, { zone, first: first.name, second: column.name, at: startOf(trace, row) });
    }
  }
  for (const zone of conflicts.keys()) columnByZone.delete(zone);
  return { columnByZone, conflicts };
}

/** One line for a person: which columns disagree, where, and what to do. */
export function conflictMessage(conflict: ColumnConflict): string {
  const at = new Date(conflict.at).toISOString();
  return (
    `columns ${conflict.first} and ${conflict.second} both stand for zone ${conflict.zone} and differ first at ${at}: ` +
    'make them equal in every row, or leave one out'
  );
}

/** The trace's time at a moment of the wall clock. */
export function traceTime(clock: TraceClock, wall: Instant): Instant {
  return instant(clock.traceStart + (wall - clock.wallStart) * clock.speed);
}

/**
 * The first whole millisecond of the wall clock at which the trace has reached a moment. Rounding is corrected, so that
 * a step's first and last millisecond are the same whether they are asked by wall time or by trace time.
 */
export function wallTime(clock: TraceClock, at: Instant): Instant {
  let wall = instant(clock.wallStart + Math.ceil((at - clock.traceStart) / clock.speed));
  while (traceTime(clock, wall) < at) wall = instant(wall + 1);
  while (traceTime(clock, instant(wall - 1)) >= at) wall = instant(wall - 1);
  return wall;
}

/** When the readings change next, in wall time: the next step's start, the trace's start or its end; null after the end. */
export function nextBoundary(trace: Trace, clock: TraceClock, wall: Instant): Instant | null {
  const step = stepAt(trace, traceTime(clock, wall));
  if (step === 'after') return null;
  return wallTime(clock, startOf(trace, step === 'before' ? 0 : step + 1));
}

/** The reading of each zone that the trace names, at a moment of the wall clock. */
export function readingsAt(replay: Replay, wall: Instant): ReadonlyMap<Zone, Reading> {
  const step = stepAt(replay.trace, traceTime(replay.clock, wall));
  const readings = new Map<Zone, Reading>();
  for (const [zone, column] of replay.columns.columnByZone) readings.set(zone, readingOf(replay, column, step));
  for (const zone of replay.columns.conflicts.keys()) readings.set(zone, unknown('conflicting-columns'));
  return readings;
}

function readingOf(replay: Replay, column: TraceColumn, step: number | 'before' | 'after'): Reading {
  if (step === 'before') return unknown('not-started');
  if (step === 'after') return unknown('trace-ended');
  const value = column.values[step] ?? null;
  return value === null ? unknown('no-value') : known(replay, column, step, value);
}

function known(replay: Replay, column: TraceColumn, step: number, value: GramsPerKwh): KnownReading {
  const { trace, clock } = replay;
  // Placement never asks for the future: the forecast is made when somebody does, once.
  let future: Future | null = null;
  const asked = (): Future => (future ??= futureOf(replay, column, step + 1));
  return {
    state: 'known',
    value,
    kind: 'average',
    factor: 'lifecycle',
    source: 'trace',
    quality: 'replayed',
    observedAt: wallTime(clock, startOf(trace, step)),
    validUntil: wallTime(clock, startOf(trace, step + 1)),
    freshUntil: null,
    get forecast() {
      return asked().forecast;
    },
    get forecastBy() {
      return asked().forecastBy;
    },
    renewablePct: null,
    percentile: null,
    constant: null,
  };
}

/** What a reading says of the time after it, in wall time. */
type Future = Pick<KnownReading, 'forecast' | 'forecastBy'>;

function futureOf(replay: Replay, column: TraceColumn, from: number): Future {
  if (replay.forecast === 'none') return NO_FUTURE;
  if (replay.forecast === 'perfect') return { forecast: following(replay, column, from), forecastBy: 'trace' };
  const foretold = replay.forecast.following(column, from - 1);
  return foretold === null ? NO_FUTURE : { forecast: onTheWall(foretold, replay.clock), forecastBy: 'own' };
}

function onTheWall(steps: readonly ForecastStep[], clock: TraceClock): readonly ForecastStep[] {
  return steps
    .map((step) => ({ ...step, start: wallTime(clock, step.start), end: wallTime(clock, step.end) }))
    .filter(({ start, end }) => end > start);
}

/** The steps from `from` on, in wall time; a step without a value is left out, never guessed. */
function following({ trace, clock }: Replay, column: TraceColumn, from: number): readonly ForecastStep[] {
  const end = Math.min(trace.count, from + Math.floor(HORIZON_MS / trace.step));
  const steps: ForecastStep[] = [];
  let start = wallTime(clock, startOf(trace, from));
  for (let i = from; i < end; i += 1) {
    const stepEnd = wallTime(clock, startOf(trace, i + 1));
    const value = column.values[i] ?? null;
    // At high speed a step may pass between two milliseconds: it has no length to be chosen for.
    if (value !== null && stepEnd > start) steps.push({ start, end: stepEnd, value });
    start = stepEnd;
  }
  return steps;
}

function startOf(trace: Trace, step: number): Instant {
  return instant(trace.start + step * trace.step);
}
