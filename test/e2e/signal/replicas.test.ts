import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LowtideAddresses, StartedLowtide } from '../../../hack/lowtide/process.ts';
import { eventually } from '../../support/eventually.ts';
import { electricityMapsApi } from '../../support/grid-apis/electricity-maps.ts';
import { GridServer } from '../../support/grid-apis/grid-server.ts';
import { holdingPolicy, HoldingStage } from '../../support/holding-stage.ts';
import { samplesOf, spoken } from '../../support/metrics-page.ts';

const KEY = 'em-key-0123456789';
const ZONES = ['IE', 'DE', 'US-MIDA-PJM'];
/** Enough for a refresh of every zone each second until midnight. */
const PER_DAY = 500_000;
const LEASE_MS = 2_500;
const HASTY = { duration: `${LEASE_MS}ms`, renewDeadline: '1800ms', retryPeriod: '400ms' };

interface Replica extends LowtideAddresses {
  readonly process: StartedLowtide;
}

describe('several replicas and one provider', () => {
  let provider: GridServer;
  let stage: HoldingStage;
  let args: readonly string[];
  let grams = 300;
  before(async () => {
    provider = await GridServer.start(electricityMapsApi({ key: KEY, zones: ZONES, value: () => grams }));
    stage = await HoldingStage.open();
    const token = { file: await stage.write('token', KEY) };
    const pace = { refresh: '1s', forecast: false, requestsPerDay: PER_DAY, requestsPerMinute: null };
    const electricityMaps = { ...pace, url: `${provider.url}/v4`, token, zones: { PJM: 'US-MIDA-PJM' } };
    args = await stage.replicaArgs({
      policy: holdingPolicy({ scheduler: { refresh: '1s' } }),
      config: { sources: [{ electricityMaps }], signal: { lease: HASTY }, gatekeeper: { enabled: false } },
    });
  });
  after(async () => {
    await stage.close();
    await provider.close();
  });

  async function start(): Promise<Replica> {
    const process = stage.spawn(args);
    return { process, ...(await process.ready) };
  }
  const sum = async ({ operations }: Replica, metric: string): Promise<number> =>
    [...(await samplesOf(operations, metric)).values()].reduce((total, value) => total + value, 0);
  const leads = async (replica: Replica): Promise<boolean> => (await sum(replica, 'lowtide_signal_leader')) === 1;
  const asked = (replica: Replica): Promise<number> => sum(replica, 'lowtide_provider_requests_total');
  const left = (replica: Replica): Promise<number> => sum(replica, 'lowtide_provider_budget_left');
  async function knows(replica: Replica, value: number, within = 10_000): Promise<void> {
    const said = `${value} electricity-maps`;
    const look = async (): Promise<void> => {
      assert.deepEqual(await spoken(replica.operations), { IE: said, DE: said, PJM: said });
    };
    await eventually(look, { within });
  }
  /** One that leads and one that follows, whichever came first. */
  async function settled(replicas: readonly [Replica, Replica]): Promise<{ leader: Replica; follower: Replica }> {
    const [one, other] = replicas;
    const look = async (): Promise<void> => {
      assert.notEqual(await leads(one), await leads(other));
    };
    await eventually(look, { within: 10_000 });
    return (await leads(one)) ? { leader: one, follower: other } : { leader: other, follower: one };
  }

  it('one asks for all, and when it is killed another goes on, with what is left of the day', async () => {
    const { leader, follower } = await settled([await start(), await start()]);
    await knows(leader, 300);
    await knows(follower, 300);

    const [before, began] = [provider.count(), performance.now()];
    await sleep(5_000);
    const rounds = (performance.now() - began) / 1000 + 1;
    const sent = provider.count() - before;
    assert.ok(sent >= ZONES.length && sent <= ZONES.length * rounds, `${sent} requests in ${rounds} rounds`);
    assert.equal(await asked(follower), 0);
    grams = 250;
    await knows(follower, 250);

    const budget = await left(leader);
    const total = provider.count();
    assert.ok(budget <= PER_DAY - total);
    const killed = performance.now();
    await leader.process.stop('SIGKILL');
    const lost: string[] = [];
    const taken = async (): Promise<boolean> => {
      lost.push(...(await samplesOf(follower.operations, 'lowtide_signal_unknown')).keys());
      return leads(follower);
    };
    await eventually(taken, { within: 3 * LEASE_MS });
    assert.deepEqual(lost, [], 'a zone was unknown meanwhile');
    const took = performance.now() - killed;
    assert.ok(took <= 2 * LEASE_MS, `${took} ms without a leader`);
    await eventually(async () => (await asked(follower)) >= ZONES.length, { within: 5_000 });

    grams = 200;
    await knows(follower, 200);
    assert.ok((await left(follower)) < budget, 'a new leader begins the day anew');
    assert.ok(PER_DAY - (await left(follower)) >= provider.count(), 'more was sent than was counted');
  });

  it('who comes later knows at once what the others know, without asking', async () => {
    const late = await start();

    await knows(late, 200, 5_000);
    assert.equal(await asked(late), 0);
  });
});
