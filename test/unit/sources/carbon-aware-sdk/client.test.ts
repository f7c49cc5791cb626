import assert from 'node:assert/strict';
import type { ZoneReport } from '../../../../src/carbon/report.ts';
import { instant, zone } from '../../../../src/carbon/units.ts';
import { carbonAwareSdk, carbonAwareSdkRequestsPerReport } from '../../../../src/sources/carbon-aware-sdk/client.ts';
import type { CarbonAwareSdkOptions } from '../../../../src/sources/carbon-aware-sdk/client.ts';
import { ProviderFailure } from '../../../../src/sources/failure.ts';
import type { Exchange } from '../../../../src/sources/http/request.ts';
import type { Provider } from '../../../../src/sources/provider.ts';
import { carbonAwareSdkApi, problem } from '../../../support/grid-apis/carbon-aware-sdk.ts';
import type { CarbonAwareSdkWorld } from '../../../support/grid-apis/carbon-aware-sdk.ts';
import { ASKED_AT, outcomeOf, testExchange, withstandsFaults } from '../../../support/grid-apis/fault-table.ts';
import { GridServer, sunnyGrid } from '../../../support/grid-apis/grid-server.ts';
import type { Fault } from '../../../support/grid-apis/grid-server.ts';

const EAST = { zone: zone('US-MIDA-PJM'), name: 'eastus' };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const asking = { now: ASKED_AT, signal: new AbortController().signal };

function provider(url: string, exchange: Exchange, options: Partial<CarbonAwareSdkOptions> = {}): Provider {
  return carbonAwareSdk({ id: 'sdk', exchange, now: () => ASKED_AT, url: `${url}/`, ...options });
}

function at(text: string): number {
  return Date.parse(text);
}

