import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  conflictMessage,
  isTraceSpeed,
  nextBoundary,
  readingsAt,
  resolveColumns,
  stepAt,
  traceTime,
  wallTime,
} from '../../../src/carbon/trace.ts';
import type { TraceClock } from '../../../src/carbon/trace.ts';
import { instant, region, zone } from '../../../src/carbon/units.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import { HOUR, MARCH_2, NOVEMBER, plus, replay, trace } from '../../support/traces.ts';

const anyClock = fc.record({
  wallStart: fc.integer({ min: MARCH_2, max: NOVEMBER }).map(instant),
  traceStart: fc.integer({ min: MARCH_2 - 48 * HOUR, max: MARCH_2 + 48 * HOUR }).map(instant),
  speed: fc.oneof(
    fc.constantFrom(0.001, 0.1, 1 / 3, 1, 60, 3600, 1_000_000),
    fc.double({ min: 0.001, max: 1e6, noNaN: true }),
  ),
});

describe('stepAt', () => {
  const two = trace({ DE: [1, 2] });
  const cases: Record<string, { ms: number; want: number | 'before' | 'after' }> = {
    'is before, one millisecond early': { ms: -1, want: 'before' },
    'is the first step at the start': { ms: 0, want: 0 },
    'is the first step to its last millisecond': { ms: HOUR - 1, want: 0 },
    'is the second step from the boundary': { ms: HOUR, want: 1 },
    'is the last step to the last millisecond': { ms: 2 * HOUR - 1, want: 1 },
    'is after, at the end': { ms: 2 * HOUR, want: 'after' },
  };

  for (const [name, { ms, want }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(stepAt(two, plus(MARCH_2, ms)), want);
    });
  }
});

describe('resolveColumns', () => {
  const regions = new Map([
    [region('eu-central-1'), { zone: zone('DE') }],
    [region('europe-west3'), { zone: zone('DE') }],
    [region('eu-west-1'), { zone: zone('IE') }],
  ]);

  it('takes a region for its zone, and any other name for a zone', () => {
    const { columnByZone, conflicts } = resolveColumns(trace({ 'eu-west-1': [1], FR: [2] }), regions);

    assert.deepEqual(
      [...columnByZone].map(([name, column]) => [name, column.name]),
      [
        ['IE', 'eu-west-1'],
        ['FR', 'FR'],
      ],
    );
    assert.equal(conflicts.size, 0);
  });

  it('accepts columns of one zone that agree in every row, empty cells included', () => {
    const { columnByZone, conflicts } = resolveColumns(trace({ 'eu-central-1': [1, null], DE: [1, null] }), regions);

    assert.equal(columnByZone.get(zone('DE'))?.name, 'eu-central-1');
    assert.equal(conflicts.size, 0);
  });

  const disagreements: Record<string, { columns: Record<string, (number | null)[]>; wantHour: number }> = {
    'in a value': { columns: { 'eu-central-1': [1, 2, 3], 'europe-west3': [1, 2, 4] }, wantHour: 2 },
    'by an empty cell': { columns: { 'eu-central-1': [1, 2], 'europe-west3': [1, null] }, wantHour: 1 },
    'in several columns: the first two are named': {
      columns: { 'eu-central-1': [1, 2], 'europe-west3': [2, 2], DE: [1, 2] },
      wantHour: 0,
    },
    'in several columns that all disagree with the first': {
      columns: { 'eu-central-1': [1, 2], 'europe-west3': [1, 3], DE: [2, 2] },
      wantHour: 1,
    },
  };
  for (const [name, { columns, wantHour }] of Object.entries(disagreements)) {
    it(`reports columns of one zone that disagree ${name}`, () => {
      const { columnByZone, conflicts } = resolveColumns(trace(columns), regions);

      const want = { zone: 'DE', first: 'eu-central-1', second: 'europe-west3', at: MARCH_2 + wantHour * HOUR };
      assert.deepEqual([...conflicts.values()], [want]);
      assert.equal(columnByZone.size, 0);
    });
  }

  it('says which columns disagree, where, and what to do', () => {
    const { conflicts } = resolveColumns(trace({ 'eu-central-1': [1, 2], DE: [1, 3] }), regions);

    assert.deepEqual([...conflicts.values()].map(conflictMessage), [
      'columns eu-central-1 and DE both stand for zone DE and differ first at 2026-03-02T01:00:00.000Z: ' +
        'make them equal in every row, or leave one out',
    ]);
  });
});

describe('the trace clock', () => {
  const clock: TraceClock = { wallStart: NOVEMBER, traceStart: MARCH_2, speed: 60 };

  it('stands at the trace start when the service starts, and runs at its speed', () => {
    assert.equal(traceTime(clock, NOVEMBER), MARCH_2);
    assert.equal(traceTime(clock, plus(NOVEMBER, 60_000)), MARCH_2 + HOUR);
    assert.equal(wallTime(clock, plus(MARCH_2, HOUR)), NOVEMBER + 60_000);
  });

  it('reaches times before the start, too', () => {
    assert.equal(wallTime(clock, plus(MARCH_2, -HOUR)), NOVEMBER - 60_000);
  });

  it('gives the first whole millisecond at which a moment is reached, whatever the rounding', () => {
    const moment = fc.integer({ min: MARCH_2, max: MARCH_2 + 28 * 24 * HOUR }).map(instant);

    fc.assert(
      fc.property(anyClock, moment, (any, moment) => {
        const wall = wallTime(any, moment);

        assert.ok(Number.isSafeInteger(wall));
        assert.ok(traceTime(any, wall) >= moment);
        assert.ok(traceTime(any, plus(wall, -1)) < moment);
      }),
    );
  });

  it('accepts speeds from 0.001 to a million', () => {
    const speeds = [-1, 0, 0.0009, 0.001, 1, 1_000_000, 1_000_001, Infinity, NaN];

    assert.deepEqual(speeds.filter(isTraceSpeed), [0.001, 1, 1_000_000]);
  });
});

