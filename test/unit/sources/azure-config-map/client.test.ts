import assert from 'node:assert/strict';
import { instant } from '../../../../src/carbon/units.ts';
import type { FailureReason } from '../../../../src/sources/failure.ts';
import { azureConfigMap } from '../../../../src/sources/azure-config-map/client.ts';
import type { AzureConfigMapOptions } from '../../../../src/sources/azure-config-map/client.ts';
import { Asked, failed } from '../../../support/asked.ts';

const NOW = instant(Date.parse('2026-01-05T18:07:00Z'));
const at = (minutes: number): string => new Date(Date.parse('2026-01-05T18:00:00Z') + minutes * 60_000).toISOString();
/** As the exporter's Go program writes the forecast of the SDK. */
const row = (minutes: number, value?: number | null, location = 'CAISO_NORTH') => ({
  location,
  timestamp: at(minutes),
  duration: 5,
  ...(value !== undefined && { value }),
});
const base64 = (rows: unknown): string =>
  Buffer.from(typeof rows === 'string' ? rows : JSON.stringify(rows)).toString('base64');
const configMap = (rows: unknown, data: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'carbon-intensity', namespace: 'kube-system' },
  immutable: true,
  data: { lastHeartbeatTime: '2026-01-05 18:00:00 +0000 UTC', message: '', numOfRecords: '2', ...data },
  binaryData: { data: base64(rows) },
});
const minutesOf = (ms: number): number => (ms - Date.parse(at(0))) / 60_000;

