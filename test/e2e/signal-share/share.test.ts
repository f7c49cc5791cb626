import assert from 'node:assert/strict';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { openCluster } from '../../../hack/cluster/open.ts';
import type { TestCluster } from '../../../hack/cluster/types.ts';
import { millis, zone } from '../../../src/carbon/units.ts';
import type { Instant, Zone } from '../../../src/carbon/units.ts';
import { openSignalShare } from '../../../src/cli/serve/signal/signal-share.ts';
import type { OpenSignalShare } from '../../../src/cli/serve/signal/signal-share.ts';
import { apiCall, MERGE_PATCH } from '../../../src/kubernetes/api-call.ts';
import type { ApiAnswer } from '../../../src/kubernetes/api-call.ts';
import { loadCluster } from '../../../src/kubernetes/client.ts';
import { clusterConfigMaps } from '../../../src/kubernetes/config-map.ts';
import type { ConfigMap } from '../../../src/kubernetes/config-map.ts';
import type { PooledKubeConfig } from '../../../src/kubernetes/pooled-config.ts';
import { SYSTEM_CLOCK } from '../../../src/service/clock.ts';
import { LogLimit } from '../../../src/service/limited-log.ts';
import { createProviderMetrics } from '../../../src/service/metrics/provider-metrics.ts';
import { Meter } from '../../../src/sources/chain/meter-of.ts';
import { ProviderChain } from '../../../src/sources/chain/provider-chain.ts';
import { eventually } from '../../support/eventually.ts';
import { chainSource, FakeProvider, gives } from '../../support/fake-provider.ts';

const NAMESPACE = 'default';
const LEASE = { duration: millis(3_000), renewDeadline: millis(2_000), retryPeriod: millis(400) };
const PER_DAY = 500;
const SOON = { within: 15_000 };

interface Replica {
  readonly chain: ProviderChain;
  readonly meter: Meter;
  readonly share: OpenSignalShare;
  readonly access: PooledKubeConfig;
  /** Requests that it sent. */
  asked: number;
  leads(): Promise<boolean>;
  close(): Promise<void>;
}

