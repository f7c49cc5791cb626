import assert from 'node:assert/strict';
import { meteredExchange, meteredProvider } from '../../../../src/sources/chain/metered-exchange.ts';
import { Meter } from '../../../../src/sources/chain/meter-of.ts';
import type { ChainObserver } from '../../../../src/sources/chain/observer.ts';
import { ProviderFailure } from '../../../../src/sources/failure.ts';
import type { HttpAnswer, HttpRequest } from '../../../../src/sources/http/request.ts';
import type { Provider } from '../../../../src/sources/provider.ts';
import { instant } from '../../../../src/carbon/units.ts';
import { NOW } from '../../../support/world.ts';

const REQUEST: HttpRequest = {
  what: 'latest',
  url: new URL('http://127.0.0.1/latest?zone=DE'),
  headers: { 'auth-token': 'most-secret' },
  signal: new AbortController().signal,
};

function answer(status: number): HttpAnswer {
  return { status, contentType: 'application/json', text: '{}', retryAfter: null, clockSkew: null };
}

interface Stage {
  told: unknown[];
  metering: Parameters<typeof meteredExchange>[1];
  clock: { ms: number };
}

function stage(perDay: number | null = null): Stage {
  const told: unknown[] = [];
  const clock = { ms: 0 };
  const observer: ChainObserver = {
    onCall: (...call) => told.push(call),
    onReport: (...report) => told.push(report),
    onCircuit: (...circuit) => told.push(circuit),
    onBudget: (...budget) => told.push(budget),
  };
  const meter = new Meter({ perDay, perMinute: null, now: () => NOW });
  return { told, clock, metering: { source: 'first', meter, observer, monotonic: () => clock.ms } };
}

describe('meteredExchange', () => {
  const outcomes: Record<string, { status: number; want: string }> = {
    'tells of an answer': { status: 200, want: 'ok' },
    'tells of a refused credential': { status: 401, want: 'unauthorized' },
    'tells of a limit': { status: 429, want: 'rate-limited' },
    'tells of an error upstream': { status: 503, want: 'upstream-error' },
  };
  for (const [sentence, { status, want }] of Object.entries(outcomes)) {
    it(sentence, async () => {
      const { told, metering, clock } = stage(5);
      const exchange = meteredExchange(() => {
        clock.ms += 250;
        return Promise.resolve(answer(status));
      }, metering);

      assert.equal((await exchange(REQUEST)).status, status);
      assert.deepEqual(told, [
        ['first', 4],
        ['first', 'latest', want, 0.25],
      ]);
    });
  }

  it('tells of a failure on the way, and passes it on', async () => {
    const { told, metering } = stage();
    const failure = new ProviderFailure('truncated', 'the connection ended within the answer');

    await assert.rejects(meteredExchange(() => Promise.reject(failure), metering)(REQUEST), failure);
    assert.deepEqual(told.at(-1), ['first', 'latest', 'truncated', 0]);
  });

  it('does not send what the allowance no longer covers', async () => {
    const { told, metering } = stage(1);
    let sent = 0;
    const exchange = meteredExchange(() => {
      sent += 1;
      return Promise.resolve(answer(200));
    }, metering);

    await exchange(REQUEST);
    await assert.rejects(exchange(REQUEST), { name: 'ProviderFailure', reason: 'over-budget' });
    assert.equal(sent, 1);
    assert.deepEqual(told.at(-1), ['first', 'latest', 'over-budget', 0]);
  });

  it('emits no credential', async () => {
    const { told, metering } = stage(1);
    const exchange = meteredExchange(() => Promise.resolve(answer(200)), metering);
    await exchange(REQUEST);
    const error: unknown = await exchange(REQUEST).catch((reason: unknown) => reason);

    assert.ok(!`${JSON.stringify(told)}${String(error)}`.includes('most-secret'));
  });
});

describe('meteredProvider', () => {
  const asking = { now: NOW, signal: new AbortController().signal };
  const span = { from: instant(0), to: NOW };

  function provider(part: Partial<Provider> = {}): Provider {
    return {
      id: 'table',
      kind: 'average',
      factor: 'lifecycle',
      serves: 'all',
      report: () => Promise.resolve(new Map()),
      history: null,
      ...part,
    };
  }

  it('counts each report and each history as one request', async () => {
    const { told, metering } = stage(2);
    const metered = meteredProvider(provider({ history: () => Promise.resolve([]) }), metering);

    await metered.report([], asking);
    await metered.history?.({ zone: 'DE' as never, name: 'DE' }, span, asking);

    await assert.rejects(metered.report([], asking), { reason: 'over-budget' });
    assert.deepEqual(
      told.map((each) => (each as unknown[]).slice(0, 3)),
      [
        ['first', 1],
        ['first', 'report', 'ok'],
        ['first', 0],
        ['first', 'history', 'ok'],
        ['first', 'report', 'over-budget'],
      ],
    );
  });

  it('has no history where the provider has none', () => {
    assert.equal(meteredProvider(provider(), stage().metering).history, null);
  });

  it('closes the provider', async () => {
    let closed = false;
    const inner = provider({
      close: () => {
        closed = true;
        return Promise.resolve();
      },
    });
    await meteredProvider(inner, stage().metering).close?.();
    assert.equal(closed, true);
  });
});