describe('nextBoundary', () => {
  const two = trace({ DE: [1, 2] });
  const clock: TraceClock = { wallStart: NOVEMBER, traceStart: MARCH_2, speed: 60 };
  const cases: Record<string, { ms: number; want: number | null }> = {
    'is the start, before it': { ms: -1, want: 0 },
    'is the next step, from the start of one': { ms: 0, want: 60_000 },
    'is the next step, to the last millisecond of one': { ms: 59_999, want: 60_000 },
    'is the end, in the last step': { ms: 60_000, want: 120_000 },
    'is the end, one millisecond before it': { ms: 119_999, want: 120_000 },
    'is none from the end on': { ms: 120_000, want: null },
  };

  for (const [name, { ms, want }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(nextBoundary(two, clock, plus(NOVEMBER, ms)), want === null ? null : NOVEMBER + want);
    });
  }

  it('is later than now, and the readings change there and not a millisecond before', () => {
    const elapsed = fc.integer({ min: -10 * HOUR, max: 10 * HOUR });
    const long = trace({ DE: Array.from({ length: 96 }, (_, i) => i) });

    fc.assert(
      fc.property(anyClock, elapsed, (any, elapsed) => {
        const now = plus(any.wallStart, elapsed);
        const next = nextBoundary(long, any, now);
        if (next === null) return;

        const step = (wall: Instant) => stepAt(long, traceTime(any, wall));
        assert.ok(next > now);
        assert.equal(step(plus(next, -1)), step(now));
        assert.notEqual(step(next), step(now));
      }),
    );
  });
});

describe('readingsAt', () => {
  const day = trace({ DE: [300, null, 320], FR: [50, 51, 52] });
  const cases: Record<string, { ms: number; wantDe: unknown; wantFr: unknown }> = {
    'knows nothing before the first row': { ms: -1, wantDe: 'not-started', wantFr: 'not-started' },
    'gives the first row from its start': { ms: 0, wantDe: 300, wantFr: 50 },
    'gives the first row to its last millisecond': { ms: HOUR - 1, wantDe: 300, wantFr: 50 },
    'has no value where the cell is empty': { ms: HOUR, wantDe: 'no-value', wantFr: 51 },
    'gives the last row to its last millisecond': { ms: 3 * HOUR - 1, wantDe: 320, wantFr: 52 },
    'knows nothing after the last step': { ms: 3 * HOUR, wantDe: 'trace-ended', wantFr: 'trace-ended' },
  };

  for (const [name, { ms, wantDe, wantFr }] of Object.entries(cases)) {
    it(name, () => {
      const readings = readingsAt(replay(day), plus(NOVEMBER, ms));

      const shown = [...readings].map(([name, r]) => [name, r.state === 'known' ? r.value : r.reason]);
      assert.deepEqual(shown, [
        ['DE', wantDe],
        ['FR', wantFr],
      ]);
    });
  }

  it('describes a known value whole, in wall time', () => {
    const readings = readingsAt(replay(day, { speed: 60 }), plus(NOVEMBER, 61_000));

    assert.deepEqual(readings.get(zone('FR')), {
      state: 'known',
      value: 51,
      kind: 'average',
      factor: 'lifecycle',
      source: 'trace',
      quality: 'replayed',
      observedAt: NOVEMBER + 60_000,
      validUntil: NOVEMBER + 120_000,
      freshUntil: null,
      forecast: [],
      forecastBy: null,
      renewablePct: null,
      percentile: null,
      constant: null,
    });
  });

  it('knows nothing of a zone whose columns disagree, whatever the time', () => {
    const of = trace({ a: [1, 2], b: [1, 3] });
    const table = new Map([region('a'), region('b')].map((name) => [name, { zone: zone('Z') }]));
    const conflicting = { ...replay(of), columns: resolveColumns(of, table) };

    for (const ms of [-1, 0, 2 * HOUR]) {
      const readings = readingsAt(conflicting, plus(NOVEMBER, ms));
      assert.deepEqual([...readings], [['Z', { state: 'unknown', reason: 'conflicting-columns' }]]);
    }
  });

  it('equals the row of its instant, at every speed', () => {
    const values = fc.array(fc.option(fc.integer({ min: 0, max: 900 })), { minLength: 1, maxLength: 60 });
    const elapsed = fc.integer({ min: -10 * HOUR, max: 10 * HOUR });

    fc.assert(
      fc.property(anyClock, values, elapsed, (any, values, elapsed) => {
        const wall = plus(any.wallStart, elapsed);
        const reading = readingsAt(replay(trace({ DE: values }), any), wall).get(zone('DE'));

        const row = values[Math.floor((traceTime(any, wall) - MARCH_2) / HOUR)] ?? null;
        assert.equal(reading?.state === 'known' ? reading.value : null, row);
        if (reading?.state !== 'known') return;
        assert.ok(reading.observedAt <= wall && wall < (reading.validUntil ?? 0));
      }),
    );
  });
});
