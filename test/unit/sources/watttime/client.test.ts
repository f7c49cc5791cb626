import assert from 'node:assert/strict';
import type { ZoneReport } from '../../../../src/carbon/report.ts';
import { instant, zone } from '../../../../src/carbon/units.ts';
import type { Instant } from '../../../../src/carbon/units.ts';
import type { Asking, Provider } from '../../../../src/sources/provider.ts';
import { wattTime, wattTimeRequests } from '../../../../src/sources/watttime/client.ts';
import type { WattTimeOptions } from '../../../../src/sources/watttime/client.ts';
import {
  ASKED_AT,
  assertTellsNoSecret,
  outcomeOf,
  testExchange,
  withstandsFaults,
} from '../../../support/grid-apis/fault-table.ts';
import { GridServer, sunnyGrid } from '../../../support/grid-apis/grid-server.ts';
import { wattTimeApi } from '../../../support/grid-apis/watttime.ts';
import type { WattTimeWorld } from '../../../support/grid-apis/watttime.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const CAISO = { zone: zone('US-CAL-CISO'), name: 'CAISO_NORTH' };
const CURRENT = instant(Date.parse('2026-01-05T18:05:00Z'));
const PASSWORD = 'a-good-password';

const options = (url: string): WattTimeOptions => ({
  id: 'watttime',
  exchange: testExchange(),
  now: () => ASKED_AT,
  username: () => Promise.resolve('ada'),
  password: () => Promise.resolve(PASSWORD),
  url,
});

