import assert from 'node:assert/strict';
import { instant, millis, zone } from '../../../src/carbon/units.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import { httpExchange } from '../../../src/sources/http/exchange.ts';
import { prometheus } from '../../../src/sources/prometheus/client.ts';
import type { PrometheusOptions } from '../../../src/sources/prometheus/client.ts';
import type { Provider } from '../../../src/sources/provider.ts';
import { Asked, failed } from '../../support/asked.ts';
import { PrometheusServer } from '../../support/prometheus-server.ts';
import { serverOrSkip } from '../../support/source-server.ts';

const AVERAGE = 'grid_intensity_carbon_average';
const line = (
  location: string,
  value: number | string,
  more: Record<string, string> = {},
  at: Instant | '' = '',
): string => {
  const labels = { location, units: 'gCO2e per kWh', provider: 'ElectricityMaps', is_estimated: 'false', ...more };
  const text = Object.entries(labels).map(([name, text]) => `${name}="${text}"`);
  return `${AVERAGE}{${text.join(',')}} ${value} ${at}\n`;
};

describe('a query of a real Prometheus as a source', () => {
  let server: PrometheusServer;
  let old: Instant;
  before(async function () {
    // Prometheus looks back five minutes, from when this suite runs, not from when it is loaded.
    old = instant(Date.now() - 120_000);
    server = serverOrSkip(this, await PrometheusServer.start(), 'Prometheus');
    await server.expose(
      line('DE', 302.5) +
        line('FR', 50, { is_estimated: 'true' }) +
        line('US-CAL-CISO', 1000, { units: 'lbCO2e per MWh' }) +
        line('OLD', 100, {}, old) +
        line('NAN', 'NaN') +
        line('INF', '+Inf') +
        line('PCT', 30, { units: 'percent' }) +
        line('TWO', 200, { provider: 'A' }) +
        line('TWO', 210, { provider: 'B' }) +
        line('SAME', 200, { provider: 'A' }) +
        line('SAME', 200, { provider: 'B' }),
    );
  });
  after(async () => {
    // Not there where the suite was skipped.
    await (server as PrometheusServer | undefined)?.stop();
  });

  const clock = (): Instant => instant(Date.now());
  function source(options: Partial<PrometheusOptions> = {}): Provider {
    const exchange = httpExchange({ timeout: millis(5_000), maxBytes: 1_000_000, now: clock });
    return prometheus({ id: 'prom', exchange, now: clock, url: server.url, query: AVERAGE, ...options });
  }

  it('reads every zone, its unit and its quality', async () => {
    const answers = await Asked.of(source(), clock(), 'DE', 'FR', 'US-CAL-CISO', 'SAME', 'PL');

    const values = ['DE', 'FR', 'US-CAL-CISO', 'SAME'].map((name) => {
      const [step] = answers.report(name).observed;
      return [name, step?.value, step?.quality];
    });
    assert.deepEqual(values, [
      ['DE', 302.5, 'measured'],
      ['FR', 50, 'estimated'],
      ['US-CAL-CISO', 453.59237, 'measured'],
      ['SAME', 200, 'measured'],
    ]);
    answers.failure('PL', 'no-data');
  });

  it('knows the age of a sample, which the answer itself hides', async () => {
    const answers = await Asked.of(source(), clock(), 'DE', 'OLD');

    assert.deepEqual(
      answers.report('OLD').observed.map(({ start, end }) => [start, end]),
      [[old, old + 300_000]],
    );
    const [fresh] = answers.report('DE').observed;
    assert.ok(fresh !== undefined && Math.abs(clock() - fresh.start) < 5_000);
  });

  it('says which zone has no value, and why', async () => {
    const answers = await Asked.of(source(), clock(), 'NAN', 'INF', 'PCT', 'TWO', 'DE');

    answers.failure('NAN', 'no-data');
    answers.failure('INF', 'implausible');
    assert.match(answers.failure('PCT', 'malformed'), /percent/);
    assert.match(answers.failure('TWO', 'malformed'), /disagree \(200, 210\)/);
    answers.report('DE');
  });

  it('takes an expression without labels for the one zone, with its unit and age said', async () => {
    const query = `max(${AVERAGE}{location="OLD"})`;
    const timestampQuery = `max(timestamp(${AVERAGE}{location="OLD"}))`;
    const answers = await Asked.of(
      source({ query, timestampQuery, zone: 'DE', unit: 'gCO2e per kWh' }),
      clock(),
      'DE',
      'FR',
    );

    assert.deepEqual(
      answers.report('DE').observed.map(({ value, start }) => [value, start]),
      [[100, old]],
    );
    answers.failure('FR', 'no-data');
  });

  it('takes a scalar', async () => {
    const one = { zone: 'DE', unit: 'kgCO2e per kWh' } as const;
    const answers = await Asked.of(
      source({ query: `scalar(${AVERAGE}{location="DE"}) / 1000`, ...one }),
      clock(),
      'DE',
    );

    assert.equal(answers.report('DE').observed[0]?.value, 302.5);
  });

  it('refuses to guess a unit or a zone', async () => {
    const stripped = await Asked.of(source({ query: `max by (location) (${AVERAGE})` }), clock(), 'DE');

    assert.match(stripped.failure('DE', 'malformed'), /set unit/);
    assert.match(
      await failed(Asked.of(source({ query: `max(${AVERAGE})` }), clock(), 'DE'), 'malformed'),
      /label location/,
    );
    assert.match(await failed(Asked.of(source({ query: '1 + 1' }), clock(), 'DE'), 'malformed'), /set zone/);
  });

  it('finds nothing for a metric that is not there', async () => {
    (await Asked.of(source({ query: 'nothing' }), clock(), 'DE')).failure('DE', 'no-data');
  });

  it('passes on what is wrong with a query', async () => {
    assert.match(
      await failed(Asked.of(source({ query: 'sum(' }), clock(), 'DE'), 'refused'),
      /status 400.*parse error/,
    );
    assert.match(
      await failed(Asked.of(source({ query: `${AVERAGE}[5m]` }), clock(), 'DE'), 'malformed'),
      /neither a vector/,
    );
  });

  it('gives the past', async () => {
    const now = clock();
    const span = { from: instant(now - 20_000), to: instant(now + 3_600_000) };
    const asking = { now, signal: new AbortController().signal };
    const provider = source({ historyStep: millis(1_000), query: `${AVERAGE}{location=~"DE|FR"}` });
    const history = (await provider.history?.({ zone: zone('FR'), name: 'FR' }, span, asking)) ?? [];

    assert.ok(history.length >= 2, String(history.length));
    for (const { start, end, value, quality } of history) {
      assert.deepEqual([value, quality, end - start, start % 1000], [50, 'estimated', 1_000, 0]);
      assert.ok(start < now);
    }
  });

  it('loses a zone whose exporter is gone', async () => {
    await server.expose(line('DE', 302.5));
    const answers = await Asked.of(source(), clock(), 'DE', 'FR');

    answers.report('DE');
    answers.failure('FR', 'no-data');
  });
});
