import assert from 'node:assert/strict';
import type { ZoneReport } from '../../../../src/carbon/report.ts';
import { instant, zone } from '../../../../src/carbon/units.ts';
import { eia } from '../../../../src/sources/eia/client.ts';
import { ProviderFailure } from '../../../../src/sources/failure.ts';
import type { Exchange } from '../../../../src/sources/http/request.ts';
import type { Provider } from '../../../../src/sources/provider.ts';
import { eiaApi, SUNNY } from '../../../support/grid-apis/eia.ts';
import type { EiaWorld } from '../../../support/grid-apis/eia.ts';
import {
  ASKED_AT,
  assertTellsNoSecret,
  outcomeOf,
  testExchange,
  withstandsFaults,
} from '../../../support/grid-apis/fault-table.ts';
import { GridServer } from '../../../support/grid-apis/grid-server.ts';

const KEY = 'eia-key-abcdef0123456789';
const WRONG = 'wrong-key-abcdef0123456789';
const CAISO = { zone: zone('US-CAL-CISO'), name: 'CISO' };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const asking = { now: ASKED_AT, signal: new AbortController().signal };

function provider(url: string, exchange: Exchange, key = KEY): Provider {
  const apiKey = () => Promise.resolve(`${key}\n`);
  return eia({ id: 'eia', exchange, now: () => ASKED_AT, apiKey, url: `${url}/v2/` });
}

function at(text: string): number {
  return Date.parse(text);
}