describe('wattTime', () => {
  let server: GridServer;
  let now: Instant = ASKED_AT;

  const serve = async (world: WattTimeWorld = {}): Promise<void> => {
    server = await GridServer.start(wattTimeApi(world), () => now);
  };
  const provider = (more: Partial<WattTimeOptions> = {}): Provider =>
    wattTime({ ...options(server.url), now: () => now, ...more });
  const reportOf = async (of: Provider): Promise<ZoneReport> => {
    const outcome = await outcomeOf(of, CAISO, now);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const reasonOf = async (of: Provider, named = CAISO): Promise<string> => {
    const outcome = await outcomeOf(of, named, now);
    assert.ok(outcome instanceof Error);
    return outcome.reason;
  };
  const asking = (): Asking => ({ now, signal: new AbortController().signal });

  beforeEach(() => {
    now = ASKED_AT;
  });
  afterEach(() => server.close());

  it('reports the current five minutes, the next 24 hours and the percentile, in grams', async () => {
    await serve({ value: (_, at) => (at === CURRENT ? 394.6253619 : 100) });

    const { observed, forecast, ...rest } = await reportOf(provider());

    assert.deepEqual(rest, {
      zone: 'US-CAL-CISO',
      source: 'watttime',
      kind: 'marginal',
      factor: 'direct',
      forecastBy: 'provider',
      renewablePct: null,
      percentile: 37,
      constant: null,
      sandbox: false,
      fetchedAt: ASKED_AT,
    });
    assert.deepEqual(
      observed.map(({ start, end, quality, value }) => [start, end, quality, value.toFixed(6)]),
      [[CURRENT, CURRENT + 5 * MINUTE, 'estimated', '394.625362']],
    );
    assert.deepEqual([forecast.length, forecast[0]?.start], [288, CURRENT + 5 * MINUTE]);
    assert.equal(forecast[0]?.value.toFixed(6), '100.000000');
  });

  it('takes 870 lbs/MWh for 394.6 g/kWh', async () => {
    await serve({ value: () => 870 * 0.45359237 });

    const { observed } = await reportOf(provider());

    assert.equal(observed[0]?.value.toFixed(1), '394.6');
  });

  it('asks with name and password once, then with the token', async () => {
    const tokens: string[] = [];
    await serve({ tokens });

    await reportOf(provider({ horizonHours: 72 }));

    assert.deepEqual(
      server.seen.map(({ path, query, headers }) => [path, query.toString(), headers.authorization]),
      [
        ['/login', '', `Basic ${Buffer.from(`ada:${PASSWORD}`).toString('base64')}`],
        ['/v3/forecast', 'region=CAISO_NORTH&signal_type=co2_moer&horizon_hours=72', `Bearer ${tokens[0]}`],
        ['/v3/signal-index', 'region=CAISO_NORTH&signal_type=co2_moer', `Bearer ${tokens[0]}`],
      ],
    );
  });

  it('takes as many requests for a report as it says, logins aside', async () => {
    await serve();
    for (const more of [{}, { percentile: false }, { signal: 'co2_aoer' as const }]) {
      const before = server.count('/v3/');

      await reportOf(provider(more));

      assert.equal(server.count('/v3/') - before, wattTimeRequests(more));
    }
  });

  it('leaves out values that are null, and takes no later one for the current one', async () => {
    await serve();
    const without = (...indexes: number[]) => {
      server.heal();
      const change = (body: unknown): unknown => {
        const { data, meta } = body as { data: { value: number | null }[]; meta: unknown };
        return {
          meta,
          data: data.map((point, index) => (indexes.includes(index) ? { ...point, value: null } : point)),
        };
      };
      server.fail({ fault: 'changed', change }, { on: 'forecast' });
      return reportOf(provider());
    };

    const lackingLater = await without(1, 2);
    const lackingNow = await without(0, 1, 2);

    assert.deepEqual([lackingLater.observed.length, lackingLater.forecast.length], [1, 286]);
    assert.deepEqual([lackingNow.observed.length, lackingNow.forecast.length], [0, 286]);
  });

  const strange: Record<string, { meta: Record<string, unknown>; want: RegExp }> = {
    'another unit': { meta: { units: 'kg_co2_per_mwh' }, want: /values in kg_co2_per_mwh/ },
    'another signal': { meta: { signal_type: 'health_damage' }, want: /answered with health_damage/ },
    'no period': { meta: { data_point_period_seconds: null }, want: /meta\.data_point_period_seconds/ },
  };
  for (const [name, { meta, want }] of Object.entries(strange))
    it(`calls ${name} malformed`, async () => {
      await serve();
      const change = (body: unknown): unknown => {
        const whole = body as { meta: object };
        return { ...whole, meta: { ...whole.meta, ...meta } };
      };
      server.fail({ fault: 'changed', change }, { on: 'forecast' });

      const outcome = await outcomeOf(provider(), CAISO);

      assert.ok(outcome instanceof Error);
      assert.equal(outcome.reason, 'malformed');
      assert.match(outcome.message, want);
    });

  it('does without the percentile where the signal index fails', async () => {
    await serve();
    for (const fault of [
      { fault: 'status', status: 403 },
      { fault: 'hang' },
      { fault: 'data', data: 'wrong-zone' },
      { fault: 'changed', change: (body: unknown) => ({ ...(body as object), data: [{ value: 101 }] }) },
    ] as const) {
      server.heal();
      server.fail(fault, { on: 'signal-index' });

      const { percentile, observed } = await reportOf(provider());

      assert.deepEqual([percentile, observed.length], [null, 1]);
    }
  });

  it('asks for no percentile for as long as the signal index asks to be left alone', async () => {
    await serve();
    const watt = provider();
    server.fail({ fault: 'status', status: 429, headers: { 'retry-after': '600' } }, { on: 'signal-index' });
    await reportOf(watt);
    server.heal();

    const seen: (number | null)[] = [];
    for (const minutes of [5, 10]) {
      now = instant(ASKED_AT + minutes * MINUTE);
      seen.push((await reportOf(watt)).percentile);
    }

    assert.equal(server.count('signal-index'), 2);
    assert.equal(seen[0], null);
    assert.ok(seen[1] !== null);
  });

  it('says of a region that the plan lacks that it is forbidden, without logging in anew', async () => {
    await serve();
    const free = provider();
    await reportOf(free);
    now = instant(ASKED_AT + 10 * MINUTE);

    assert.equal(await reasonOf(free, { zone: zone('US-TEX-ERCO'), name: 'ERCOT_EASTTX' }), 'forbidden');
    assert.equal(server.count('login'), 1);
  });

  it('says of a region that nobody knows that it is unknown', async () => {
    await serve();

    assert.equal(await reasonOf(provider(), { zone: zone('XX'), name: 'XX' }), 'unknown-zone');
  });

  describe('of average emissions', () => {
    it('reports the last day without forecast and percentile, which there are not', async () => {
      await serve();

      const report = await reportOf(provider({ signal: 'co2_aoer' }));

      assert.deepEqual(
        [report.kind, report.factor, report.forecast.length, report.forecastBy, report.percentile],
        ['average', 'direct', 0, null, null],
      );
      assert.equal(report.observed.at(-1)?.start, CURRENT - 10 * MINUTE);
      assert.equal(report.observed[0]?.quality, 'measured');
      assert.equal(server.seen[1]?.query.get('signal_type'), 'co2_aoer');
    });

    it('has no data where the last day has none', async () => {
      await serve();
      server.fail({ fault: 'data', data: 'nulls' }, { on: '/v3/' });

      assert.equal(await reasonOf(provider({ signal: 'co2_aoer' })), 'no-data');
    });
  });

  describe('history', () => {
    const month = { from: instant(ASKED_AT - 90 * DAY), to: ASKED_AT };

    it('takes windows that the API allows, without a gap or a step twice', async () => {
      await serve();

      const steps = (await provider().history?.(CAISO, month, asking())) ?? [];

      assert.equal(server.count('historical'), 3);
      assert.ok(steps.length > 25_000);
      assert.ok(steps.every(({ start }, index) => index === 0 || steps[index - 1]?.end === start));
      assert.equal(steps[0]?.value.toFixed(6), sunnyGrid('', steps[0]?.start ?? 0).toFixed(6));
    });

    it('keeps to the last model, since each has a level of its own', async () => {
      await serve({ model: (at) => (at < ASKED_AT - 40 * DAY ? '2025-03-01' : '2026-03-01') });

      const steps = (await provider().history?.(CAISO, month, asking())) ?? [];

      assert.ok((steps[0]?.start ?? 0) >= ASKED_AT - 30 * DAY);
    });

    it('is empty where there is none', async () => {
      await serve();
      server.fail({ fault: 'data', data: 'empty' }, { on: '/v3/' });

      assert.deepEqual(await provider().history?.(CAISO, month, asking()), []);
    });
  });

  it('shows neither password nor token in a failure, even where the API repeats them', async () => {
    const tokens: string[] = [];
    await serve({ tokens });
    const change = (): unknown => ({ error: `${PASSWORD} ${tokens.at(-1) ?? ''}` });
    server.fail({ fault: 'status', status: 400, body: { error: `no ${PASSWORD}` } }, { on: 'login', times: 1 });
    const login = await outcomeOf(provider(), CAISO);
    server.fail({ fault: 'changed', change }, { on: 'forecast' });
    const data = await outcomeOf(provider(), CAISO);

    assert.ok(login instanceof Error && data instanceof Error);
    assert.match(login.message, /login: status 400, no …/);
    assertTellsNoSecret([login, data], [PASSWORD, ...tokens]);
  });
});

describe('wattTime on a bad day', () => {
  const tokens: string[] = [];
  withstandsFaults({
    api: () => wattTimeApi({ tokens }),
    provider: (url, exchange) => wattTime({ ...options(url), exchange }),
    zone: CAISO,
    secrets: [PASSWORD, Buffer.from(`ada:${PASSWORD}`).toString('base64'), 'jwt.'],
    on: '/v3/',
  });
});