describe('azureConfigMap', () => {
  const source = (answer: unknown, options: Partial<AzureConfigMapOptions> = {}) =>
    azureConfigMap({ id: 'azure', now: () => NOW, read: () => Promise.resolve(answer), ...options });
  const ask = (answer: unknown, options: Partial<AzureConfigMapOptions> = {}, name = 'CAISO_NORTH') =>
    Asked.of(source(answer, options), NOW, name);

  it('reports a forecast that covers this moment, and nothing as observed', async () => {
    const answers = await ask(configMap([row(0, 410), row(5, 400.5), row(10, 390)]));

    const { forecast, ...rest } = answers.report('CAISO_NORTH');
    assert.deepEqual(
      forecast.map(({ start, end, value }) => [minutesOf(start), minutesOf(end), value]),
      [
        [0, 5, 410],
        [5, 10, 400.5],
        [10, 15, 390],
      ],
    );
    assert.deepEqual(rest, {
      zone: 'CAISO_NORTH',
      source: 'azure',
      kind: 'marginal',
      factor: 'direct',
      observed: [],
      forecastBy: 'provider',
      renewablePct: null,
      percentile: null,
      constant: null,
      sandbox: false,
      fetchedAt: NOW,
    });
  });

  const SPELLINGS = {
    'the fields of the SDK, with a TimeSpan': {
      Location: 'CAISO_NORTH',
      Time: at(5),
      Rating: 400,
      Duration: '00:05:00',
    },
    'a TimeSpan with days and fractions': {
      location: 'CAISO_NORTH',
      time: at(5),
      rating: 400,
      duration: '0.00:05:00.000',
    },
    'a duration left out': { location: 'CAISO_NORTH', timestamp: at(5), value: 400 },
    'further fields': { ...row(5, 400), note: 'new' },
    'a location in other letters': row(5, 400, 'caiso_north'),
  };
  for (const [what, spelt] of Object.entries(SPELLINGS)) {
    it(`understands ${what}`, async () => {
      const [step] = (await ask(configMap([spelt]))).report('CAISO_NORTH').forecast;

      assert.deepEqual([minutesOf(step?.start ?? 0), minutesOf(step?.end ?? 0), step?.value], [5, 10, 400]);
    });
  }

  it('understands rows under data, which are not in base64', async () => {
    const answers = await ask({ data: { data: JSON.stringify([row(5, 400)]) }, binaryData: null });

    assert.equal(answers.report('CAISO_NORTH').forecast.length, 1);
  });

  it('leaves out rows without a value: a zero is not written, and -1 stands for none', async () => {
    const answers = await ask(configMap([row(0, 410), row(5), row(10, null), row(15, -1), row(20, 390)]));

    const starts = answers.report('CAISO_NORTH').forecast.map(({ start }) => minutesOf(start));
    assert.deepEqual(starts, [0, 20]);
  });

  it('takes the rows for the one zone that it is told, whatever they call it', async () => {
    const answers = await Asked.of(source(configMap([row(5, 400)]), { zone: 'US-CAL-CISO' }), NOW, 'US-CAL-CISO', 'DE');

    assert.equal(answers.report('US-CAL-CISO').forecast.length, 1);
    answers.failure('DE', 'unknown-zone');
  });

  it('serves Electricity Maps behind the exporter', async () => {
    const answers = await ask(configMap([row(5, 300, 'DE')]), { kind: 'average', factor: 'lifecycle' }, 'DE');

    const { kind, factor } = answers.report('DE');
    assert.deepEqual([kind, factor], ['average', 'lifecycle']);
  });

  const ZONE_FAILURES: Record<string, readonly [unknown, FailureReason, RegExp]> = {
    'rows of another place': [configMap([row(5, 400, 'westus')]), 'unknown-zone', /the rows are of westus/],
    'no rows': [configMap([]), 'no-data', /no row/],
    'no values': [configMap([row(5, null)]), 'no-data', /no row/],
    'a forecast that is over': [
      configMap([row(-60, 400)], { message: 'Unable to update forecast Data.' }),
      'stale-data',
      /ended at 2026-01-05T17:05.*Unable to update/,
    ],
    'an absurd value': [configMap([row(0, 410), row(5, 2001)]), 'implausible', /2001/],
    'a negative value': [configMap([row(5, -2)]), 'implausible', /-2/],
  };
  for (const [what, [answer, want, says]] of Object.entries(ZONE_FAILURES)) {
    it(`calls ${what} ${want}`, async () => {
      assert.match((await ask(answer)).failure('CAISO_NORTH', want), says);
    });
  }

  it('does not mix places where one is meant', async () => {
    const answers = await ask(configMap([row(5, 400), row(10, 300, 'DE')]), { zone: 'CAISO_NORTH' });

    assert.match(answers.failure('CAISO_NORTH', 'malformed'), /CAISO_NORTH, DE: not of one zone/);
  });

  const FAILURES: Record<string, readonly [unknown, FailureReason]> = {
    'no ConfigMap': [null, 'no-data'],
    'a ConfigMap without the key': [{ data: { other: '[]' } }, 'no-data'],
    'an empty ConfigMap': [{}, 'no-data'],
    'something else': [[1], 'malformed'],
    'what is not JSON': [configMap('<html>'), 'malformed'],
    'what is not base64': [{ binaryData: { data: '%%%' } }, 'malformed'],
    'what is not a list': [configMap({ data: [] }), 'malformed'],
    'rows without a time': [configMap([{ value: 400 }]), 'malformed'],
    'a time without its offset': [configMap([{ ...row(5, 400), timestamp: '2026-01-05T18:00:00' }]), 'malformed'],
    'a value in text': [configMap([{ ...row(5), value: '400' }]), 'malformed'],
    'a duration in words': [configMap([{ ...row(5, 400), duration: 'five' }]), 'malformed'],
  };
  for (const [what, [answer, want]] of Object.entries(FAILURES)) {
    it(`calls ${what} ${want}`, async () => {
      await failed(ask(answer), want);
    });
  }

  const REFUSALS: Record<string, FailureReason> = {
    forbidden: 'forbidden',
    'credentials-unavailable': 'unauthorized',
    timeout: 'timeout',
    'server-error': 'upstream-error',
    unreachable: 'unreachable',
  };
  for (const [code, want] of Object.entries(REFUSALS)) {
    it(`calls the API server's ${code} ${want}, without its words`, async () => {
      const read = () => Promise.reject(Object.assign(new Error('Bearer abcdef'), { code }));

      const message = await failed(ask(null, { read }), want);
      assert.ok(message.includes(code) && !message.includes('abcdef'), message);
    });
  }
});
