import assert from 'node:assert/strict';
import type { ZoneReport } from '../../../../src/carbon/report.ts';
import { instant, zone } from '../../../../src/carbon/units.ts';
import type { Instant } from '../../../../src/carbon/units.ts';
import { GB_REQUESTS_PER_REPORT, gbCarbonIntensity } from '../../../../src/sources/gb-carbon-intensity/client.ts';
import type { GbCarbonIntensityOptions } from '../../../../src/sources/gb-carbon-intensity/client.ts';
import type { Asking, Provider } from '../../../../src/sources/provider.ts';
import { ASKED_AT, outcomeOf, testExchange, withstandsFaults } from '../../../support/grid-apis/fault-table.ts';
import { gbCarbonIntensityApi } from '../../../support/grid-apis/gb-carbon-intensity.ts';
import type { GbWorld } from '../../../support/grid-apis/gb-carbon-intensity.ts';
import { GridServer, sunnyGrid } from '../../../support/grid-apis/grid-server.ts';

const HALF_HOUR = 1_800_000;
const DAY = 48 * HALF_HOUR;
const GB = { zone: zone('GB'), name: 'GB' };
const LONDON = { zone: zone('GB-LONDON'), name: '13' };
/** Asked seven minutes past: 17:00 to 17:30 is the last half hour that can have been measured. */
const CURRENT = instant(Date.parse('2026-01-05T18:00:00Z'));

const options = (url: string): GbCarbonIntensityOptions => ({
  id: 'gb-carbon-intensity',
  exchange: testExchange(),
  now: () => ASKED_AT,
  url,
});

