import assert from 'node:assert/strict';
import { instant, millis, zone } from '../../../../src/carbon/units.ts';
import type { Instant, Zone } from '../../../../src/carbon/units.ts';
import { carbonAwareSdk } from '../../../../src/sources/carbon-aware-sdk/client.ts';
import { meteredExchange } from '../../../../src/sources/chain/metered-exchange.ts';
import { Meter } from '../../../../src/sources/chain/meter-of.ts';
import { ProviderChain } from '../../../../src/sources/chain/provider-chain.ts';
import type { ChainSource } from '../../../../src/sources/chain/source.ts';
import { electricityMaps } from '../../../../src/sources/electricity-maps/client.ts';
import { httpExchange } from '../../../../src/sources/http/exchange.ts';
import type { Exchange } from '../../../../src/sources/http/request.ts';
import type { Provider } from '../../../../src/sources/provider.ts';
import { wattTime } from '../../../../src/sources/watttime/client.ts';
import { busiestDay, busiestMinute, DAY_ZONES, Ledger, troubleAt, Watcher } from '../../../support/fault-day.ts';
import type { Trouble } from '../../../support/fault-day.ts';
import { carbonAwareSdkApi } from '../../../support/grid-apis/carbon-aware-sdk.ts';
import { electricityMapsApi } from '../../../support/grid-apis/electricity-maps.ts';
import { GridServer } from '../../../support/grid-apis/grid-server.ts';
import type { Fault, GridWorld } from '../../../support/grid-apis/grid-server.ts';
import { wattTimeApi } from '../../../support/grid-apis/watttime.ts';
import { HOUR, MINUTE } from '../../../support/zone-reports.ts';

const MIDNIGHT = Date.parse('2026-03-02T00:00:00Z');
const REFRESH = 15;
const LIMITS = { perDay: 3000, perMinute: 16 };
const KEY = 'em-key-0123456789';

type Source = 'maps' | 'watttime' | 'sdk';
const SOURCES: readonly Source[] = ['maps', 'watttime', 'sdk'];

/** What each system calls the zones of the day. */
const NAMES: Readonly<Record<Source, readonly (string | null)[]>> = {
  maps: DAY_ZONES,
  watttime: ['DE_ALL', 'FR_ALL', null, 'CAISO_NORTH'],
  sdk: ['germanywestcentral', 'francecentral', 'uksouth', 'westus'],
};
const LEVEL: Readonly<Record<Source, number>> = { maps: 100, watttime: 700, sdk: 300 };

function befalls(source: Source, from: number, to: number, fault: Fault): Trouble<Fault> {
  return { source, from, to, fault };
}

const DAY: readonly Trouble<Fault>[] = [
  befalls('maps', 60, 150, { fault: 'reset' }),
  befalls('maps', 180, 270, { fault: 'status', status: 429, headers: { 'retry-after': '300' } }),
  befalls('maps', 300, 390, { fault: 'stale', age: 4 * HOUR }),
  befalls('maps', 420, 510, { fault: 'data', data: 'absurd' }),
  befalls('maps', 540, 600, { fault: 'data', data: 'wrong-zone' }),
  befalls('maps', 630, 675, { fault: 'hang' }),
  befalls('maps', 720, 780, { fault: 'html' }),
  befalls('maps', 810, 1080, { fault: 'status', status: 503 }),
  befalls('sdk', 830, 1060, { fault: 'truncated' }),
  befalls('watttime', 800, 1100, { fault: 'data', data: 'nulls' }),
  befalls('maps', 1110, 1160, { fault: 'status', status: 401 }),
  befalls('maps', 1190, 1240, { fault: 'data', data: 'nulls' }),
  befalls('maps', 1270, 1320, { fault: 'clock', skew: 2 * HOUR }),
  befalls('maps', 1350, 1400, { fault: 'data', data: 'negative' }),
];

class ServedDay {
  readonly ledger = new Ledger();
  readonly servers = new Map<Source, GridServer>();
  now = instant(MIDNIGHT);
  chain: ProviderChain | null = null;

