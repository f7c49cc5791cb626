import assert from 'node:assert/strict';
import { fitInSteps } from '../../../../src/carbon/forecast/forecaster.ts';
import { OWN_HORIZON } from '../../../../src/carbon/forecast/own.ts';
import type { KnownReading } from '../../../../src/carbon/types.ts';
import { instant, millis, zone } from '../../../../src/carbon/units.ts';
import type { Instant } from '../../../../src/carbon/units.ts';
import { Meter } from '../../../../src/sources/chain/meter-of.ts';
import { meteredExchange } from '../../../../src/sources/chain/metered-exchange.ts';
import { ProviderChain } from '../../../../src/sources/chain/provider-chain.ts';
import { electricityMaps, electricityMapsRequests } from '../../../../src/sources/electricity-maps/client.ts';
import { DEFAULT_MAX_BYTES, DEFAULT_TIMEOUT, httpExchange } from '../../../../src/sources/http/exchange.ts';
import { OwnForecasts } from '../../../../src/sources/own-forecast/own-forecasts.ts';
import { electricityMapsApi } from '../../../support/grid-apis/electricity-maps.ts';
import type { ElectricityMapsWorld } from '../../../support/grid-apis/electricity-maps.ts';
import { GridServer, sunnyGrid } from '../../../support/grid-apis/grid-server.ts';
import { DAY, HOUR, JANUARY } from '../../../support/own-forecast.ts';

const DE = zone('DE');
const quiet = (): void => undefined;
const OBSERVER = { onCall: quiet, onReport: quiet, onCircuit: quiet, onBudget: quiet };

describe('a chain whose provider has no forecast', () => {
  let server: GridServer;
  let now: Instant = JANUARY;
  let chain: ProviderChain;
  let forecasts: OwnForecasts;

  const open = async (world: ElectricityMapsWorld): Promise<void> => {
    now = JANUARY;
    const clock = (): Instant => now;
    server = await GridServer.start(electricityMapsApi(world), clock);
    const meter = new Meter({ perDay: 100, perMinute: 30, now: clock });
    const exchange = meteredExchange(
      httpExchange({ timeout: DEFAULT_TIMEOUT, maxBytes: DEFAULT_MAX_BYTES, now: clock }),
      {
        ...{ source: 'electricity-maps', meter, observer: OBSERVER },
        monotonic: () => performance.now(),
      },
    );
    const options = {
      ...{ id: 'electricity-maps', exchange, now: clock, url: `${server.url}/v4`, forecast: false },
      token: () => Promise.resolve('em-key-0123456789'),
    };
    const source = {
      provider: electricityMaps(options),
      nameOf: (name: string) => name,
      ages: { soft: millis(2 * HOUR), hard: millis(6 * HOUR) },
      refresh: millis(HOUR),
      meter,
      requestsPerReport: electricityMapsRequests(options),
    };
    chain = new ProviderChain({ sources: [source], now: clock, random: () => 0, observer: OBSERVER });
    forecasts = new OwnForecasts({
      fit: (history) => fitInSteps(history, OWN_HORIZON),
      now: clock,
      random: () => 0,
      defer: setImmediate,
    });
    chain.useZones([DE]);
    chain.enrich(forecasts.enricher());
    forecasts.onFitted((fitted) => {
      chain.enrichAgain(fitted);
    });
  };
  /** One round, one gathering, and whatever was to be fitted. */
  const turn = async (): Promise<KnownReading> => {
    const signal = new AbortController().signal;
    await chain.round(signal);
    await forecasts.gather(signal);
    for (let i = 0; i < 100; i += 1) await new Promise((resolve) => setImmediate(resolve));
    const reading = chain.readingsAt(now).get(DE);
    assert.ok(reading?.state === 'known');
    return reading;
  };

  afterEach(async () => {
    forecasts.close();
    await chain.close();
    await server.close();
  });

  it('has its own from the second gathering on where the plan has ranges of the past', async () => {
    await open({ commercial: true });

    assert.equal((await turn()).forecastBy, null);
    now = instant(now + 60_000);
    const reading = await turn();

    assert.equal(server.count('latest'), 1, 'the report that was kept is completed');
    assert.equal(reading.forecastBy, 'own');
    assert.equal(reading.quality, 'estimated');
    assert.equal(reading.constant, false);
    assert.equal(reading.forecast[0]?.start, JANUARY + HOUR, 'what comes after the hour that is known');
    for (const { start, value, low = value, high = value } of reading.forecast) {
      assert.ok(low <= value && value <= high);
      assert.ok(Math.abs(value - sunnyGrid('DE', start)) < 30, `${new Date(start).toISOString()} ${value}`);
    }
  }).timeout(20_000);

  it('has its own after two weeks where there is the latest value and the last day alone', async () => {
    await open({ commercial: false });
    const days: number[] = [];
    for (const end = JANUARY + 16 * DAY; now < end; now = instant(now + HOUR)) {
      if ((await turn()).forecastBy === 'own') days.push((now - JANUARY) / DAY);
    }

    assert.ok((days[0] ?? 0) > 12 && (days[0] ?? 0) <= 14, `${days[0] ?? 'never'}`);
    assert.equal(days.length, Math.round((16 - (days[0] ?? 0)) * 24), 'and at every hour from then on');
    assert.ok(server.count('past-range') <= 17, `${server.count('past-range')} requests for ranges`);
  }).timeout(60_000);
});
