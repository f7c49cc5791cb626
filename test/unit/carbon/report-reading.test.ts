import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lastUse, readingAt, readingChange } from '../../../src/carbon/report-reading.ts';
import type { ZoneReport } from '../../../src/carbon/report.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import { instant, millis } from '../../../src/carbon/units.ts';
import { AGES, foretold, HOUR, MINUTE, minutes, observed, zoneReport } from '../../support/zone-reports.ts';
import { grams, NOW } from '../../support/world.ts';

const HOURLY = zoneReport({
  observed: [observed(-60, 0, 300), observed(0, 60, 310, { quality: 'estimated' })],
  forecast: [foretold(0, 60, 311), foretold(60, 120, 200), foretold(120, 180, 100)],
  renewablePct: 60,
  percentile: 12,
  fetchedAt: minutes(5),
});
const OBSERVED_ONLY = zoneReport({ observed: [observed(-60, 0, 300)], fetchedAt: minutes(5) });

describe('readingAt', () => {
  const cases: Record<string, { report: ZoneReport; at: number; value: number; quality: string; observedAt: number }> =
    {
      'is the observed step that covers the moment': {
        ...{ report: HOURLY, at: 10, value: 310, quality: 'estimated', observedAt: 0 },
      },
      'is that step from its first millisecond': {
        ...{ report: HOURLY, at: 0, value: 310, quality: 'estimated', observedAt: 0 },
      },
      'is the step before, one millisecond earlier': {
        ...{ report: HOURLY, at: -1 / MINUTE, value: 300, quality: 'measured', observedAt: -60 },
      },
      'is the forecast step where no observed one covers the moment': {
        ...{ report: HOURLY, at: 60, value: 200, quality: 'forecast', observedAt: 5 },
      },
      'is the newest observed step where the forecast is over': {
        ...{ report: HOURLY, at: 180, value: 310, quality: 'estimated', observedAt: 0 },
      },
      'is the newest observed step where there is no forecast': {
        ...{ report: OBSERVED_ONLY, at: 10, value: 300, quality: 'measured', observedAt: -60 },
      },
      'is that step to the last millisecond of its hard age': {
        ...{ report: OBSERVED_ONLY, at: 360 - 1 / MINUTE, value: 300, quality: 'measured', observedAt: -60 },
      },
      'is of a sandbox where the report is': {
        ...{ report: { ...HOURLY, sandbox: true }, at: 10, value: 310, quality: 'sandbox', observedAt: 0 },
      },
    };
  for (const [sentence, { report, at, value, quality, observedAt }] of Object.entries(cases)) {
    it(sentence, () => {
      const reading = readingAt(report, AGES, minutes(at));

      assert.equal(reading.state, 'known');
      assert.deepEqual(
        [reading.value, reading.quality, reading.observedAt],
        [grams(value), quality, minutes(observedAt)],
      );
    });
  }

  const unknowns: Record<string, { report: ZoneReport; at: number; want: string }> = {
    'is stale when the hard age is over': { report: OBSERVED_ONLY, at: 360, want: 'stale' },
    'is stale when the forecast is too old to be used': {
      report: zoneReport({ forecast: [foretold(0, 600, 100)] }),
      at: 360,
      want: 'stale',
    },
    'has no value where the report has none': { report: zoneReport(), at: 0, want: 'no-value' },
  };
  for (const [sentence, { report, at, want }] of Object.entries(unknowns)) {
    it(sentence, () => {
      assert.deepEqual(readingAt(report, AGES, minutes(at)), { state: 'unknown', reason: want });
    });
  }

  const freshness: Record<string, { report: ZoneReport; at: number; want: number }> = {
    'is fresh for the soft age after it was fetched': { report: HOURLY, at: 10, want: 65 },
    'is fresh for the soft age after its step ended, where that is earlier': {
      report: OBSERVED_ONLY,
      at: 10,
      want: 60,
    },
    'is fresh as a forecast for the soft age after it was fetched': { report: HOURLY, at: 60, want: 65 },
    'is as fresh as the data that our own forecast rests on': {
      report: { ...OBSERVED_ONLY, forecast: [foretold(0, 60, 100)], forecastBy: 'own' },
      at: 10,
      want: 60,
    },
  };
  for (const [sentence, { report, at, want }] of Object.entries(freshness)) {
    it(sentence, () => {
      const reading = readingAt(report, AGES, minutes(at));

      assert.equal(reading.state === 'known' && reading.freshUntil, minutes(want));
    });
  }

  it('tells renewable share and percentile only while it is fresh', () => {
    const told = (at: number): unknown[] => {
      const reading = readingAt(HOURLY, AGES, minutes(at));
      return reading.state === 'known' ? [reading.renewablePct, reading.percentile] : [];
    };

    assert.deepEqual(told(64), [60, 12]);
    assert.deepEqual(told(65), [null, null]);
  });

  it('gives the forecast of what follows its own step', () => {
    const starts = (at: number): unknown => {
      const reading = readingAt(HOURLY, AGES, minutes(at));
      return reading.state === 'known' && reading.forecast.map(({ start }) => (start - NOW) / MINUTE);
    };

    assert.deepEqual(starts(10), [60, 120]);
    assert.deepEqual(starts(60), [120]);
    assert.deepEqual(starts(120), []);
  });

  it('cuts a forecast step at the end of its own step', () => {
    const report = zoneReport({ observed: [observed(0, 30, 300)], forecast: [foretold(0, 60, 200)] });

    const reading = readingAt(report, AGES, minutes(10));

    assert.deepEqual(reading.state === 'known' && reading.forecast, [foretold(30, 60, 200)]);
  });
});

