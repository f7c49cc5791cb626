import assert from 'node:assert/strict';
import { instant, millis, zone } from '../../../../src/carbon/units.ts';
import type { ZoneReport } from '../../../../src/carbon/report.ts';
import { entsoe } from '../../../../src/sources/entsoe/client.ts';
import type { Exchange } from '../../../../src/sources/http/request.ts';
import { ProviderFailure } from '../../../../src/sources/failure.ts';
import type { Provider } from '../../../../src/sources/provider.ts';
import { acknowledgement, entsoeApi, WINDY } from '../../../support/grid-apis/entsoe.ts';
import type { EntsoeWorld } from '../../../support/grid-apis/entsoe.ts';
import {
  ASKED_AT,
  assertTellsNoSecret,
  outcomeOf,
  testExchange,
  withstandsFaults,
} from '../../../support/grid-apis/fault-table.ts';
import { GridServer } from '../../../support/grid-apis/grid-server.ts';

const TOKEN = '11111111-2222-3333-4444-555555555555';
const DE = { zone: zone('DE'), name: '10Y1001A1001A83F' };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const asking = { now: ASKED_AT, signal: new AbortController().signal };

function provider(
  url: string,
  exchange: Exchange,
  token: () => Promise<string> = () => Promise.resolve(`${TOKEN}\n`),
): Provider {
  return entsoe({ id: 'entsoe', exchange, now: () => ASKED_AT, token, url: `${url}/api` });
}

function at(text: string): number {
  return Date.parse(text);
}

