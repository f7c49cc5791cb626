import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LONGEST_PAST } from '../../../../src/carbon/forecast/own.ts';
import type { ObservedStep } from '../../../../src/carbon/report.ts';
import { instant, millis } from '../../../../src/carbon/units.ts';
import type { GramsPerKwh } from '../../../../src/carbon/units.ts';
import { ZoneHistory, historyStep } from '../../../../src/sources/own-forecast/zone-history.ts';
import { DAY, HOUR, JANUARY, hoursOf } from '../../../support/own-forecast.ts';

const MINUTE = 60_000;

/** Minutes since the start of January, and what was observed. */
function steps(...rows: [from: number, to: number, value: number][]): ObservedStep[] {
  return rows.map(([from, to, value]) => ({
    start: instant(JANUARY + from * MINUTE),
    end: instant(JANUARY + to * MINUTE),
    value: value as GramsPerKwh,
    quality: 'measured',
  }));
}

function valuesOf(history: ZoneHistory, hours: number): number[] {
  const series = history.between(JANUARY, instant(JANUARY + hours * HOUR));
  assert.equal((series.start - JANUARY) / HOUR, 0);
  return [...series.values];
}

const LATER = instant(JANUARY + 30 * DAY);

describe('historyStep', () => {
  const cases: Record<string, { minutes: number; wantMinutes: number }> = {
    'is half an hour of five minutes': { minutes: 5, wantMinutes: 30 },
    'is half an hour of half hours': { minutes: 30, wantMinutes: 30 },
    'is an hour of hours': { minutes: 60, wantMinutes: 60 },
    'is an hour of days': { minutes: 1440, wantMinutes: 60 },
  };
  for (const [name, { minutes, wantMinutes }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(historyStep(steps([0, minutes, 1])) / MINUTE, wantMinutes);
    });
  }
});

describe('ZoneHistory', () => {
  it('keeps hours of several reports, a gap between them, to a tenth of a gram', () => {
    const history = new ZoneHistory(millis(HOUR));
    history.append(steps([0, 60, 100.04]), LATER);
    history.append(steps([120, 180, 200.06]), LATER);

    assert.deepEqual(valuesOf(history, 24), [100, NaN, 200.1]);
  });

  it('believes a revised value', () => {
    const history = new ZoneHistory(millis(HOUR));
    history.append(steps([0, 60, 100], [60, 120, 110], [120, 180, 120], [180, 240, 130]), LATER);
    history.append(steps([0, 60, 90], [180, 240, 125]), LATER);

    assert.deepEqual(valuesOf(history, 4), [90, 110, 120, 125]);
  });

  it('makes the mean of an hour from reports of five minutes each', () => {
    const history = new ZoneHistory(millis(HOUR));
    for (let minute = 0; minute < 60; minute += 5) history.append(steps([minute, minute + 5, minute]), LATER);

    assert.deepEqual(valuesOf(history, 1), [27.5]);
  });

  it('does not let a part of an hour replace what is known of all of it', () => {
    const history = new ZoneHistory(millis(HOUR));
    history.append(
      hoursOf(JANUARY, JANUARY + 10 * HOUR, () => 100),
      LATER,
    );
    history.append(steps([0, 5, 900]), LATER);

    assert.deepEqual(valuesOf(history, 2), [100, 100]);
  });

  it('knows nothing of what begins after now', () => {
    const history = new ZoneHistory(millis(HOUR));
    history.append(steps([0, 60, 100], [60, 120, 200], [61, 121, 300]), instant(JANUARY + HOUR));

    assert.deepEqual(valuesOf(history, 24), [100, 200]);
  });

  it('takes no step as reaching further than a day from now', () => {
    const history = new ZoneHistory(millis(HOUR));
    history.append(steps([0, 60 * 24 * 365, 100]), JANUARY);

    assert.equal(history.knownWithin(JANUARY, instant(JANUARY + 1000 * DAY)), DAY);
  });

  it('grows backwards, and keeps 400 days at most: the newest', () => {
    const history = new ZoneHistory(millis(HOUR));
    const now = instant(JANUARY + 500 * DAY);
    for (let day = 490; day >= 0; day -= 10) {
      history.append(hoursOf(JANUARY + day * DAY, JANUARY + (day + 10) * DAY), now);
    }
    const all = history.between(instant(0), instant(now + DAY));

    assert.equal(all.values.length * HOUR, LONGEST_PAST);
    assert.equal(all.start, JANUARY + 100 * DAY);
    assert.equal(history.knownWithin(instant(0), now), LONGEST_PAST);
  });

  it('forgets the oldest as time goes on, ten days at a time', () => {
    const history = new ZoneHistory(millis(HOUR));
    for (let day = 0; day < 900; day += 3) {
      history.append(hoursOf(JANUARY + day * DAY, JANUARY + day * DAY + HOUR), instant(JANUARY + (day + 1) * DAY));
    }

    const all = history.between(instant(0), instant(JANUARY + 1000 * DAY));
    assert.ok(all.values.length * HOUR > LONGEST_PAST - 10 * DAY);
    assert.ok(all.values.length * HOUR <= LONGEST_PAST + 10 * DAY);
  });

  it('fills from another what it does not know, and never replaces what it does', () => {
    const history = new ZoneHistory(millis(HOUR));
    history.append(steps([60, 120, 100]), LATER);
    history.fill({ start: JANUARY, step: millis(HOUR), values: Float64Array.of(1, 2, NaN, 4) });

    assert.deepEqual(valuesOf(history, 24), [1, 100, NaN, 4]);
  });

  it('lets anything observed replace the last slot of another, which may have been under way', () => {
    const history = new ZoneHistory(millis(HOUR));
    history.fill({ start: JANUARY, step: millis(HOUR), values: Float64Array.of(1, 2) });
    history.append(steps([0, 5, 50], [60, 65, 60]), LATER);

    assert.deepEqual(valuesOf(history, 2), [1, 60]);
  });

  it('fills nothing from slots of another length', () => {
    const history = new ZoneHistory(millis(HOUR));
    history.fill({ start: JANUARY, step: millis(HOUR / 2), values: Float64Array.of(1, 2) });

    assert.equal(history.between(instant(0), LATER).values.length, 0);
  });

  it('is the same whatever the order in which whole hours arrive', () => {
    const hours = fc.uniqueArray(fc.nat({ max: 24 * 40 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(hours, (hours) => {
        const tell = (order: readonly number[]): ZoneHistory => {
          const history = new ZoneHistory(millis(HOUR));
          for (const hour of order)
            history.append(steps([hour * 60, (hour + 1) * 60, hour]), instant(LATER + 30 * DAY));
          return history;
        };
        const all = (history: ZoneHistory) => history.between(instant(0), instant(LATER + 30 * DAY));

        assert.deepEqual(all(tell(hours)), all(tell(hours.toSorted((a, b) => a - b))));
      }),
    );
  });
});
