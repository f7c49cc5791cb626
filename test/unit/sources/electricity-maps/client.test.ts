import assert from 'node:assert/strict';
import type { ZoneReport } from '../../../../src/carbon/report.ts';
import { instant, zone } from '../../../../src/carbon/units.ts';
import type { Instant } from '../../../../src/carbon/units.ts';
import { electricityMaps, electricityMapsRequests } from '../../../../src/sources/electricity-maps/client.ts';
import type { ElectricityMaps, ElectricityMapsOptions } from '../../../../src/sources/electricity-maps/client.ts';
import type { Exchange } from '../../../../src/sources/http/request.ts';
import type { Asking } from '../../../../src/sources/provider.ts';
import { electricityMapsApi } from '../../../support/grid-apis/electricity-maps.ts';
import type { ElectricityMapsWorld } from '../../../support/grid-apis/electricity-maps.ts';
import { GridServer, sunnyGrid } from '../../../support/grid-apis/grid-server.ts';
import {
  ASKED_AT,
  assertTellsNoSecret,
  outcomeOf,
  testExchange,
  withstandsFaults,
} from '../../../support/grid-apis/fault-table.ts';

const HOUR = 3_600_000;
const KEY = 'em-key-0123456789';
const DE = { zone: zone('DE'), name: 'DE' };
const CURRENT = instant(Date.parse('2026-01-05T18:00:00Z'));

