import assert from 'node:assert/strict';
import { ENOUGH_PAST } from '../../../../src/carbon/forecast/own.ts';
import { at } from '../../../../src/carbon/forecast/vectors.ts';
import { GRIDS, seed000 } from '../../../../src/simulation/scenario/seed-000.ts';
import { shuffled } from '../../../../src/simulation/scenario/shuffled.ts';
import type { JobKind } from '../../../../src/simulation/types.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FIRST = Date.parse('2026-01-01T00:00:00Z');
const MAX_DELAY: Readonly<Record<string, number>> = { urgent: 0, standard: HOUR, deferrable: 12 * HOUR };

function mean(values: Iterable<number>): number {
  const all = [...values];
  return all.reduce((sum, value) => sum + value, 0) / all.length;
}

/** Each hour's deviation from the mean of its hour of the day. */
function weatherOf(values: Float64Array): number[] {
  const hours = Array.from({ length: 24 }, (_, hour) => mean(values.filter((_value, i) => i % 24 === hour)));
  return Array.from(values, (value, i) => value - (hours[i % 24] ?? NaN));
}

describe('seed000', () => {
  const { jobs, intensity } = seed000(1);
  const kinds = Array.from(jobs.kind).flatMap((kind) => jobs.kinds[kind] ?? []);
  const counted = (is: (kind: JobKind) => boolean): number => kinds.filter(is).length;

  it('makes a thousand jobs over thirty days, sorted by arrival', () => {
    assert.equal(jobs.count, 1000);
    assert.equal(new Set(jobs.ids).size, 1000);
    assert.deepEqual([...jobs.arrival].sort(), [...jobs.arrival]);
    assert.ok(at(jobs.arrival, 0) >= FIRST && at(jobs.arrival, 999) < FIRST + 30 * DAY);
    assert.ok(at(jobs.arrival, 999) > FIRST + 29 * DAY);
  });

  it('mixes the classes 10 to 40 to 50, and lets three of ten jobs run in the European Union alone', () => {
    assert.deepEqual(
      ['urgent', 'standard', 'deferrable'].map((name) => counted(({ workClass }) => workClass === name)),
      [100, 400, 500],
    );
    assert.equal(
      counted(({ residency }) => residency === 'eu-strict'),
      300,
    );
    assert.equal(
      counted(({ residency }) => residency === 'global'),
      700,
    );
    assert.ok(counted(({ workClass, residency }) => workClass === 'deferrable' && residency === 'eu-strict') > 100);
  });

  it('lets them run half an hour to four hours and use 0.1 to 0.5 kWh', () => {
    assert.ok(jobs.duration.every((length) => length >= HOUR / 2 && length <= 4 * HOUR && length % 60_000 === 0));
    assert.ok(jobs.energy.every((kwh) => kwh >= 0.1 && kwh <= 0.5));
    assert.ok(Math.abs(mean(jobs.energy) - 0.3) < 0.02);
  });

  it('has as much of a past before them as the service needs for a forecast of its own', () => {
    assert.equal(intensity.start, FIRST - ENOUGH_PAST);
  });

  it('reaches past the end of the last job, however long that waits', () => {
    const end = intensity.start + intensity.count * intensity.step;
    const last = kinds.map(
      ({ workClass }, job) => at(jobs.arrival, job) + (MAX_DELAY[workClass] ?? NaN) + at(jobs.duration, job),
    );
    assert.ok(Math.max(...last) <= end);
  });

  for (const [index, grid] of GRIDS.entries()) {
    const { region, mean: wanted, low, high, clean } = grid;
    const values = intensity.columns[index] ?? new Float64Array();
    const range = high - low;

    it(`keeps ${region} in its range, and near its mean`, () => {
      assert.equal(values.length, 45 * 24);
      assert.ok(values.every((value) => value >= low && value <= high));
      assert.ok(Math.abs(mean(values) - wanted) < 0.08 * range, `${mean(values)}`);
      assert.ok(Math.max(...values) - Math.min(...values) > 0.85 * range);
    });

    it(`makes ${region} cleanest in its clean hours`, () => {
      const isClean = (_: number, i: number): boolean => i % 24 >= clean.from && i % 24 < clean.to;
      const dirty = mean(values.filter((value, i) => !isClean(value, i)));
      assert.ok(dirty - mean(values.filter(isClean)) > 0.35 * range);
    });

    it(`gives ${region} weather that lasts, and changes by at least 5 % of the range within the hour`, () => {
      const weather = weatherOf(values);
      const square = (all: readonly number[]): number => mean(all.map((value) => value * value));
      const memory = mean(weather.slice(1).map((value, i) => value * (weather[i] ?? NaN))) / square(weather);
      const innovations = weather.slice(1).map((value, i) => value - 0.9 * (weather[i] ?? NaN));
      assert.ok(memory > 0.8, `${memory}`);
      assert.ok(Math.sqrt(square(innovations)) >= 0.05 * range, `${Math.sqrt(square(innovations)) / range}`);
    });
  }

  it('makes the same of the same seed, and something else of another', () => {
    assert.deepEqual(seed000(1), { jobs, intensity });
    assert.notDeepEqual(seed000(2).intensity.columns, intensity.columns);
    assert.notDeepEqual(seed000(2).jobs.arrival, jobs.arrival);
  });
});

describe('shuffled', () => {
  it('keeps every value, in an order that chance draws', () => {
    const draws = [0.9, 0.1, 0.6, 0.3];
    assert.deepEqual(
      shuffled(['a', 'b', 'c', 'd'], () => draws.shift() ?? NaN),
      ['b', 'd', 'a', 'c'],
    );
  });

  it('gives each value each place equally often', () => {
    let state = 1;
    const uniform = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const places = [0, 0, 0];
    for (let i = 0; i < 6000; i += 1) {
      const place = shuffled([0, 1, 2], uniform).indexOf(0);
      places[place] = (places[place] ?? 0) + 1;
    }
    assert.ok(
      places.every((count) => Math.abs(count - 2000) < 150),
      places.join(),
    );
  });
});
