import assert from 'node:assert/strict';
import type { ZoneReport } from '../../../../src/carbon/report.ts';
import { instant, zone } from '../../../../src/carbon/units.ts';
import type { Instant } from '../../../../src/carbon/units.ts';
import { electricityMaps } from '../../../../src/sources/electricity-maps/client.ts';
import type { ElectricityMaps } from '../../../../src/sources/electricity-maps/client.ts';
import { electricityMapsApi } from '../../../support/grid-apis/electricity-maps.ts';
import type { ElectricityMapsWorld } from '../../../support/grid-apis/electricity-maps.ts';
import { GridServer } from '../../../support/grid-apis/grid-server.ts';
import type { Fault } from '../../../support/grid-apis/grid-server.ts';
import { ASKED_AT, outcomeOf, testExchange } from '../../../support/grid-apis/fault-table.ts';

const HOUR = 3_600_000;
const DE = { zone: zone('DE'), name: 'DE' };
const CURRENT = instant(Date.parse('2026-01-05T18:00:00Z'));

describe('electricityMaps, its forecast', () => {
  let server: GridServer;
  let now: Instant = ASKED_AT;

  const serve = async (world: ElectricityMapsWorld = {}): Promise<void> => {
    server = await GridServer.start(electricityMapsApi(world), () => now);
  };
  const provider = (): ElectricityMaps =>
    electricityMaps({
      id: 'electricity-maps',
      exchange: testExchange(),
      now: () => now,
      token: () => Promise.resolve('em-key-0123456789'),
      url: `${server.url}/v4`,
    });
  const reportOf = async (of: ElectricityMaps): Promise<ZoneReport> => {
    const outcome = await outcomeOf(of, DE, now);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };

  beforeEach(() => {
    now = ASKED_AT;
  });
  afterEach(() => server.close());

  it('reports the value where the plan has none, and asks again only hours later', async () => {
    await serve({ commercial: false });
    const free = provider();

    const report = await reportOf(free);
    now = instant(ASKED_AT + HOUR);
    await reportOf(free);

    assert.deepEqual([report.observed.length, report.forecast, report.forecastBy], [1, [], null]);
    assert.equal(server.count('forecast'), 1);
    now = instant(ASKED_AT + 7 * HOUR);
    await reportOf(free);
    assert.equal(server.count('forecast'), 2);
  });

  const passing: Record<string, Fault> = {
    'an error on their side': { fault: 'status', status: 503 },
    'too many requests': { fault: 'status', status: 429 },
    'an answer that never comes': { fault: 'hang' },
    'another zone': { fault: 'data', data: 'wrong-zone' },
    'absurd values': { fault: 'data', data: 'absurd' },
    'HTML in place of data': { fault: 'html' },
  };
  for (const [name, fault] of Object.entries(passing))
    it(`goes on with the last one through ${name}`, async () => {
      await serve();
      const maps = provider();
      await reportOf(maps);
      now = instant(ASKED_AT + HOUR);
      server.fail(fault, { on: 'forecast' });

      const { observed, forecast } = await reportOf(maps);

      assert.equal(observed[0]?.start, CURRENT + HOUR);
      assert.deepEqual([forecast.length, forecast[0]?.start], [24, CURRENT + HOUR]);
    });

  it('leaves the API alone for as long as it asks, while the value goes on', async () => {
    await serve();
    const maps = provider();
    server.fail({ fault: 'status', status: 429, headers: { 'retry-after': '7200' } }, { on: 'forecast' });
    await reportOf(maps);
    server.heal();

    for (const minutes of [30, 60, 119, 120]) {
      now = instant(ASKED_AT + minutes * 60_000);
      assert.equal((await reportOf(maps)).forecast.length > 0, minutes === 120);
    }
    assert.equal(server.count('latest'), 5);
    assert.equal(server.count('forecast'), 2);
  });

  it('is given up when nothing newer has come for six hours', async () => {
    await serve();
    const maps = provider();
    await reportOf(maps);
    server.fail({ fault: 'status', status: 503 }, { on: 'forecast' });

    const lengths: Record<string, number> = {};
    for (const hours of [5, 6]) {
      now = instant(ASKED_AT + hours * HOUR);
      lengths[hours] = (await reportOf(maps)).forecast.length;
    }

    assert.deepEqual(lengths, { 5: 20, 6: 0 });
  });

  it('is asked for a new one after half an hour, not with each value', async () => {
    await serve();
    const maps = provider();

    for (const minutes of [0, 10, 29, 30, 59]) {
      now = instant(ASKED_AT + minutes * 60_000);
      await reportOf(maps);
    }

    assert.equal(server.count('latest'), 5);
    assert.equal(server.count('forecast'), 2);
  });
});
