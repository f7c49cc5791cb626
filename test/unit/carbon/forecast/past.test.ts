import assert from 'node:assert/strict';
import { meanAnomaly, pastOf, slotsOf, slotsOfDay, typicalAnomaly } from '../../../../src/carbon/forecast/past.ts';
import { instant, millis } from '../../../../src/carbon/units.ts';

const HOUR = 3_600_000;
const fourHourly = (...values: number[]) => ({
  start: instant(0),
  step: millis(4 * HOUR),
  values: Float64Array.from(values),
});

describe('slotsOfDay', () => {
  const cases: Record<string, { step: number; want: number | null }> = {
    'counts hours': { step: HOUR, want: 24 },
    'counts five minutes': { step: HOUR / 12, want: 288 },
    'takes four hours': { step: 4 * HOUR, want: 6 },
    'refuses what does not divide a day': { step: 7 * 60_000, want: null },
    'refuses what does not tell a day apart': { step: 6 * HOUR, want: null },
  };
  for (const [name, { step, want }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(slotsOfDay(millis(step)), want);
    });
  }
});

describe('slotsOf', () => {
  it('is one slot at least', () => {
    assert.equal(slotsOf(0.5, { step: millis(HOUR) }), 1);
    assert.equal(slotsOf(3, { step: millis(HOUR / 2) }), 6);
  });
});

describe('pastOf', () => {
  it('weights each day by six sevenths of the day after it', () => {
    const { profile } = pastOf(fourHourly(70, 1, 1, 1, 1, 1, 140), 0, 7);

    assert.equal(profile[6], (70 * (6 / 7) + 140) / (6 / 7 + 1));
  });

  it('takes anomalies from the profile of the days before', () => {
    const past = pastOf(fourHourly(70, 1, 1, 1, 1, 1, 100), 0, 7);

    assert.equal(meanAnomaly(past, 7, 0, 1), 30);
    assert.equal(meanAnomaly(past, 6, 0, 6), 0);
    assert.equal(meanAnomaly(past, 7, 0, 6), 5);
  });

  it('lets an anomaly fade over a gap', () => {
    const past = pastOf(fourHourly(70, 70, 70, 70, 70, 70, 100, NaN, NaN), 0, 9);

    assert.ok(Math.abs(meanAnomaly(past, 9, 0, 1) - 30 * Math.exp(-8 / 12)) < 1e-9);
    assert.equal(past.profile[7], 70);
  });

  it('holds the profile over slots never seen', () => {
    assert.deepEqual([...pastOf(fourHourly(NaN, 5, NaN, 7), 0, 4).profile], [0, 5, 5, 7]);
  });

  it('knows nothing before the history begins', () => {
    const past = pastOf(fourHourly(5, 7), -3, 1);

    assert.equal(past.start, -3 * 4 * HOUR);
    assert.deepEqual([...past.values], [NaN, NaN, NaN, 5]);
  });
});

describe('typicalAnomaly', () => {
  it('is the root of the mean square', () => {
    assert.equal(typicalAnomaly(pastOf(fourHourly(1, 1, 1, 1, 1, 1, 4, 5), 0, 8), 6), Math.sqrt((9 + 16) / 2));
  });

  it('is one where nothing varies', () => {
    assert.equal(typicalAnomaly(pastOf(fourHourly(1, 1, 1, 1, 1, 1, 1), 0, 7), 6), 1);
  });
});