describe('gbCarbonIntensity', () => {
  let server: GridServer;
  let now: Instant = ASKED_AT;

  const serve = async (world: GbWorld = {}): Promise<void> => {
    server = await GridServer.start(gbCarbonIntensityApi(world), () => now);
  };
  const provider = (more: Partial<GbCarbonIntensityOptions> = {}): Provider =>
    gbCarbonIntensity({ ...options(`${server.url}/`), now: () => now, ...more });
  const reportOf = async (named = GB, more: Partial<GbCarbonIntensityOptions> = {}): Promise<ZoneReport> => {
    const outcome = await outcomeOf(provider(more), named, now);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const asking = (): Asking => ({ now, signal: new AbortController().signal });

  beforeEach(() => {
    now = ASKED_AT;
  });
  afterEach(() => server.close());

  it('reports Great Britain: what was measured, what is under way and to come', async () => {
    await serve();

    const { observed, forecast, ...rest } = await reportOf();

    assert.deepEqual(rest, {
      zone: 'GB',
      source: 'gb-carbon-intensity',
      kind: 'average',
      factor: 'direct',
      forecastBy: 'provider',
      renewablePct: null,
      percentile: null,
      constant: null,
      sandbox: false,
      fetchedAt: ASKED_AT,
    });
    assert.deepEqual(observed.slice(-2), [
      {
        start: CURRENT - 2 * HALF_HOUR,
        end: CURRENT - HALF_HOUR,
        value: sunnyGrid('GB', CURRENT - 2 * HALF_HOUR),
        quality: 'measured',
      },
      {
        start: CURRENT - HALF_HOUR,
        end: CURRENT,
        value: sunnyGrid('GB', CURRENT - HALF_HOUR) + 10,
        quality: 'estimated',
      },
    ]);
    assert.deepEqual(forecast[0], {
      start: CURRENT,
      end: CURRENT + HALF_HOUR,
      value: sunnyGrid('GB', CURRENT) + 10,
    });
    assert.ok(forecast.length >= 90);
  });

  it('asks once for a report, from two hours back, in minutes', async () => {
    await serve();

    await reportOf();
    await reportOf(LONDON);

    assert.deepEqual(
      server.seen.map(({ path }) => path),
      ['/intensity/2026-01-05T16:07Z/fw48h', '/regional/intensity/2026-01-05T16:07Z/fw48h/regionid/13'],
    );
    assert.equal(server.count(), 2 * GB_REQUESTS_PER_REPORT);
  });

  it('calls what is foretold of a region an estimate, never a measurement, and gives its renewable share', async () => {
    await serve();

    const { observed, forecast, renewablePct } = await reportOf(LONDON);

    assert.deepEqual(new Set(observed.map(({ quality }) => quality)), new Set(['estimated']));
    assert.deepEqual([observed.at(-1)?.end, forecast[0]?.start], [CURRENT, CURRENT]);
    assert.equal(renewablePct, 36.8);
  });

  it('takes a region whether it comes alone or in a list', async () => {
    await serve();
    const alone = await reportOf(LONDON);
    await server.close();
    await serve({ listed: true });

    assert.deepEqual(await reportOf(LONDON), alone);
  });

  it('takes a half hour under way for measured where it says so', async () => {
    await serve({ delay: -HALF_HOUR });

    const { observed, forecast } = await reportOf();

    assert.deepEqual([observed.at(-1)?.start, observed.at(-1)?.quality], [CURRENT, 'measured']);
    assert.equal(forecast[0]?.start, CURRENT + HALF_HOUR);
  });

  it('has the factor that an operator declares', async () => {
    await serve();

    assert.equal((await reportOf(GB, { factor: 'lifecycle' })).factor, 'lifecycle');
    assert.equal(provider({ factor: 'lifecycle' }).factor, 'lifecycle');
  });

  it('leaves out half hours without a value', async () => {
    await serve({ value: (_, at) => (at === CURRENT ? NaN : 100) });

    const { forecast } = await reportOf();

    assert.equal(forecast[0]?.start, CURRENT + HALF_HOUR);
  });

  for (const name of ['London', '0', '18', '1.5', ''])
    it(`knows no region ${JSON.stringify(name)}, and does not ask for it`, async () => {
      await serve();

      const outcome = await outcomeOf(provider(), { zone: zone('GB'), name });

      assert.ok(outcome instanceof Error);
      assert.equal(outcome.reason, 'unknown-zone');
      assert.equal(server.count(), 0);
    });

  it('says in the words of the API why it refused', async () => {
    await serve();
    const body = { error: { code: '400 Bad Request', message: 'Please enter a valid date' } };
    server.fail({ fault: 'status', status: 400, body });

    const outcome = await outcomeOf(provider(), GB);

    assert.ok(outcome instanceof Error);
    assert.match(outcome.message, /^intensity\/2026-01-05T16:07Z\/fw48h: status 400, Please enter a valid date$/);
  });

  describe('history', () => {
    it('of a day takes one request', async () => {
      await serve();

      const steps = await provider().history?.(GB, { from: instant(now - DAY), to: now }, asking());

      assert.deepEqual(
        server.seen.map(({ path }) => path),
        ['/intensity/2026-01-05T18:07Z/pt24h'],
      );
      assert.ok((steps?.length ?? 0) >= 47);
      assert.equal(steps?.[0]?.quality, 'measured');
    });

    for (const named of [GB, LONDON])
      it(`of a month takes ranges of 14 days, without a gap or a step twice, for ${named.name}`, async () => {
        await serve();

        const span = { from: instant(now - 30 * DAY), to: now };
        const steps = (await provider().history?.(named, span, asking())) ?? [];

        assert.equal(server.count(), 3);
        assert.ok(steps.length >= 30 * 48 - 1);
        assert.ok(steps.every(({ start }, index) => index === 0 || steps[index - 1]?.end === start));
        assert.ok((steps.at(-1)?.end ?? 0) <= now);
      });

    it('is empty where there is none, and fails where the API fails', async () => {
      await serve();
      const span = { from: instant(now - DAY), to: now };
      server.fail({ fault: 'data', data: 'empty' }, { times: 1 });
      assert.deepEqual(await provider().history?.(GB, span, asking()), []);

      server.fail({ fault: 'html' });
      await assert.rejects(async () => provider().history?.(GB, span, asking()), { reason: 'malformed' });
    });
  });
});

describe('gbCarbonIntensity on a bad day', () => {
  const subject = {
    api: () => gbCarbonIntensityApi(),
    provider: (url: string, exchange: GbCarbonIntensityOptions['exchange']) =>
      gbCarbonIntensity({ ...options(url), exchange }),
    secrets: [],
  };
  describe('for Great Britain, of which an answer does not say that it is of it', () => {
    withstandsFaults({ ...subject, zone: GB, otherwise: { 'another zone': null } });
  });
  describe('for a region, of which nothing is claimed to be measured', () => {
    withstandsFaults({ ...subject, zone: LONDON, otherwise: { 'a clock that is two hours ahead': null } });
  });
});