const step = fc.record({ gap: fc.integer({ min: 0, max: 90 }), length: fc.integer({ min: 1, max: 120 }) });

function laidOut(steps: readonly { gap: number; length: number }[], from: number): [number, number][] {
  let at = from;
  return steps.map(({ gap, length }) => {
    const start = at + gap;
    at = start + length;
    return [start, at];
  });
}

const anyReport = fc
  .record({
    past: fc.array(step, { maxLength: 6 }),
    future: fc.array(step, { maxLength: 6 }),
    from: fc.integer({ min: -600, max: 0 }),
    fetched: fc.integer({ min: -300, max: 60 }),
    own: fc.boolean(),
  })
  .map(({ past, future, from, fetched, own }) =>
    zoneReport({
      observed: laidOut(past, from).map(([start, end], i) => observed(start, end, 100 + i)),
      forecast: laidOut(future, from / 2).map(([start, end], i) => foretold(start, end, 200 + i)),
      forecastBy: own ? 'own' : 'provider',
      renewablePct: 50,
      fetchedAt: minutes(fetched),
    }),
  );
const anyAges = fc
  .tuple(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 0, max: 400 }))
  .map(([soft, more]) => ({ soft: millis(soft * MINUTE), hard: millis((soft + more) * MINUTE) }));
const anyMoment = fc.integer({ min: -600 * MINUTE, max: 900 * MINUTE }).map((ms): Instant => instant(NOW + ms));

describe('what a report says over time', () => {
  it('stays the same until it is said to change', () => {
    fc.assert(
      fc.property(
        anyReport,
        anyAges,
        anyMoment,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (report, ages, at, share) => {
          const change = readingChange(report, ages, at);
          const until = change ?? instant(at + 24 * HOUR);
          const between = instant(at + Math.floor((until - 1 - at) * share));

          assert.ok(until > at);
          assert.deepEqual(readingAt(report, ages, between), readingAt(report, ages, at));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is a value of one of its steps, or unknown', () => {
    fc.assert(
      fc.property(anyReport, anyAges, anyMoment, (report, ages, at) => {
        const reading = readingAt(report, ages, at);

        if (reading.state === 'unknown') return;
        const values = [...report.observed, ...report.forecast].map(({ value }) => value);
        assert.ok(values.includes(reading.value));
        assert.ok(reading.validUntil !== null && reading.validUntil > at);
      }),
    );
  });

  it('is unknown from its last use on', () => {
    fc.assert(
      fc.property(anyReport, anyAges, fc.nat(), (report, ages, after) => {
        assert.equal(readingAt(report, ages, instant(lastUse(report, ages) + after)).state, 'unknown');
      }),
    );
  });
});
