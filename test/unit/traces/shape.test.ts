import assert from 'node:assert/strict';
import fc from 'fast-check';
import { traceCsv } from '../../../hack/traces/csv.ts';
import { demandAt, fossilIntensity, hourlyIntensity, sunAt } from '../../../hack/traces/grid.ts';
import { GRIDS } from '../../../hack/traces/zones.ts';
import type { GridShape } from '../../../hack/traces/zones.ts';

const HOUR = 3_600_000;
const DAYS = 28;
const START = Date.parse('2026-03-02T00:00:00Z');
const shipped = new Map(GRIDS.map((grid) => [grid.zone, hourlyIntensity(grid, 1, START, DAYS * 24)]));

function valuesOf(zone: string): readonly number[] {
  const values = shipped.get(zone);
  assert.ok(values !== undefined, zone);
  return values;
}

function grid(zone: string): GridShape {
  const found = GRIDS.find((one) => one.zone === zone);
  assert.ok(found !== undefined, zone);
  return found;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanAtUtcHours(zone: string, hours: readonly number[]): number {
  return mean(valuesOf(zone).filter((_, hour) => hours.includes(hour % 24)));
}

function leaders(zones: readonly string[]): readonly string[] {
  const ranked = Array.from({ length: DAYS * 24 }, (_, hour) =>
    zones.map((zone) => ({ zone, value: valuesOf(zone)[hour] ?? Infinity })).sort((a, b) => a.value - b.value),
  );
  return ranked.map(([best]) => best?.zone ?? '');
}

describe('the shipped days', () => {
  for (const { zone, annualMean } of GRIDS) {
    it(`have a mean within 15 % of the documented one in ${zone}`, () => {
      assert.ok(
        Math.abs(mean(valuesOf(zone)) / annualMean - 1) < 0.15,
        `${mean(valuesOf(zone))} against ${annualMean}`,
      );
    });
  }

  it('are clean in SE-SE3 and FR, dirty in IN-WE', () => {
    assert.ok(mean(valuesOf('SE-SE3')) < 50);
    assert.ok(mean(valuesOf('FR')) < 80);
    assert.ok(mean(valuesOf('IN-WE')) > 550);
  });

  it('dip at solar noon and peak in the evening in US-CAL-CISO, ES and AU-NSW', () => {
    // Noon and evening in UTC: longitudes 122 W, 4 W and 151 E.
    const cases = { 'US-CAL-CISO': [20, 3], ES: [12, 20], 'AU-NSW': [2, 9] } as const;
    for (const [zone, [noon, evening]] of Object.entries(cases)) {
      const atNoon = meanAtUtcHours(zone, [noon - 1, noon, noon + 1]);

      assert.ok(atNoon < 0.85 * mean(valuesOf(zone)), `${zone}: ${atNoon} at noon`);
      assert.ok(meanAtUtcHours(zone, [evening]) > 1.1 * mean(valuesOf(zone)), `${zone} in the evening`);
    }
  });

  it('are cleaner at weekends', () => {
    const weekend = valuesOf('US-MIDA-PJM').filter((_, hour) => Math.floor(hour / 24) % 7 >= 5);

    assert.ok(mean(weekend) < 0.97 * mean(valuesOf('US-MIDA-PJM')));
  });

  it('remember the weather: an hour resembles the one before, not the one of last week', () => {
    const values = valuesOf('GB');
    const apart = (hours: number) => mean(values.slice(hours).map((value, i) => Math.abs(value - (values[i] ?? 0))));

    assert.ok(apart(1) < 0.4 * apart(168), `${apart(1)} and ${apart(168)}`);
  });

  it('change the cleanest of DE, ES, GB and IE several times in the first two days', () => {
    const best = leaders(['DE', 'ES', 'GB', 'IE']).slice(0, 48);

    const changes = best.filter((zone, hour) => hour > 0 && zone !== best[hour - 1]).length;
    assert.ok(changes >= 4, `${changes} changes`);
  });

  it('turn the ranking of DE and ES over between day and night, by more than a tenth, on each of the first two days', () => {
    for (const day of [0, 1]) {
      const ratios = valuesOf('DE')
        .slice(day * 24, day * 24 + 24)
        .map((de, h) => de / (valuesOf('ES')[day * 24 + h] ?? NaN));

      assert.ok(Math.min(...ratios.slice(8, 14)) < 0.9, `day ${day}: DE is cleaner by day`);
      assert.ok(Math.max(...ratios.slice(15), ...ratios.slice(0, 8)) > 1.1, `day ${day}: ES is cleaner by night`);
    }
  });
});

describe('the generator', () => {
  it('gives no negative, missing or absurd value, whatever the seed and the day', () => {
    const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const days = fc.integer({ min: 0, max: 365 });

    fc.assert(
      fc.property(seeds, days, fc.constantFrom(...GRIDS), (seed, day, one) => {
        for (const value of hourlyIntensity(one, seed, START + day * 24 * HOUR, 48)) {
          assert.ok(value > 0 && value < 1000, `${one.zone}: ${value}`);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('writes the same bytes for the same request, others for another seed', () => {
    const request = { seed: 7, start: START, days: 2 };

    assert.equal(traceCsv(request), traceCsv(request));
    assert.notEqual(traceCsv(request), traceCsv({ ...request, seed: 8 }));
  });

  it('keeps the weather when the trace grows longer', () => {
    const short = traceCsv({ seed: 1, start: START, days: 1 });

    assert.ok(traceCsv({ seed: 1, start: START, days: 3 }).startsWith(short));
  });

  it('puts the sun where it stands: zenith at noon of an equatorial equinox, none at midnight', () => {
    const equator = { ...grid('ES'), latitude: 0, longitude: 0 };
    const noon = Date.parse('2026-03-22T12:00:00Z');

    assert.ok(sunAt(equator, noon) > 0.99);
    assert.equal(sunAt(equator, noon + 12 * HOUR), 0);
    assert.ok(
      sunAt(grid('SE-SE3'), Date.parse('2026-06-21T11:00:00Z')) >
        3 * sunAt(grid('SE-SE3'), Date.parse('2026-12-21T11:00:00Z')),
    );
  });

  it('knows the weekday by the clock on the wall there', () => {
    const sundayNight = Date.parse('2026-03-08T20:00:00Z');
    const fridayNight = Date.parse('2026-03-06T20:00:00Z');

    assert.ok(demandAt({ ...grid('IN-WE'), swing: 0 }, sundayNight) === 1, 'Monday already in India');
    assert.ok(demandAt({ ...grid('IN-WE'), swing: 0 }, fridayNight) < 1, 'Saturday already in India');
    assert.ok(demandAt({ ...grid('US-CAL-CISO'), swing: 0 }, fridayNight) === 1, 'Friday still in California');
  });

  it('needs fossil power no dirtier than coal to meet the documented means', () => {
    for (const one of GRIDS) assert.ok(fossilIntensity(one, START) < 1000, one.zone);
  });
});