describe('the carbon signal shared on a real API server', () => {
  let cluster: TestCluster;
  let admin: PooledKubeConfig;
  let set = '';
  let sets = 0;
  let value = 300;
  const running: Replica[] = [];

  before(async () => {
    cluster = await openCluster({ scheduler: null });
    admin = loadCluster({ kind: 'file', path: cluster.kubeconfig });
  });
  beforeEach(() => {
    sets += 1;
    set = `lowtide-signal-e2e-${process.pid}-${sets}`;
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((replica) => replica.close()));
    const store = clusterConfigMaps(admin, NAMESPACE);
    const { signal } = new AbortController();
    for (const name of await store.names(`lowtide.dev/signal=${set}`, signal)) await store.remove(name, signal);
    await call('DELETE', `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases/${set}`);
  });
  after(async () => {
    await admin.close();
    await cluster.stop();
  });

  function call(method: 'GET' | 'DELETE' | 'PATCH', path: string, body?: unknown): Promise<ApiAnswer> {
    const patience = { signal: new AbortController().signal, silence: 10_000 };
    return apiCall(admin, {
      method,
      path,
      body,
      patience,
      ...(body === undefined ? {} : { contentType: MERGE_PATCH }),
    });
  }

  function replica(zones: readonly string[], maxBytes?: number): Replica {
    const now = (): Instant => SYSTEM_CLOCK.now();
    const meter = new Meter({ perDay: PER_DAY, perMinute: null, now, reserved: true });
    const provider = new FakeProvider(
      'p',
      (of, asking) => {
        one.asked += 1;
        return gives('p', (value += Math.E))(of, asking);
      },
      { meter },
    );
    const source = chainSource(provider, { meter });
    const chain = new ProviderChain({ sources: [source], now, random: Math.random, observer: SILENT });
    chain.useZones(zones.map(zone));
    const access = loadCluster({ kind: 'file', path: cluster.kubeconfig });
    const [limit, registry] = [new LogLimit(), new Registry()];
    const metrics = createProviderMetrics([registry]);
    const share = openSignalShare(
      {
        namespace: NAMESPACE,
        lease: { name: set, ...LEASE },
        identity: `replica-${running.length}`,
        refresh: millis(60_000),
        ...(maxBytes === undefined ? {} : { maxBytes }),
      },
      {
        access,
        chain,
        sources: [source],
        past: null,
        clock: SYSTEM_CLOCK,
        metrics,
        log: pino({ level: 'silent' }),
        limit,
      },
    );
    const one: Replica = {
      ...{ chain, meter, share, access, asked: 0 },
      leads: async () => (await metrics.signalLeader.get()).values[0]?.value === 1,
      close: async () => {
        await share.close();
        await chain.close();
        await access.close();
        limit.close();
      },
    };
    running.push(one);
    return one;
  }

  const values = ({ chain }: Replica): ReadonlyMap<Zone, number | string> => {
    const readings = chain.readingsAt(SYSTEM_CLOCK.now());
    return new Map([...readings].map(([of, one]) => [of, one.state === 'known' ? one.value : one.reason]));
  };
  const known = (one: Replica): boolean => [...values(one).values()].every((each) => typeof each === 'number');
  const head = async (): Promise<ConfigMap | null> =>
    clusterConfigMaps(admin, NAMESPACE).read(set, new AbortController().signal);
  const partsOf = (map: ConfigMap | null): readonly string[] =>
    (JSON.parse(map?.data['manifest.json'] ?? '{"parts":[]}') as { parts: readonly string[] }).parts;

  /** Two replicas, of which the first leads. */
  async function pair(zones: readonly string[], maxBytes?: number): Promise<readonly [Replica, Replica]> {
    const a = replica(zones, maxBytes);
    await eventually(() => a.leads(), SOON);
    const b = replica(zones, maxBytes);
    await Promise.all([a.share.ready, b.share.ready]);
    await eventually(() => known(a) && known(b), SOON);
    return [a, b];
  }

  it('asks by one replica alone; when that ends, the other goes on with readings and budget', async () => {
    const [a, b] = await pair(['DE', 'FR']);
    await eventually(() => {
      assert.deepEqual(values(b), values(a));
    }, SOON);
    assert.deepEqual([a.asked, b.asked], [2, 0]);
    assert.deepEqual([...a.share.degraded(), ...b.share.degraded()], []);
    const used = a.meter.state();

    const before = values(a);
    await a.share.close();
    await eventually(() => b.leads(), SOON);

    assert.deepEqual(values(b), before);
    assert.deepEqual(b.meter.state(), used);
    b.chain.useZones(['DE', 'FR', 'SE'].map(zone));
    await eventually(() => known(b), SOON);
    assert.deepEqual([a.asked, b.asked], [2, 1]);
    assert.ok(b.meter.state().used > used.used);
    const sources = (await head())?.data['sources.json'] ?? '';
    assert.ok(sources.includes(`"used":${b.meter.state().used}`), sources);
  });

  it('takes over from a leader that is cut off from the API server', async () => {
    const [a, b] = await pair(['DE']);
    a.access.authorise = () => new Promise(() => undefined);
    await eventually(async () => (await b.leads()) && !(await a.leads()), { within: 30_000 });

    assert.equal(b.meter.state().used, a.meter.state().used);
    a.chain.useZones(['DE', 'NO'].map(zone));
    b.chain.useZones(['DE', 'SE'].map(zone));
    await eventually(() => known(b), SOON);
    assert.deepEqual([a.asked, b.asked], [1, 1]);
  });

  it('tells followers of new values within two seconds of publishing them', async () => {
    const [a, b] = await pair(['DE']);
    a.chain.useZones(['DE', 'FR'].map(zone));
    b.chain.useZones(['DE', 'FR'].map(zone));
    await eventually(() => known(a), SOON);
    await eventually(() => known(b), { within: 2_000 + 1_000 });

    assert.deepEqual(values(b), values(a));
    assert.equal(b.asked, 0);
  });

  it('publishes in parts what one ConfigMap cannot hold, and takes the old ones away', async () => {
    const zones = Array.from({ length: 30 }, (_, index) => `ZONE-${index}`);
    const [a, b] = await pair(zones, 300);
    await eventually(() => {
      assert.deepEqual(values(b), values(a));
    }, SOON);
    const first = partsOf(await head());
    assert.ok(first.length > 2, first.join());

    a.chain.useZones([...zones, 'DE'].map(zone));
    b.chain.useZones([...zones, 'DE'].map(zone));
    await eventually(() => known(a) && known(b), SOON);
    const { signal } = new AbortController();
    await eventually(async () => {
      const names = await clusterConfigMaps(admin, NAMESPACE).names(`lowtide.dev/signal=${set}`, signal);
      const parts = partsOf(await head());
      assert.notDeepEqual(parts, first);
      assert.deepEqual(names.toSorted(), [set, ...parts].toSorted());
    }, SOON);
    const c = replica([...zones, 'DE'], 300);
    await eventually(() => {
      assert.deepEqual(values(c), values(a));
    }, SOON);
  });

  it('puts back what was deleted by hand', async () => {
    const [a, b] = await pair(['DE']);
    await call('DELETE', `/api/v1/namespaces/${NAMESPACE}/configmaps/${set}`);

    await eventually(async () => (await head()) !== null, SOON);
    const c = replica(['DE']);
    await eventually(() => known(c), SOON);
    assert.deepEqual(values(c), values(a));
    assert.deepEqual([a.asked, b.asked, c.asked], [1, 0, 0]);
  });

  it('survives what somebody else writes into it, and writes its own over that', async () => {
    const [a, b] = await pair(['DE']);
    const before = values(b);
    const foreign = {
      data: { 'manifest.json': '{"format":2}', 'sources.json': 'nonsense', mine: 'x'.repeat(300_000) },
      binaryData: { 'payload.gz': Buffer.from('nonsense').toString('base64'), other: 'AAAA' },
    };
    const answer = await call('PATCH', `/api/v1/namespaces/${NAMESPACE}/configmaps/${set}`, foreign);
    assert.equal(answer.status, 200);

    await eventually(async () => {
      const healed = await head();
      assert.deepEqual(Object.keys(healed?.data ?? {}).toSorted(), ['manifest.json', 'sources.json']);
      assert.deepEqual(Object.keys(healed?.binary ?? {}), ['payload.gz']);
    }, SOON);
    await eventually(() => b.share.degraded().length === 0, SOON);
    assert.deepEqual(values(b), before);
    assert.deepEqual([a.asked, b.asked], [1, 0]);
    const c = replica(['DE']);
    await eventually(() => known(c), SOON);
    assert.ok(c.meter.state().used >= 1);
  });
});

const SILENT = {
  onCall: () => undefined,
  onReport: () => undefined,
  onCircuit: () => undefined,
  onBudget: () => undefined,
};
