import assert from 'node:assert/strict';
import type { Series } from '../../../../src/carbon/forecast/series.ts';
import type { ZoneReport } from '../../../../src/carbon/report.ts';
import { instant, millis, zone } from '../../../../src/carbon/units.ts';
import type { OwnForecasts } from '../../../../src/sources/own-forecast/own-forecasts.ts';
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
import type { LiveGrid } from '../../../support/own-forecast.ts';

describe('OwnForecasts handed over', () => {
  const enrichNow = (own: OwnForecasts, at: LiveGrid): ZoneReport =>
    own.enricher()(reportOf(hoursOf(at.clock.now, at.clock.now + HOUR), at.clock.now), at.source);

  it('lets the next leader issue the same forecast, with the model of the same moment', () => {
    const at = liveGrid();
    const [fitsBefore, fitsAfter]: [Series[], Series[]] = [[], []];
    const before = ownForecasts(at.clock, { fit: profileFit(fitsBefore) });
    live(before, at, 30 * 24 + 5);
    const after = ownForecasts(at.clock, { fit: profileFit(fitsAfter) });
    after.adopt(structuredClone(before.state()));

    assert.deepEqual(fitsAfter, fitsBefore.slice(-1));
    const [want, got] = [enrichNow(before, at), enrichNow(after, at)];
    assert.equal(got.forecastBy, 'own');
    assert.deepEqual(got, want);
  });

  it('hands on 60 days where they are needed', () => {
    const at = liveGrid();
    const own = ownForecasts(at.clock);
    live(own, at, 100 * 24);

    const [past] = own.state().pasts;
    assert.deepEqual(
      [past?.tenths.length, past?.tenths.at(-1)],
      [60 * 24, Math.round(10 * trueValue(at.clock.now / HOUR - 1))],
    );
    assert.ok(JSON.stringify(past).length < 60 * 24 * 6);
  });

  it('hands on enough to know whether a zone varies where its provider has a forecast', () => {
    const at = liveGrid(instant(JANUARY + 60 * DAY));
    const own = ownForecasts(at.clock);
    const { now } = at.clock;
    own.enricher()(reportOf(hoursOf(JANUARY, now), now, { forecastBy: 'provider' }), at.source);

    assert.deepEqual(
      own.state().pasts.map(({ tenths, fittedTo }) => [tenths.length, fittedTo]),
      [[14 * 24, null]],
    );
  });

  it('adds to what is known, and changes none of it', () => {
    const at = liveGrid(instant(JANUARY + 30 * DAY));
    const { now } = at.clock;
    const [elsewhere, here] = [ownForecasts(at.clock), ownForecasts(at.clock)];
    elsewhere.enricher()(
      reportOf(
        hoursOf(JANUARY, now, () => 100),
        now,
      ),
      at.source,
    );
    here.enricher()(
      reportOf(
        hoursOf(now - DAY, now, () => 500),
        now,
      ),
      at.source,
    );
    here.adopt(elsewhere.state());

    const [past] = here.state().pasts;
    assert.deepEqual(past?.tenths, [...Array<number>(29 * 24).fill(1000), ...Array<number>(24).fill(5000)]);
    assert.notEqual(past.fittedTo, null);
  });

  it('fits nothing again where nothing is newer', () => {
    const at = liveGrid();
    const fits: Series[] = [];
    const own = ownForecasts(at.clock, { fit: profileFit(fits) });
    live(own, at, 15 * 24);
    const count = fits.length;
    own.adopt(own.state());

    assert.equal(fits.length, count);
  });

  it('believes nothing of another replica whose clock is ahead that begins later than now', () => {
    const forecastOf = (until: number): ZoneReport['forecast'] => {
      const at = liveGrid(instant(JANUARY + 40 * DAY));
      const { now } = at.clock;
      const own = ownForecasts(at.clock);
      const tenths = Array.from({ length: (until - JANUARY) / HOUR }, (_, i) => (i * HOUR <= 40 * DAY ? i : 9999));
      const key = { source: 'grid', zone: zone('DE'), kind: 'average', factor: 'lifecycle' } as const;
      const past = { ...key, start: JANUARY, step: millis(HOUR), tenths, fittedTo: instant(now - DAY) };
      own.adopt({ takenAt: now, pasts: [past] });
      return own.enricher()(reportOf([], now), at.source).forecast;
    };
    const want = forecastOf(JANUARY + 40 * DAY + HOUR);

    assert.equal(want.length, 7 * 24);
    assert.deepEqual(forecastOf(JANUARY + 45 * DAY), want);
  });
});
