import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Series } from '../../../../src/carbon/forecast/series.ts';
import type { Fitting } from '../../../../src/carbon/forecast/types.ts';
import type { ZoneReport } from '../../../../src/carbon/report.ts';
import { instant, millis, zone } from '../../../../src/carbon/units.ts';
import type { PastKey } from '../../../../src/sources/own-forecast/zone-forecast.ts';
import {
  DAY,
  HOUR,
  JANUARY,
  hoursOf,
  live,
  liveGrid,
  ownForecasts,
  profileFit,
  reportOf,
  trueValue,
} from '../../../support/own-forecast.ts';

describe('OwnForecasts', () => {
  describe('with a provider that has nothing but the latest value', () => {
    it('gives a forecast after 14 days, and not before', () => {
      const at = liveGrid();
      const reports = live(ownForecasts(at.clock), at, 30 * 24);

      const first = reports.findIndex(({ forecastBy }) => forecastBy === 'own');
      assert.equal(first, 14 * 24 - 1);
      assert.ok(
        reports.slice(0, first).every(({ forecast, forecastBy }) => forecast.length === 0 && forecastBy === null),
      );
      assert.ok(reports.slice(first).every(({ forecastBy }) => forecastBy === 'own'));
    });

    it('foretells a week from the running hour on, from what was observed', () => {
      const at = liveGrid();
      const report = live(ownForecasts(at.clock), at, 30 * 24).at(-1);

      assert.ok(report);
      assert.equal(report.forecast[0]?.start, report.fetchedAt);
      assert.equal(report.forecast.at(-1)?.end, report.fetchedAt + 7 * DAY);
      for (const { start, value } of report.forecast) assert.ok(Math.abs(value - trueValue(start / HOUR)) < 11);
    });

    it('fits a model as often as it is told, to the hours that are over', () => {
      const fits: Series[] = [];
      const at = liveGrid();
      live(ownForecasts(at.clock, { fit: profileFit(fits), refitEvery: millis(DAY) }), at, 17 * 24);

      assert.deepEqual(
        fits.map(({ values }) => values.length / 24),
        [14 - 1 / 24, 15 - 1 / 24, 16 - 1 / 24, 17 - 1 / 24],
      );
      assert.ok(fits.every(({ values }) => !values.includes(NaN)));
    });

    it('fits later, one zone in a turn', () => {
      const turns: (() => void)[] = [];
      const fits: Series[] = [];
      const at = liveGrid();
      const own = ownForecasts(at.clock, { fit: profileFit(fits), defer: (task) => turns.push(task) });
      let fitted = 0;
      own.onFitted(() => (fitted += 1));
      const enrich = own.enricher();
      const all = (): ZoneReport[] =>
        ['DE', 'FR', 'PL'].map((name) => {
          const observed = hoursOf(at.clock.now - 20 * DAY, at.clock.now);
          return enrich(reportOf(observed, at.clock.now, { zone: zone(name) }), at.source);
        });

      assert.ok(all().every(({ forecastBy }) => forecastBy === null));
      assert.equal(fits.length, 0);

      const done: number[] = [];
      for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
        assert.equal(turns.length, 0);
        turn();
        done.push(fitted);
      }
      assert.deepEqual(new Set(done), new Set([0, 1, 2, 3]));
      assert.ok(all().every(({ forecastBy }) => forecastBy === 'own'));
    });
  });

  describe('completing a report', () => {
    const now = instant(JANUARY + 60 * DAY);
    const past = hoursOf(JANUARY, now);
    const foretold = hoursOf(now, now + DAY).map(({ start, end, value }) => ({ start, end, value }));
    const cases: Record<string, { more: Partial<ZoneReport>; want: Partial<ZoneReport> }> = {
      'leaves the forecast of the provider': {
        more: { forecast: foretold, forecastBy: 'provider' },
        want: { forecast: foretold, forecastBy: 'provider', constant: false },
      },
      'leaves what a sandbox made up as it is': {
        more: { sandbox: true },
        want: { forecast: [], forecastBy: null, constant: null },
      },
      'says that a zone never varies': {
        more: { observed: past.map((step) => ({ ...step, value: trueValue(0) })) },
        want: { constant: true },
      },
      'believes a provider that says so itself': { more: { constant: true }, want: { constant: true } },
      'looks for variation in the last 14 days': {
        more: { observed: past.map((step) => (step.start < now - 14 * DAY ? step : { ...step, value: trueValue(0) })) },
        want: { constant: true },
      },
      'does not know whether a zone varies from less than a day': {
        more: { observed: past.slice(-23) },
        want: { constant: null, forecastBy: null },
      },
      'has nothing to say of a report without observation': {
        more: { observed: [] },
        want: { constant: null, forecastBy: null, forecast: [] },
      },
      'makes anew what was a forecast of our own': {
        more: { forecast: foretold, forecastBy: 'own' },
        want: { forecastBy: 'own', constant: false },
      },
    };
    for (const [name, { more, want }] of Object.entries(cases)) {
      it(name, () => {
        const at = liveGrid(now);
        const enriched = ownForecasts(at.clock).enricher()(reportOf(past, now, more), at.source);
        const again = ownForecasts(at.clock).enricher()(enriched, at.source);

        for (const report of [enriched, again]) assert.deepEqual({ ...report, ...want }, report);
      });
    }

    it('never mixes average and marginal values of one source', () => {
      const at = liveGrid(now);
      const enrich = ownForecasts(at.clock).enricher();
      enrich(reportOf(past, now), at.source);

      const marginal = enrich(reportOf(past.slice(-2), now, { kind: 'marginal' }), at.source);
      assert.deepEqual([marginal.forecastBy, marginal.constant], [null, null]);
    });
  });

  describe('looking ahead', () => {
    it('does not happen: a forecast depends on nothing that begins later', () => {
      const value = fc.integer({ min: 1, max: 900 });
      const hours = 20 * 24;
      const anyHours = fc.array(value, { minLength: hours, maxLength: hours });

      fc.assert(
        fc.property(anyHours, anyHours, fc.integer({ min: 15 * 24, max: hours - 1 }), (past, future, elapsed) => {
          const now = instant(JANUARY + elapsed * HOUR);
          const told = (values: readonly number[]): ZoneReport => {
            const at = liveGrid(now);
            const first = JANUARY / HOUR;
            const steps = hoursOf(JANUARY, JANUARY + values.length * HOUR, (hour) => values[hour - first] ?? 0);
            const enriched = ownForecasts(at.clock).enricher()(reportOf(steps, now), at.source);
            return { ...enriched, observed: [] };
          };
          const known = past.slice(0, elapsed + 1);
          const report = told(known);

          assert.equal(report.forecastBy, 'own');
          assert.deepEqual(told([...known, ...future]), report);
        }),
        { numRuns: 20 },
      );
    });
  });

  it('forgets a zone that nobody has told of for eight days', () => {
    const at = liveGrid();
    const own = ownForecasts(at.clock);
    live(own, at, 48);
    assert.equal(own.state().pasts.length, 1);

    at.clock.now = instant(at.clock.now + 9 * DAY);

    assert.equal(own.state().pasts.length, 0);
  });

  it('fits nothing after it was closed', () => {
    const turns: (() => void)[] = [];
    const fits: Series[] = [];
    const at = liveGrid(instant(JANUARY + 30 * DAY));
    const own = ownForecasts(at.clock, { fit: profileFit(fits), defer: (task) => turns.push(task) });
    own.enricher()(reportOf(hoursOf(JANUARY, at.clock.now), at.clock.now), at.source);
    own.close();
    for (const turn of turns) turn();

    assert.equal(fits.length, 0);
  });

  describe('where a model cannot be fitted', () => {
    const FIRST_STEP = (): Fitting => {
      throw new RangeError('singular');
    };
    const SECOND_STEP = function* (): Fitting {
      yield;
      throw new RangeError('singular');
    };
    for (const [what, broken] of Object.entries({ 'at once': FIRST_STEP, 'in a later step': SECOND_STEP })) {
      it(`goes on with the other zones, ${what}`, () => {
        const turns: (() => void)[] = [];
        const troubles: unknown[] = [];
        const at = liveGrid(instant(JANUARY + 30 * DAY));
        let fits = 0;
        const fit = (history: Series): Fitting => ((fits += 1) === 1 ? broken() : profileFit()(history));
        const onTrouble = ({ zone: name }: PastKey, error: unknown): number => troubles.push([name, String(error)]);
        const enrich = ownForecasts(at.clock, { fit, defer: (task) => turns.push(task), onTrouble }).enricher();
        const tell = (): (string | null)[] =>
          ['DE', 'FR'].map((name) => {
            const report = reportOf(hoursOf(JANUARY, at.clock.now), at.clock.now, { zone: zone(name) });
            return enrich(report, at.source).forecastBy;
          });

        tell();
        for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) turn();

        assert.deepEqual(tell(), [null, 'own']);
        assert.deepEqual(troubles, [['DE', 'RangeError: singular']]);
        assert.equal(fits, 2);
      });
    }
  });

  it('fits again at once when much more of the past is known', () => {
    const fits: Series[] = [];
    const at = liveGrid(instant(JANUARY + 60 * DAY));
    const { now } = at.clock;
    const enrich = ownForecasts(at.clock, { fit: profileFit(fits) }).enricher();
    const tell = (days: number): ZoneReport => enrich(reportOf(hoursOf(now - days * DAY, now), now), at.source);

    for (const days of [14, 15, 17, 50]) tell(days);

    assert.deepEqual(
      fits.map(({ values }) => values.length / 24),
      [14, 50],
    );
  });
});