describe('eia', () => {
  let server: GridServer;

  async function serve(world: EiaWorld = {}): Promise<Provider> {
    server = await GridServer.start(eiaApi({ ...world, key: KEY }), () => ASKED_AT);
    return provider(server.url, testExchange());
  }

  async function reportOf(world: EiaWorld = {}): Promise<ZoneReport> {
    const outcome = await outcomeOf(await serve(world), CAISO);
    if (outcome instanceof ProviderFailure) throw outcome;
    return outcome;
  }

  afterEach(async () => {
    await server.close();
  });

  it('turns the generation mix into intensity and renewable share, and takes a period for the end of its hour', async () => {
    const { observed, ...report } = await reportOf();

    assert.deepEqual(observed.at(-1), {
      start: at('2026-01-05T16:00:00Z'),
      end: at('2026-01-05T17:00:00Z'),
      value: 251.5,
      quality: 'measured',
    });
    assert.equal(observed.length, 46);
    assert.deepEqual(report, {
      zone: 'US-CAL-CISO',
      source: 'eia',
      kind: 'average',
      factor: 'lifecycle',
      forecast: [],
      forecastBy: null,
      renewablePct: 30,
      percentile: null,
      constant: null,
      sandbox: false,
      fetchedAt: ASKED_AT,
    });
  });

  it('takes one request, with the key and nothing of it in the URL that is shown', async () => {
    let shown = '';
    server = await GridServer.start(eiaApi({ key: KEY }), () => ASKED_AT);
    const watched: Exchange = (request) => {
      shown += request.url.href;
      return testExchange()(request);
    };

    await outcomeOf(provider(server.url, watched), CAISO);

    assert.equal(server.seen.length, 1);
    assert.deepEqual(Object.fromEntries(server.seen[0]?.query ?? []), {
      api_key: KEY,
      frequency: 'hourly',
      'data[0]': 'value',
      'facets[respondent][]': 'CISO',
      start: '2026-01-03T20',
      'sort[0][column]': 'period',
      'sort[0][direction]': 'asc',
      'sort[1][column]': 'fueltype',
      'sort[1][direction]': 'asc',
      offset: '0',
      length: '5000',
    });
    assert.ok(shown.includes('CISO') && !shown.includes(KEY));
  });

  const late = at('2026-01-05T14:00:00Z');
  for (const [name, missing] of Object.entries({ null: null, 'not there yet': undefined })) {
    it(`gives no hour in which a fuel that the zone reports is ${name}`, async () => {
      const { observed } = await reportOf({ fuels: { ...SUNNY, COL: (end) => (end <= late ? 20_000 : missing) } });

      assert.equal(observed.at(-1)?.end, late);
      assert.ok((observed.at(-1)?.value ?? 0) > 600, 'coal is in it');
    });
  }

  it('leaves out what storage gives back', async () => {
    const storage = { BAT: () => 9000, PS: () => 9000, OES: () => 9000, UES: () => 9000 };
    const { observed } = await reportOf({ fuels: { ...SUNNY, ...storage } });

    assert.equal(observed.at(-1)?.value, 251.5);
  });

  it('counts negative generation as none', async () => {
    const { observed } = await reportOf({ fuels: { ...SUNNY, OTH: () => -300, WAT: () => -1 } });

    assert.equal(observed.at(-1)?.value, 251.5);
  });

  it('gives the past page by page, without what lies outside it', async () => {
    const source = await serve({ page: 1000 });
    const span = { from: instant(ASKED_AT - 40 * DAY), to: instant(ASKED_AT - 2 * DAY) };

    const steps = (await source.history?.(CAISO, span, asking)) ?? [];

    assert.equal(steps.length, 38 * 24 - 1);
    assert.ok(steps.every(({ start, end }) => start >= span.from && end <= span.to));
    assert.equal(server.seen[0]?.query.get('end'), '2026-01-03T18');
    assert.deepEqual(
      server.seen.map(({ query }) => query.get('offset')),
      ['0', '1000', '2000', '3000'],
    );
  });

  it('has no past of a respondent that it does not know', async () => {
    const source = await serve();
    const span = { from: instant(ASKED_AT - 4 * DAY), to: ASKED_AT };

    assert.deepEqual(await source.history?.({ ...CAISO, name: 'NONE' }, span, asking), []);
  });

  it('reads values that are numbers', async () => {
    const source = await serve();
    const numbers = (body: unknown): unknown =>
      JSON.parse(JSON.stringify(body).replaceAll(/"value":"(-?\d+)"/g, '"value":$1'));
    server.fail({ fault: 'changed', change: numbers });

    const outcome = await outcomeOf(source, CAISO);

    assert.ok(!(outcome instanceof ProviderFailure));
    assert.equal(outcome.observed.at(-1)?.value, 251.5);
  });

  for (const [name, [from, to]] of Object.entries({
    'a value that is no number': ['"value":"6000"', '"value":"n/a"'],
    'a row without a value': ['"value":"6000",', ''],
    'another unit': ['megawatthours', 'gigawatthours'],
    'a period that is no hour': ['"period":"2026-01-05T17"', '"period":"2026-01-05"'],
    'a period that is in no day': ['"period":"2026-01-05T17"', '"period":"2026-13-05T17"'],
    'no total': ['"total"', '"sum"'],
  } as const)) {
    it(`calls ${name} malformed`, async () => {
      const source = await serve();
      const change = (body: unknown): unknown => JSON.parse(JSON.stringify(body).replaceAll(from, to));
      server.fail({ fault: 'changed', change });

      const outcome = await outcomeOf(source, CAISO);

      assert.ok(outcome instanceof ProviderFailure);
      assert.equal(outcome.reason, 'malformed');
      assertTellsNoSecret([outcome], [KEY]);
    });
  }

  it('is unauthorized with a wrong key, and does not tell it', async () => {
    await serve();

    const outcome = await outcomeOf(provider(server.url, testExchange(), WRONG), CAISO);

    assert.ok(outcome instanceof ProviderFailure);
    assert.equal(outcome.reason, 'unauthorized');
    assertTellsNoSecret([outcome], [WRONG]);
  });

  it('is unauthorized where the key goes missing on the way', async () => {
    const source = await serve();
    const body = { error: { code: 'API_KEY_MISSING', message: 'No api_key was supplied.' } };
    server.fail({ fault: 'status', status: 403, body });

    const outcome = await outcomeOf(source, CAISO);

    assert.ok(outcome instanceof ProviderFailure);
    assert.equal(outcome.reason, 'unauthorized');
  });

  it('gives up an answer that goes on and on', async () => {
    const source = await serve({ page: 1 });
    const span = { from: instant(ASKED_AT - 30 * DAY), to: ASKED_AT };

    await assert.rejects(
      async () => source.history?.(CAISO, span, asking),
      (error) => error instanceof ProviderFailure && error.reason === 'too-large',
    );
  });
});

describe('eia under faults', () => {
  withstandsFaults({
    api: () => eiaApi({ key: KEY, lag: 0, fuels: { NG: () => 10_000, SUN: () => 6_000, NUC: () => 4_000 } }),
    provider,
    zone: CAISO,
    secrets: [KEY],
    otherwise: { 'values below zero': 'no-data' },
  });
});