describe('entsoe', () => {
  let server: GridServer;

  async function serve(world: EntsoeWorld = {}): Promise<Provider> {
    server = await GridServer.start(entsoeApi({ ...world, token: TOKEN }), () => ASKED_AT);
    return provider(server.url, testExchange());
  }

  async function reportOf(world: EntsoeWorld = {}): Promise<ZoneReport> {
    const outcome = await outcomeOf(await serve(world), DE);
    if (outcome instanceof ProviderFailure) throw outcome;
    return outcome;
  }

  afterEach(async () => {
    await server.close();
  });

  it('turns the generation mix into intensity and renewable share', async () => {
    const { observed, forecast, ...report } = await reportOf();

    assert.deepEqual(observed.at(-1), {
      start: at('2026-01-05T16:45:00Z'),
      end: at('2026-01-05T17:00:00Z'),
      value: 201.6,
      quality: 'measured',
    });
    assert.equal(observed.length, 23 * 4, 'a day less the hour that publication takes');
    assert.deepEqual(forecast, []);
    assert.deepEqual(report, {
      zone: 'DE',
      source: 'entsoe',
      kind: 'average',
      factor: 'lifecycle',
      forecastBy: null,
      renewablePct: 60,
      percentile: null,
      constant: null,
      sandbox: false,
      fetchedAt: ASKED_AT,
    });
  });

  it('takes one request, which names the area and the span in UTC', async () => {
    await reportOf();

    assert.equal(server.seen.length, 1);
    const query = Object.fromEntries(server.seen[0]?.query ?? []);
    assert.deepEqual(query, {
      securityToken: TOKEN,
      documentType: 'A75',
      processType: 'A16',
      in_Domain: DE.name,
      periodStart: '202601041800',
      periodEnd: '202601051800',
    });
    assert.equal(server.seen[0]?.headers.accept, 'application/xml');
  });

  it('gives no step in which a fuel that the zone reports is still missing', async () => {
    const late = at('2026-01-05T15:00:00Z');
    const { observed, renewablePct } = await reportOf({
      plants: { ...WINDY, B05: (when) => (when < late ? 30_000 : null) },
    });

    assert.equal(observed.at(-1)?.end, late);
    assert.ok((observed.at(-1)?.value ?? 0) > 500, 'coal is in it');
    assert.equal(renewablePct, 30);
  });

  it('leaves out what storage gives back', async () => {
    const { observed } = await reportOf({ plants: { ...WINDY, B10: () => 9_000, B25: () => 9_000 } });

    assert.equal(observed.at(-1)?.value, 201.6);
  });

  it('repeats what curve A03 does not repeat itself', async () => {
    const { observed } = await reportOf({ curve: 'A03' });

    assert.equal(observed.length, 23 * 4);
    assert.ok(observed.every(({ value }) => value === 201.6));
  });

  it('gives the past in pieces, without what lies outside it', async () => {
    const source = await serve({ resolution: HOUR });
    const span = { from: instant(ASKED_AT - 20 * DAY), to: instant(ASKED_AT - 2 * DAY) };

    const steps = (await source.history?.(DE, span, asking)) ?? [];

    assert.equal(server.seen.length, 9);
    assert.equal(steps.length, 18 * 24 - 1);
    assert.ok(steps.every(({ start, end }) => start >= span.from && end <= span.to));
    assert.equal(new Set(steps.map(({ start }) => start)).size, steps.length);
  });

  it('takes a stretch of the past without data for a gap', async () => {
    const source = await serve({ resolution: HOUR });
    server.fail({ fault: 'data', data: 'empty' }, { times: 1 });
    const span = { from: instant(ASKED_AT - 4 * DAY), to: ASKED_AT };

    const steps = (await source.history?.(DE, span, asking)) ?? [];

    assert.ok((steps[0]?.start ?? 0) >= ASKED_AT - 2 * DAY - HOUR);
    assert.ok(steps.length > 24);
  });

  it('refuses data from the future', async () => {
    const source = await serve();
    const tomorrow = (body: unknown): string =>
      String(body)
        .replaceAll('2026-01-05T17:00Z', '2026-01-06T17:00Z')
        .replaceAll('2026-01-04T18:00Z', '2026-01-05T18:00Z');
    server.fail({ fault: 'changed', change: tomorrow });

    const outcome = await outcomeOf(source, DE);

    assert.ok(outcome instanceof ProviderFailure);
    assert.equal(outcome.reason, 'clock-skew');
  });

  for (const [name, { status, code, text, want }] of Object.entries({
    'no data, said with 200': {
      status: 200,
      code: '999',
      text: 'No matching data found for Data item X',
      want: 'no-data',
    },
    'no data, said with 400': {
      status: 400,
      code: '999',
      text: 'No matching data found for Data item X',
      want: 'no-data',
    },
    'a wrong request': { status: 400, code: '999', text: 'Delivered time interval is not valid.', want: 'refused' },
    'another code': { status: 200, code: 'A02', text: 'Message fully rejected', want: 'refused' },
  } as const)) {
    it(`reads an acknowledgement in place of data: ${name}`, async () => {
      const source = await serve();
      server.fail({ fault: 'status', status, body: acknowledgement(code, text) });

      const outcome = await outcomeOf(source, DE);

      assert.ok(outcome instanceof ProviderFailure);
      assert.equal(outcome.reason, want);
      assert.ok(outcome.message.includes(text), outcome.message);
    });
  }

  for (const [name, token] of Object.entries({
    'that is wrong': () => Promise.resolve('not-the-token-0123456789'),
    'that is empty': () => Promise.resolve('\n'),
    'that cannot be read': () => Promise.reject(new Error('not-the-token-0123456789')),
  })) {
    it(`is unauthorized with a token ${name}, and does not tell it`, async () => {
      await serve();

      const outcome = await outcomeOf(provider(server.url, testExchange(), token), DE);

      assert.ok(outcome instanceof ProviderFailure);
      assert.equal(outcome.reason, 'unauthorized');
      assertTellsNoSecret([outcome], ['not-the-token-0123456789']);
    });
  }

  it('does not know an area that the platform does not know', async () => {
    const outcome = await outcomeOf(await serve(), { zone: zone('XX'), name: '10Y-NOWHERE----1' });

    assert.ok(outcome instanceof ProviderFailure);
    assert.equal(outcome.reason, 'no-data');
  });

  it('looks as far back as it is told', async () => {
    await serve();
    const source = entsoe({
      id: 'entsoe',
      exchange: testExchange(),
      now: () => ASKED_AT,
      token: () => Promise.resolve(TOKEN),
      url: server.url,
      lookback: millis(6 * HOUR),
    });

    await outcomeOf(source, DE);

    assert.equal(server.seen[0]?.query.get('periodStart'), '202601051200');
  });
});

describe('entsoe under faults', () => {
  it('does not repeat the token where an acknowledgement does', async () => {
    const text = acknowledgement('999', `No matching data found for securityToken=${TOKEN}`);
    const answer = { status: 200, contentType: 'text/xml', text, retryAfter: null, clockSkew: null };
    const outcome = await outcomeOf(
      provider('http://entsoe', () => Promise.resolve(answer)),
      DE,
    );

    assert.ok(outcome instanceof ProviderFailure);
    assert.equal(outcome.reason, 'no-data');
    assertTellsNoSecret([outcome], [TOKEN]);
  });

  it('reads no document of which the reading would hold up everything else', async () => {
    const text = `<a>${'x'.repeat(1024 * 1024)}</a>`;
    const answer = { status: 200, contentType: 'text/xml', text, retryAfter: null, clockSkew: null };
    const outcome = await outcomeOf(
      provider('http://entsoe', () => Promise.resolve(answer)),
      DE,
    );

    assert.ok(outcome instanceof ProviderFailure);
    assert.deepEqual(
      [outcome.reason, outcome.message],
      ['too-large', 'generation: 1048583 characters, more than 1048576'],
    );
  });

  withstandsFaults({
    api: () => entsoeApi({ token: TOKEN }),
    provider,
    zone: DE,
    secrets: [TOKEN],
    otherwise: {
      'values below zero': 'no-data',
      'a clock that is two hours ahead': null,
    },
  });
});
