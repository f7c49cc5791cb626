import assert from 'node:assert/strict';
import { instant, zone } from '../../../../src/carbon/units.ts';
import type { Instant } from '../../../../src/carbon/units.ts';
import type { Provider } from '../../../../src/sources/provider.ts';
import { wattTime } from '../../../../src/sources/watttime/client.ts';
import { ASKED_AT, outcomeOf, testExchange } from '../../../support/grid-apis/fault-table.ts';
import { GridServer } from '../../../support/grid-apis/grid-server.ts';
import type { Fault } from '../../../support/grid-apis/grid-server.ts';
import { wattTimeApi } from '../../../support/grid-apis/watttime.ts';
import type { WattTimeWorld } from '../../../support/grid-apis/watttime.ts';

const MINUTE = 60_000;
const CAISO = { zone: zone('US-CAL-CISO'), name: 'CAISO_NORTH' };
const PJM = { zone: zone('US-MIDA-PJM'), name: 'PJM_DC' };

describe('wattTime, its login', () => {
  let server: GridServer;
  let now: Instant;
  let password: string;
  let moer: Provider;

  const serve = async (world: WattTimeWorld = {}): Promise<void> => {
    server = await GridServer.start(wattTimeApi(world), () => now);
    moer = wattTime({
      id: 'watttime',
      exchange: testExchange(),
      now: () => now,
      username: () => Promise.resolve('ada'),
      password: () => Promise.resolve(password),
      url: server.url,
      percentile: false,
    });
  };
  const outcome = async (named = CAISO): Promise<string> => {
    const told = await outcomeOf(moer, named, now);
    return told instanceof Error ? told.reason : 'report';
  };
  const pass = (minutes: number): void => {
    now = instant(now + minutes * MINUTE);
  };

  beforeEach(() => {
    now = ASKED_AT;
    password = 'a-good-password';
  });
  afterEach(() => server.close());

  it('happens once for all who ask at the same time', async () => {
    await serve();

    const told = await Promise.all([outcome(), outcome(PJM), outcome(), outcome(PJM)]);

    assert.deepEqual(told, ['report', 'report', 'report', 'report']);
    assert.equal(server.count('login'), 1);
  });

  it('is renewed after 25 minutes, before the token ends', async () => {
    await serve();

    for (const minutes of [0, 12, 12, 2, 20, 4, 2]) {
      pass(minutes);
      assert.equal(await outcome(), 'report');
    }

    assert.equal(server.count('login'), 3);
    assert.deepEqual(
      server.seen.filter(({ path }) => path === '/login').map(({ now: at }) => (at - ASKED_AT) / MINUTE),
      [0, 26, 52],
    );
  });

  const refusals: Record<string, Fault> = {
    'a 401': { fault: 'status', status: 401 },
    'a 403 in HTML': { fault: 'html', status: 403 },
  };
  for (const [name, fault] of Object.entries(refusals)) {
    it(`happens anew, once, upon ${name} for a token that was good`, async () => {
      await serve();
      await outcome();
      pass(5);
      server.fail(fault, { on: '/v3/', times: 1 });

      assert.equal(await outcome(), 'report');
      assert.deepEqual([server.count('login'), server.count('/v3/')], [2, 3]);
    });

    it(`does not go round in circles where ${name} stays`, async () => {
      await serve();
      await outcome();
      pass(5);
      server.fail(fault, { on: '/v3/' });

      const reason = await outcome();
      await outcome();

      assert.equal(reason, name === 'a 401' ? 'unauthorized' : 'forbidden');
      assert.deepEqual([server.count('login'), server.count('/v3/')], [2, 4]);
    });
  }

  it('reads the password anew, so that a rotation works', async () => {
    const world: WattTimeWorld = { password: 'a-good-password' };
    await serve(world);
    await outcome();
    world.password = 'the-next-password';
    pass(26);

    assert.equal(await outcome(), 'unauthorized');
    password = 'the-next-password\n';
    assert.equal(await outcome(), 'report');
  });

  const failures: Record<string, { fault: Fault; want: string }> = {
    'is refused': { fault: { fault: 'html', status: 401 }, want: 'unauthorized' },
    'is refused by 403': { fault: { fault: 'html', status: 403 }, want: 'unauthorized' },
    'comes too often': {
      fault: { fault: 'status', status: 429, headers: { 'retry-after': '300' } },
      want: 'rate-limited',
    },
    'fails on their side': { fault: { fault: 'status', status: 500 }, want: 'upstream-error' },
    'is not answered': { fault: { fault: 'hang' }, want: 'timeout' },
    'is answered in HTML': { fault: { fault: 'html' }, want: 'malformed' },
    'is answered without a token': { fault: { fault: 'changed', change: () => ({}) }, want: 'malformed' },
  };
  for (const [name, { fault, want }] of Object.entries(failures))
    it(`that ${name} is a failure of the provider, ${want}, and is tried again the next time`, async () => {
      await serve();
      server.fail(fault, { on: 'login', times: 1 });

      assert.equal(await outcome(), want);
      assert.equal(server.count('/v3/'), 0);
      assert.equal(await outcome(), 'report');
    });

  it('fails without a word of it where the password cannot be read', async () => {
    await serve();
    moer = wattTime({
      id: 'watttime',
      exchange: testExchange(),
      now: () => now,
      username: () => Promise.resolve('ada'),
      password: () => Promise.reject(new Error('ENOENT /run/secrets/password')),
      url: server.url,
    });

    assert.equal(await outcome(), 'unauthorized');
    assert.equal(server.count(), 0);
  });
});
