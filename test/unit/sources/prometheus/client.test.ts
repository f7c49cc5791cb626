import assert from 'node:assert/strict';
import { instant, millis, zone } from '../../../../src/carbon/units.ts';
import type { Instant } from '../../../../src/carbon/units.ts';
import { prometheus, requestsPerReport } from '../../../../src/sources/prometheus/client.ts';
import type { PrometheusOptions } from '../../../../src/sources/prometheus/client.ts';
import type { Provider } from '../../../../src/sources/provider.ts';
import { Asked, failed } from '../../../support/asked.ts';
import {
  ASKED_AT,
  assertTellsNoSecret,
  testExchange,
  withstandsFaults,
} from '../../../support/grid-apis/fault-table.ts';
import { GridServer, sunnyGrid } from '../../../support/grid-apis/grid-server.ts';
import { prometheusApi } from '../../../support/grid-apis/prometheus.ts';
import type { PrometheusWorld } from '../../../support/grid-apis/prometheus.ts';

const QUERY = 'grid_intensity_carbon_average';
const TOKEN = 'prometheus-token-0123456789';
const MINUTE = 60_000;

describe('prometheus', () => {
  let server: GridServer;
  afterEach(() => server.close());

  async function source(world: PrometheusWorld = {}, options: Partial<PrometheusOptions> = {}): Promise<Provider> {
    server = await GridServer.start(prometheusApi(world), () => ASKED_AT);
    const url = new URL(`${server.url}/behind/a/proxy/`);
    return prometheus({ id: 'prom', exchange: testExchange(), now: () => ASKED_AT, url, query: QUERY, ...options });
  }
  const series = (location: string, value: string, labels: Record<string, string> = {}) => ({
    labels: { location, units: 'gCO2e per kWh', ...labels },
    value,
  });

  it('reports every zone that was asked for, by two requests', async () => {
    const answers = await Asked.of(await source({ age: MINUTE }), ASKED_AT, 'DE', 'FR', 'PL');

    const at = instant(ASKED_AT - MINUTE);
    assert.deepEqual(answers.report('DE'), {
      zone: 'DE',
      source: 'prom',
      kind: 'average',
      factor: 'lifecycle',
      observed: [{ start: at, end: at + 5 * MINUTE, value: sunnyGrid('DE', at), quality: 'measured' }],
      forecast: [],
      forecastBy: null,
      renewablePct: null,
      percentile: null,
      constant: null,
      sandbox: false,
      fetchedAt: ASKED_AT,
    });
    answers.report('FR');
    answers.failure('PL', 'no-data');
    assert.equal(server.seen.length, requestsPerReport({}));
    assert.deepEqual(
      server.seen.map(({ path, query }) => [path, query.get('query')]),
      [
        ['/behind/a/proxy/api/v1/query', QUERY],
        ['/behind/a/proxy/api/v1/query', `timestamp(${QUERY}\n)`],
      ],
    );
  });

  it('takes the moment of asking for the age where it is told to', async () => {
    const provider = await source({ age: MINUTE }, { timestampQuery: null });
    const answers = await Asked.of(provider, ASKED_AT, 'DE');

    assert.equal(answers.report('DE').observed[0]?.start, ASKED_AT);
    assert.equal(server.seen.length, requestsPerReport({ timestampQuery: null }));
  });

  it('takes the rank beside a marginal value for its percentile', async () => {
    const world = {
      series: [series('CA', '1000', { units: 'lbCO2e per MWh' }), series('CA', '30', { units: 'percent' })],
    };
    const report = (await Asked.of(await source(world, { kind: 'marginal' }), ASKED_AT, 'CA')).report('CA');

    assert.deepEqual([report.kind, report.percentile, report.observed[0]?.value], ['marginal', 30, 453.59237]);
  });

  it('does not take the age of a rank for that of the value', async () => {
    const world = {
      age: MINUTE,
      series: [
        { ...series('CA', '300'), age: 9 * MINUTE },
        { ...series('CA', '30', { units: 'percent' }), age: MINUTE },
      ],
    };
    const report = (await Asked.of(await source(world, { kind: 'marginal' }), ASKED_AT, 'CA')).report('CA');

    assert.equal(report.observed[0]?.start, ASKED_AT - 9 * MINUTE);
  });

  it('refuses a rank beside an average', async () => {
    const world = { series: [series('DE', '300'), series('DE', '30', { units: 'percent' })] };

    assert.match((await Asked.of(await source(world), ASKED_AT, 'DE')).failure('DE', 'malformed'), /percent/);
  });

  const VALUES = {
    'a rank alone': { series: [series('DE', '30', { units: 'percent' })], want: 'malformed', says: /percent/ },
    'a rank above 100': {
      series: [series('DE', '300'), series('DE', '101', { units: 'percent' })],
      want: 'implausible',
      says: /101/,
    },
    'a unit that nobody knows': {
      series: [series('DE', '30', { units: 'furlongs' })],
      want: 'malformed',
      says: /furlongs/,
    },
    'no unit': { series: [{ labels: { location: 'DE' }, value: '30' }], want: 'malformed', says: /set unit/ },
    'two values': {
      series: [series('DE', '30', { node: 'a' }), series('DE', '31', { node: 'b' })],
      want: 'malformed',
      says: /disagree \(30, 31\)/,
    },
    NaN: { series: [series('DE', 'NaN')], want: 'no-data', says: /NaN/ },
    '+Inf': { series: [series('DE', '+Inf')], want: 'implausible', says: /Infinity/ },
    '-Inf': { series: [series('DE', '-Inf')], want: 'implausible', says: /Infinity/ },
  } as const;
  for (const [what, { series: exposed, want, says }] of Object.entries(VALUES)) {
    it(`calls ${what} ${want}, and leaves other zones alone`, async () => {
      const provider = await source({ series: [...exposed, series('FR', '50')] }, { kind: 'marginal' });
      const answers = await Asked.of(provider, ASKED_AT, 'DE', 'FR');

      assert.match(answers.failure('DE', want), says);
      assert.equal(answers.report('FR').observed[0]?.value, 50);
    });
  }

  it('does not let the configured unit contradict the label', async () => {
    const answers = await Asked.of(await source({}, { unit: 'lbCO2e per MWh' }), ASKED_AT, 'DE');

    assert.match(answers.failure('DE', 'malformed'), /says units gCO2e per kWh, the configuration lbCO2e per MWh/);
  });

  it('takes any label for the zone', async () => {
    const world = { series: [{ labels: { grid: 'DE' }, value: '0.3' }] };
    const provider = await source(world, { label: 'grid', unit: 'tCO2e per MWh' });

    assert.equal((await Asked.of(provider, ASKED_AT, 'DE')).report('DE').observed[0]?.value, 300);
  });

  it('does not take what every object has for a label', async () => {
    const message = await failed(Asked.of(await source({}, { label: 'constructor' }), ASKED_AT, 'DE'), 'malformed');

    assert.match(message, /no series has the label constructor/);
  });

  it('knows the one zone of a query by either of its names', async () => {
    const world = { series: [{ labels: {}, value: '300' }] };
    const provider = await source(world, { zone: 'DE', unit: 'gCO2e per kWh', timestampQuery: null });
    const named = [{ zone: zone('DE'), name: 'Germany' }];
    const answers = await provider.report(named, { now: ASKED_AT, signal: new AbortController().signal });

    assert.ok(answers.get(zone('DE')) !== undefined && !(answers.get(zone('DE')) instanceof Error));
  });

  const FORMATS = {
    'a value that is no number': { metric: { location: 'DE' }, value: [1, 'many'] },
    'a value that is not in text': { metric: { location: 'DE' }, value: [1, 30] },
    'an empty value': { metric: { location: 'DE' }, value: [1, ''] },
    'a histogram': { metric: { location: 'DE' }, histogram: [1, {}] },
  };
  for (const [what, one] of Object.entries(FORMATS)) {
    it(`calls ${what} malformed`, async () => {
      const provider = await source();
      const data = { resultType: 'vector', result: [one] };
      server.fail({ fault: 'changed', change: () => ({ status: 'success', data }) });

      await failed(Asked.of(provider, ASKED_AT, 'DE'), 'malformed');
    });
  }

  it('calls status error malformed even with 200', async () => {
    const provider = await source();
    server.fail({ fault: 'changed', change: () => ({ status: 'error', errorType: 'bad_data', error: 'no' }) });

    await failed(Asked.of(provider, ASKED_AT, 'DE'), 'malformed');
  });

  it('tells in the words of the server what is wrong with a query', async () => {
    const provider = await source();
    const body = { status: 'error', errorType: 'bad_data', error: 'invalid parameter "query": parse error' };
    server.fail({ fault: 'status', status: 422, body });

    assert.match(await failed(Asked.of(provider, ASKED_AT, 'DE'), 'refused'), /status 422, .*parse error/);
  });

  it('shows a bearer token, and sends further headers', async () => {
    const auth = { bearer: () => Promise.resolve(`${TOKEN}\n`) };
    const provider = await source({ authorization: `Bearer ${TOKEN}` }, { auth, headers: { 'X-Scope-OrgID': 'grid' } });
    (await Asked.of(provider, ASKED_AT, 'DE')).report('DE');

    assert.equal(server.seen[0]?.headers['x-scope-orgid'], 'grid');
  });

  it('shows user and password', async () => {
    const auth = { username: 'lowtide', password: () => Promise.resolve(TOKEN) };
    const authorization = `Basic ${Buffer.from(`lowtide:${TOKEN}`).toString('base64')}`;

    (await Asked.of(await source({ authorization }, { auth }), ASKED_AT, 'DE')).report('DE');
  });

  it('says that the token is refused, without showing it', async () => {
    const provider = await source(
      { authorization: 'Bearer another' },
      { auth: { bearer: () => Promise.resolve(TOKEN) } },
    );
    const message = await failed(Asked.of(provider, ASKED_AT, 'DE'), 'unauthorized');

    assertTellsNoSecret([message], [TOKEN]);
  });

  it('gives the past in requests that Prometheus does not refuse', async () => {
    const provider = await source({}, { historyStep: millis(MINUTE) });
    const from = instant(ASKED_AT - 10 * 24 * 60 * MINUTE - 30_000);
    const span = { from, to: instant(ASKED_AT + 24 * 60 * MINUTE) };
    const asking = { now: ASKED_AT, signal: new AbortController().signal };
    const history = (await provider.history?.({ zone: zone('FR'), name: 'FR' }, span, asking)) ?? [];

    assert.equal(server.count('query_range'), 2);
    assert.equal(history.length, 10 * 24 * 60);
    const minute = (at: number): Instant => instant(Math.ceil(at / MINUTE) * MINUTE);
    assert.deepEqual([history.at(0)?.start, history.at(-1)?.start], [minute(from), instant(ASKED_AT - MINUTE)]);
    assert.ok(history.every(({ start, end, value }) => end - start === MINUTE && value === sunnyGrid('FR', start)));
  });

  it('finds the past of one zone among that of sixty', async () => {
    const many = Array.from({ length: 60 }, (_, index) => series(`Z${index}`, '300'));
    const provider = await source({ series: many });
    const span = { from: instant(ASKED_AT - 10 * 24 * 60 * MINUTE), to: ASKED_AT };
    const asking = { now: ASKED_AT, signal: new AbortController().signal };
    const history = await provider.history?.({ zone: zone('Z59'), name: 'Z59' }, span, asking);

    assert.equal(history?.length, 10 * 24 * 12);
  });

  describe('withstands', () => {
    withstandsFaults({
      api: () => prometheusApi({ authorization: `Bearer ${TOKEN}` }),
      provider: (url, exchange) => {
        const auth = { bearer: () => Promise.resolve(TOKEN) };
        return prometheus({ id: 'prom', exchange, now: () => ASKED_AT, url: new URL(url), query: QUERY, auth });
      },
      zone: { zone: zone('DE'), name: 'DE' },
      secrets: [TOKEN],
      // One of many that nobody asked for.
      otherwise: { 'another zone': 'no-data' },
    });
  });
});