describe('carbonAwareSdk', () => {
  let server: GridServer;

  async function serve(
    world: CarbonAwareSdkWorld = {},
    options: Partial<CarbonAwareSdkOptions> = {},
  ): Promise<Provider> {
    server = await GridServer.start(carbonAwareSdkApi(world), () => ASKED_AT);
    return provider(server.url, testExchange(), options);
  }

  async function failureOf(fault: Fault, on: string): Promise<ProviderFailure> {
    const source = await serve();
    server.fail(fault, { on });
    const outcome = await outcomeOf(source, EAST);
    assert.ok(outcome instanceof ProviderFailure);
    return outcome;
  }

  const rows = (change: (row: Record<string, unknown>, index: number) => object) => (body: unknown) =>
    (body as Record<string, unknown>[]).map((row, index) => ({ ...row, ...change(row, index) }));

  async function reportOf(source: Provider): Promise<ZoneReport> {
    const outcome = await outcomeOf(source, EAST);
    if (outcome instanceof ProviderFailure) throw outcome;
    return outcome;
  }

  afterEach(async () => {
    await server.close();
  });

  it('gives what was observed and what is foretold', async () => {
    const { observed, forecast, ...report } = await reportOf(await serve());

    const now = at('2026-01-05T18:00:00Z');
    assert.equal(observed.length, 24);
    assert.deepEqual(observed.at(-1), { start: now, end: now + HOUR, value: sunnyGrid('', now), quality: 'estimated' });
    assert.deepEqual(forecast[0], { start: now + HOUR, end: now + 2 * HOUR, value: sunnyGrid('', now + HOUR) });
    assert.equal(forecast.length, 24);
    assert.deepEqual(report, {
      zone: 'US-MIDA-PJM',
      source: 'sdk',
      kind: 'average',
      factor: 'lifecycle',
      forecastBy: 'provider',
      renewablePct: null,
      percentile: null,
      constant: null,
      sandbox: false,
      fetchedAt: ASKED_AT,
    });
  });

  it('is of the kind and factor that the source behind it has', async () => {
    const source = await serve({ behind: 'watttime' }, { kind: 'marginal', factor: 'direct' });
    const { kind, factor, observed } = await reportOf(source);

    assert.deepEqual([source.kind, source.factor, kind, factor], ['marginal', 'direct', 'marginal', 'direct']);
    assert.equal(observed.at(-1)?.start, at('2026-01-05T18:05:00Z'));
    assert.equal(observed.at(-1)?.end, at('2026-01-05T18:10:00Z'));
  });

  it('takes two requests, which name the location and the last day', async () => {
    await reportOf(await serve());

    assert.deepEqual(
      server.seen.map(({ path, query }) => [path, Object.fromEntries(query)]),
      [
        [
          '/emissions/bylocation',
          { location: 'eastus', time: '2026-01-04T18:07:00.000Z', toTime: '2026-01-05T18:07:00.000Z' },
        ],
        ['/emissions/forecasts/current', { location: 'eastus' }],
      ],
    );
    assert.equal(carbonAwareSdkRequestsPerReport({}), 2);
  });

  it('asks for no forecast where none is wanted', async () => {
    const { forecast, forecastBy } = await reportOf(await serve({}, { forecast: false }));

    assert.deepEqual([forecast, forecastBy, server.seen.length], [[], null, 1]);
    assert.equal(carbonAwareSdkRequestsPerReport({ forecast: false }), 1);
  });

  for (const best of ['optimalDataPoint', 'optimalDataPoints'] as const) {
    it(`reads a forecast that calls its best moment ${best}`, async () => {
      assert.equal((await reportOf(await serve({ best }))).forecast.length, 24);
    });
  }

  for (const [name, fault] of Object.entries({
    'is not implemented': { fault: 'status', status: 501, body: problem(501, {}).body },
    'has no data': { fault: 'status', status: 204, body: '' },
    'is not there': { fault: 'status', status: 404 },
    fails: { fault: 'status', status: 500 },
    'is too slow': { fault: 'hang' },
    'is an empty list': { fault: 'changed', change: () => [] },
    'holds only values that are null': { fault: 'data', data: 'nulls' },
  } as const satisfies Record<string, Fault>)) {
    it(`gives the value without a forecast where that ${name}`, async () => {
      const source = await serve();
      server.fail(fault, { on: 'forecasts' });

      const { observed, forecast, forecastBy } = await reportOf(source);

      assert.equal(observed.length, 24);
      assert.deepEqual([forecast, forecastBy], [[], null]);
    });
  }

  for (const [name, { fault, want }] of Object.entries({
    'is of another location': { fault: { fault: 'data', data: 'wrong-zone' }, want: 'wrong-zone' },
    'is absurd': { fault: { fault: 'data', data: 'absurd' }, want: 'implausible' },
    'is HTML': { fault: { fault: 'html' }, want: 'malformed' },
  } as const satisfies Record<string, { fault: Fault; want: string }>)) {
    it(`refuses the whole where the forecast ${name}`, async () => {
      assert.equal((await failureOf(fault, 'forecasts')).reason, want);
    });
  }

  it('asks for no forecast for as long as it is asked not to', async () => {
    const source = await serve();
    server.fail({ fault: 'status', status: 429, headers: { 'retry-after': '600' } }, { on: 'forecasts' });
    await reportOf(source);
    server.heal();

    assert.equal((await reportOf(source)).forecast.length, 0);
    assert.equal(server.count('forecasts'), 1);
  });

  it('refuses the whole where only the head of the forecast names another location', async () => {
    const change = rows(() => ({ location: 'westus' }));
    assert.equal((await failureOf({ fault: 'changed', change }, 'forecasts')).reason, 'wrong-zone');
  });

  it('says which field the SDK found wrong', async () => {
    const failure = await outcomeOf(await serve(), { ...EAST, name: 'nowhere' });

    assert.ok(failure instanceof ProviderFailure);
    assert.equal(failure.reason, 'refused');
    assert.match(failure.message, /location: Unknown Location: 'nowhere' not found/);
    assert.match(failure.message, /One or more validation errors occurred/);
  });

  it('has no data where the SDK answers 204', async () => {
    const failure = await failureOf({ fault: 'status', status: 204, body: '' }, 'bylocation');
    assert.equal(failure.reason, 'no-data');
  });

  it('leaves out what the SDK had no value of, and keeps the rest', async () => {
    const source = await serve({ value: (_zone, when) => (when > ASKED_AT - 3 * HOUR ? -1 : 300) });

    const { observed, forecast } = await reportOf(source);

    assert.equal(observed.at(-1)?.start, at('2026-01-05T15:00:00Z'));
    assert.deepEqual(forecast, []);
  });

  it('takes the gap between values for their length where the SDK tells none', async () => {
    const source = await serve({ behind: 'watttime' });
    server.fail({ fault: 'changed', change: rows(() => ({ duration: undefined })) }, { on: 'bylocation' });

    const last = (await reportOf(source)).observed.at(-1);
    assert.equal((last?.end ?? 0) - (last?.start ?? 0), 300_000);
  });

  it('takes a lone value without a length for hourly', async () => {
    const source = await serve();
    const alone = (body: unknown) => rows(() => ({ duration: '00:00:00' }))((body as unknown[]).slice(-1));
    server.fail({ fault: 'changed', change: alone }, { on: 'bylocation' });

    assert.deepEqual(
      (await reportOf(source)).observed.map(({ start, end }) => end - start),
      [HOUR],
    );
  });

  for (const [name, change] of Object.entries({
    'a rating that is text': rows(() => ({ rating: '70' })),
    'a row without a rating': rows(() => ({ rating: undefined })),
    'a time without an offset': rows(() => ({ time: '2026-01-05T18:00:00' })),
    'a length in words': rows(() => ({ duration: 'one hour' })),
    'one object in place of a list': (body: unknown) => (body as unknown[])[0],
  })) {
    it(`calls ${name} malformed`, async () => {
      assert.equal((await failureOf({ fault: 'changed', change }, 'bylocation')).reason, 'malformed');
    });
  }

  it('reads lengths of days and fractions of seconds', async () => {
    const source = await serve();
    const change = (body: unknown) => rows(() => ({ duration: '1.00:00:00.0000000' }))((body as unknown[]).slice(-1));
    server.fail({ fault: 'changed', change }, { on: 'bylocation' });

    const [only] = (await reportOf(source)).observed;
    assert.equal((only?.end ?? 0) - (only?.start ?? 0), DAY);
  });

  for (const [name, location] of Object.entries({
    'another location': () => 'westus',
    'two grid regions at once': (index: number) => (index % 2 === 0 ? 'PJM_DC' : 'CAISO_NORTH'),
    'a grid region beside the location': (index: number) => (index % 2 === 0 ? 'PJM_DC' : 'eastus'),
  })) {
    it(`calls values of ${name} wrong-zone`, async () => {
      const change = rows((_row, index) => ({ location: location(index) }));
      assert.equal((await failureOf({ fault: 'changed', change }, 'bylocation')).reason, 'wrong-zone');
    });
  }

  it('refuses data from the future', async () => {
    const later = (text: unknown) => new Date(Date.parse(String(text)) + 2 * HOUR).toISOString();
    const change = rows(({ time }) => ({ time: later(time) }));
    assert.equal((await failureOf({ fault: 'changed', change }, 'bylocation')).reason, 'clock-skew');
  });

  it('gives the past in pieces of ten days, without what lies outside it', async () => {
    const source = await serve();
    const midnight = at('2026-01-05T00:00:00Z');
    const span = { from: instant(midnight - 25 * DAY), to: instant(midnight - DAY) };

    const steps = (await source.history?.(EAST, span, asking)) ?? [];

    assert.equal(server.seen.length, 3);
    assert.equal(steps.length, 24 * 24);
    assert.ok(steps.every(({ start, end }) => start >= span.from && end <= span.to));
    assert.equal(new Set(steps.map(({ start }) => start)).size, steps.length);
  });
});

describe('carbonAwareSdk under faults', () => {
  withstandsFaults({
    api: () => carbonAwareSdkApi(),
    provider,
    zone: EAST,
    secrets: [],
    on: 'bylocation',
    otherwise: { 'a clock that is two hours ahead': null },
  });
});