describe('electricityMaps', () => {
  let server: GridServer;
  let now: Instant = ASKED_AT;

  const serve = async (world: ElectricityMapsWorld = {}): Promise<void> => {
    server = await GridServer.start(electricityMapsApi(world), () => now);
  };
  const provider = (options: Partial<ElectricityMapsOptions> = {}, exchange: Exchange = testExchange()) =>
    electricityMaps({
      id: 'electricity-maps',
      exchange,
      now: () => now,
      token: () => Promise.resolve(KEY),
      url: `${server.url}/v4/`,
      ...options,
    });
  const reportOf = async (of: ElectricityMaps, named = DE): Promise<ZoneReport> => {
    const outcome = await outcomeOf(of, named, now);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const asking = (): Asking => ({ now, signal: new AbortController().signal });

  beforeEach(() => {
    now = ASKED_AT;
  });
  afterEach(() => server.close());

  it('reports the latest value with its forecast: the current hour first, then 24 more', async () => {
    await serve();

    const { forecast, ...rest } = await reportOf(provider());

    assert.deepEqual(rest, {
      zone: 'DE',
      source: 'electricity-maps',
      kind: 'average',
      factor: 'lifecycle',
      observed: [{ start: CURRENT, end: CURRENT + HOUR, value: sunnyGrid('DE', CURRENT), quality: 'estimated' }],
      forecastBy: 'provider',
      renewablePct: null,
      percentile: null,
      constant: null,
      sandbox: false,
      fetchedAt: ASKED_AT,
    });
    assert.equal(forecast.length, 25);
    assert.deepEqual(forecast[1], {
      start: CURRENT + HOUR,
      end: CURRENT + 2 * HOUR,
      value: sunnyGrid('DE', CURRENT + HOUR),
    });
  });

  it('asks for what it says, by the key and by nothing of its own address', async () => {
    await serve();

    await reportOf(provider({ factor: 'direct', disableEstimations: true, horizonHours: 48, renewable: true }));

    assert.deepEqual(
      server.seen.map(({ path, query }) => `${path}?${query.toString()}`),
      [
        '/v4/carbon-intensity/latest?zone=DE&emissionFactorType=direct&shouldUseFallbackCallerLookup=false&disableEstimations=true',
        '/v4/carbon-intensity/forecast?zone=DE&horizonHours=48&emissionFactorType=direct&shouldUseFallbackCallerLookup=false&disableEstimations=true',
        '/v4/renewable-energy/latest?zone=DE&emissionFactorType=direct&shouldUseFallbackCallerLookup=false&disableEstimations=true',
      ],
    );
    assert.equal(server.seen[0]?.headers['auth-token'], KEY);
  });

  it('takes as many requests for a report as it says', async () => {
    await serve();
    for (const options of [{}, { forecast: false }, { renewable: true }]) {
      const before = server.count();

      await reportOf(provider(options));

      assert.equal(server.count() - before, electricityMapsRequests(options));
    }
  });

  it('gives the renewable share where it is asked for, and the value without it where that fails', async () => {
    await serve();
    const wanted = provider({ renewable: true });

    const whole = await reportOf(wanted);
    server.fail({ fault: 'status', status: 403 }, { on: 'renewable' });
    const without = await reportOf(wanted);

    assert.equal(whole.renewablePct, 61);
    assert.equal(without.renewablePct, null);
    assert.equal(without.observed.length, 1);
  });

  it('stamps what a sandbox gives, by the configuration or the word of the API', async () => {
    await serve();
    const declared = await reportOf(provider({ sandbox: true }));
    const change = (body: unknown): unknown => ({ ...(body as object), _disclaimer: 'This is a Sandbox API key.' });
    server.fail({ fault: 'changed', change }, { on: 'latest' });

    assert.equal(declared.sandbox, true);
    assert.equal((await reportOf(provider())).sandbox, true);
  });

  it('calls a value measured only where the API says that it is not estimated', async () => {
    await serve();
    const saying = async (isEstimated: unknown): Promise<string | undefined> => {
      server.heal();
      const change = (body: unknown): unknown => ({ ...(body as object), isEstimated });
      server.fail({ fault: 'changed', change }, { on: 'latest' });
      return (await reportOf(provider())).observed[0]?.quality;
    };

    assert.equal(await saying(false), 'measured');
    assert.equal(await saying(true), 'estimated');
    assert.equal(await saying(undefined), 'estimated');
  });

  it('takes values of less than an hour for what they are', async () => {
    await serve();
    const change = (body: unknown): unknown => ({ ...(body as object), temporalGranularity: '5_minutes' });
    server.fail({ fault: 'changed', change }, { on: 'latest' });

    const { observed } = await reportOf(provider({ forecast: false }));

    assert.equal(observed[0]?.end, CURRENT + 300_000);
  });

  it('refuses values by another emission factor than was asked for', async () => {
    await serve();
    const change = (body: unknown): unknown => ({ ...(body as object), emissionFactorType: 'direct' });
    server.fail({ fault: 'changed', change });

    const outcome = await outcomeOf(provider(), DE);

    assert.ok(outcome instanceof Error);
    assert.match(outcome.message, /asked for lifecycle emission factors, answered with direct/);
  });

  describe('with a key that does not cover the zone', () => {
    const PL = { zone: zone('PL'), name: 'PL' };

    it('fails for that zone alone, though the API says 401', async () => {
      await serve();
      const maps = provider();

      const outcome = await outcomeOf(maps, PL);

      assert.ok(outcome instanceof Error);
      assert.equal(outcome.reason, 'forbidden');
      assert.equal((await reportOf(maps)).observed.length, 1);
    });

    it('asks what the key covers once an hour at most', async () => {
      await serve();
      const maps = provider();

      await outcomeOf(maps, PL);
      await outcomeOf(maps, PL);

      assert.equal(server.count('zones'), 1);
    });

    it('says what a key covers on demand', async () => {
      await serve();

      assert.deepEqual(
        await provider().checkAccess(asking()),
        new Map([
          ['DE', ['*']],
          ['FR', ['*']],
        ]),
      );
    });

    it('fails as a whole where the key covers nothing', async () => {
      await serve({ key: 'another-key' });

      const outcome = await outcomeOf(provider(), DE);

      assert.ok(outcome instanceof Error);
      assert.equal(outcome.reason, 'unauthorized');
    });
  });

  it('takes the old way of saying that there is no data', async () => {
    await serve();
    server.fail({ fault: 'changed', change: () => ({ status: 'no-data' }) });

    const outcome = await outcomeOf(provider(), DE);

    assert.ok(outcome instanceof Error);
    assert.equal(outcome.reason, 'no-data');
  });

  it('shows its key in no failure, even where the API repeats it', async () => {
    await serve();
    server.fail({ fault: 'status', status: 400, body: { error: `key ${KEY} is bad` } });

    const outcome = await outcomeOf(provider(), DE);

    assert.ok(outcome instanceof Error);
    assert.match(outcome.message, /key … is bad/);
    assertTellsNoSecret([outcome], [KEY]);
  });
});

describe('electricityMaps on a bad day', () => {
  withstandsFaults({
    api: () => electricityMapsApi(),
    provider: (url, exchange) =>
      electricityMaps({
        id: 'electricity-maps',
        exchange,
        now: () => ASKED_AT,
        token: () => Promise.resolve(KEY),
        url: `${url}/v4`,
      }),
    zone: DE,
    secrets: [KEY],
  });
});
