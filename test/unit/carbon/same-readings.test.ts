import assert from 'node:assert/strict';
import { sameReadings } from '../../../src/carbon/same-readings.ts';
import type { Reading } from '../../../src/carbon/types.ts';
import { instant, zone } from '../../../src/carbon/units.ts';
import { grams, known, NOW } from '../../support/world.ts';

const HOUR = 3_600_000;
const step = (value: number, low = 0) => ({
  ...{ start: NOW, end: instant(NOW + HOUR), value: grams(value), low: grams(low) },
});
const all = (...readings: Reading[]) => new Map(readings.map((reading, index) => [zone(`Z${index}`), reading]));

describe('sameReadings', () => {
  const forecast = { forecast: [step(1), step(2)] };
  const cases: Record<string, { one: Reading[]; other: Reading[]; same: boolean }> = {
    'finds equal values the same, whoever made them': { one: [known(1)], other: [known(1)], same: true },
    'finds equal forecasts the same': { one: [known(1, forecast)], other: [known(1, { ...forecast })], same: true },
    'tells values apart': { one: [known(1)], other: [known(2)], same: false },
    'tells apart until when they may be used': {
      one: [known(1)],
      other: [known(1, { validUntil: NOW })],
      same: false,
    },
    'tells sources apart': { one: [known(1)], other: [known(1, { source: 'another' })], same: false },
    'tells forecasts apart by a step': {
      one: [known(1, forecast)],
      other: [known(1, { forecast: [step(1), step(3)] })],
      same: false,
    },
    'tells forecasts apart by a bound': {
      one: [known(1, forecast)],
      other: [known(1, { forecast: [step(1), step(2, 1)] })],
      same: false,
    },
    'tells forecasts apart by their length': {
      one: [known(1, forecast)],
      other: [known(1, { forecast: [step(1)] })],
      same: false,
    },
    'tells a value from none': { one: [known(1)], other: [{ state: 'unknown', reason: 'stale' }], same: false },
    'tells reasons apart': {
      one: [{ state: 'unknown', reason: 'stale' }],
      other: [{ state: 'unknown', reason: 'no-value' }],
      same: false,
    },
    'misses a zone': { one: [known(1)], other: [known(1), known(1)], same: false },
  };
  for (const [behaviour, { one, other, same }] of Object.entries(cases)) {
    it(behaviour, () => {
      assert.equal(sameReadings(all(...one), all(...other)), same);
      assert.equal(sameReadings(all(...other), all(...one)), same);
    });
  }
});