  async open(): Promise<ProviderChain> {
    const clock = (): Instant => this.now;
    for (const source of SOURCES) {
      const server = await GridServer.start(this.#api(source), clock);
      this.servers.set(source, server);
      // The first request of a process takes long.
      await (await fetch(server.url)).text();
    }
    const told = (): undefined => undefined;
    const observer = { onCall: told, onReport: told, onCircuit: told, onBudget: told };
    const sources = SOURCES.map((source): ChainSource => {
      const meter = new Meter({ ...LIMITS, now: clock });
      // Slow is whatever takes longer than this, in the time of the machine.
      const wire = httpExchange({ timeout: millis(400), maxBytes: 1024 * 1024, now: clock });
      const exchange = meteredExchange(wire, { source, meter, observer, monotonic: () => 0 });
      return {
        provider: this.#provider(source, exchange),
        nameOf: (of) => NAMES[source][DAY_ZONES.indexOf(of)] ?? null,
        ages: { soft: millis(30 * MINUTE), hard: millis(90 * MINUTE) },
        refresh: millis(REFRESH * MINUTE),
        ...{ meter, requestsPerReport: 2 },
      };
    });
    let draw = 0;
    const random = (): number => ((draw += 1) * 0.618) % 1;
    this.chain = new ProviderChain({ sources, now: clock, random, observer });
    this.chain.useZones(DAY_ZONES);
    return this.chain;
  }

  async close(): Promise<void> {
    await this.chain?.close();
    await Promise.all(Array.from(this.servers.values(), (server) => server.close()));
  }

  /** One minute of the day: what is scripted befalls, and what is due is asked. */
  async live(minute: number): Promise<void> {
    this.now = instant(MIDNIGHT + minute * MINUTE);
    for (const [source, server] of this.servers) {
      const fault = troubleAt(DAY, source, minute);
      server.heal();
      if (fault !== null) server.fail(fault);
    }
    const due = this.chain?.nextDue() ?? null;
    if (due !== null && due <= this.now) await this.chain?.round(new AbortController().signal);
  }

  #api(source: Source) {
    const names = NAMES[source].filter((name) => name !== null);
    const value: GridWorld = (name, at) => {
      const of = DAY_ZONES[NAMES[source].indexOf(name)] ?? zone(name);
      const grams = LEVEL[source] + DAY_ZONES.indexOf(of) * 20 + (Math.floor(at / (5 * MINUTE)) % 17);
      this.ledger.gave(source, of, grams);
      return grams;
    };
    if (source === 'maps') return electricityMapsApi({ value, zones: names, key: KEY });
    return source === 'sdk' ? carbonAwareSdkApi({ value, locations: names }) : wattTimeApi({ value, regions: names });
  }

  #provider(id: Source, exchange: Exchange): Provider {
    const url = this.servers.get(id)?.url ?? '';
    const common = { id, exchange, now: () => this.now };
    const secret = (text: string) => () => Promise.resolve(text);
    if (id === 'maps') {
      return electricityMaps({ ...common, url: `${url}/v4`, token: secret(KEY), forecast: false });
    }
    if (id === 'sdk') return carbonAwareSdk({ ...common, url, forecast: false, lookback: millis(3 * HOUR) });
    return wattTime({
      ...common,
      url,
      username: secret('ada'),
      password: secret('a-good-password'),
      percentile: false,
    });
  }
}

describe('a day of faulty servers', () => {
  const day = new ServedDay();
  let watcher: Watcher | null = null;
  let failed: unknown = null;
  const speakers = (minute: number): string => watcher?.at(minute) ?? '';
  const during = (from: number, to: number): ReadonlySet<Zone | string> =>
    new Set(watcher?.speaks.slice(from, to).flatMap((each) => [...each.values()]));

  before(async () => {
    const looking = new Watcher(await day.open(), day.ledger);
    watcher = looking;
    for (let minute = 0; minute < 1440 && failed === null; minute += 1) {
      await day.live(minute);
      try {
        looking.look(day.now);
      } catch (error) {
        failed = new Error(`at minute ${minute}`, { cause: error });
      }
    }
  }).timeout(30_000);

  after(async () => {
    await day.close();
  });

  it('shows no value that nobody gave, mixes no kinds, and leaves no answer of the extender undefined', () => {
    assert.equal(failed, null);
    assert.equal(watcher?.speaks.length, 1440);
    assert.ok(!during(0, 1440).has('watttime'));
  });

  for (const { from, to, fault } of DAY.filter(({ source }) => source === 'maps')) {
    it(`goes back to the best source within one refresh after ${JSON.stringify(fault)}`, () => {
      assert.equal(speakers(to + REFRESH), 'maps');
      assert.ok(during(from, to).has('sdk'), [...during(from, to)].join(', '));
    });
  }

  it('knows nothing while nobody has answered for longer than the hard age, and says why', () => {
    assert.equal(speakers(1050), 'source-failing');
    const unknown = watcher?.unknownMinutes() ?? [];
    assert.ok(
      unknown.every((minute) => minute > 900 && minute <= 1060 + REFRESH),
      unknown.join(' '),
    );
  });

  it('sends no more requests than the day and the minute allow', () => {
    for (const [source, server] of day.servers) {
      const times = server.seen.map(({ clock }) => clock);
      assert.ok(times.length > 0 && busiestDay(times) <= LIMITS.perDay, `${source}: ${busiestDay(times)} in a day`);
      assert.ok(busiestMinute(times) <= LIMITS.perMinute, `${source}: ${busiestMinute(times)} in a minute`);
    }
  });
});
