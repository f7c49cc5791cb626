import assert from 'node:assert/strict';
import { openCluster } from '../../../hack/cluster/open.ts';
import type { TestCluster } from '../../../hack/cluster/types.ts';
import { millis } from '../../../src/carbon/units.ts';
import { apiCall } from '../../../src/kubernetes/api-call.ts';
import { loadCluster } from '../../../src/kubernetes/client.ts';
import { LEASE_TIMING, LeaseHolder } from '../../../src/kubernetes/lease.ts';
import { clusterLease } from '../../../src/kubernetes/lease-store.ts';
import type { LeaseStore } from '../../../src/kubernetes/lease-store.ts';
import type { PooledKubeConfig } from '../../../src/kubernetes/pooled-config.ts';
import { member } from '../../../src/kubernetes/untyped.ts';
import { eventually } from '../../support/eventually.ts';

const LEASE = { namespace: 'default', name: 'lowtide-e2e-lease' };
const TIMING = {
  ...LEASE_TIMING,
  leaseDuration: millis(1_500),
  renewDeadline: millis(1_000),
  retryPeriod: millis(200),
};

describe('leader election on a real API server', () => {
  const troubles: unknown[] = [];
  const events: string[] = [];
  let cluster: TestCluster;
  let access: PooledKubeConfig;
  let store: LeaseStore;

  before(async () => {
    cluster = await openCluster({ scheduler: null });
    access = loadCluster({ kind: 'file', path: cluster.kubeconfig });
    store = clusterLease(access, LEASE);
  });

  after(async () => {
    const path = `/apis/coordination.k8s.io/v1/namespaces/${LEASE.namespace}/leases/${LEASE.name}`;
    const patience = { signal: new AbortController().signal, silence: 10_000 };
    await apiCall(access, { method: 'DELETE', path, patience });
    await access.close();
    await cluster.stop();
  });

  const holder = (identity: string, through = store): LeaseHolder =>
    new LeaseHolder({
      store: through,
      lease: LEASE,
      identity,
      timing: TIMING,
      observer: {
        onStarted: () => events.push(`${identity} started`),
        onStopped: (why) => void events.push(`${identity} ${why}`),
        onTrouble: (error) => troubles.push(error),
      },
    });

  it('leads, renews, hands over when stopped, and is taken over when it is silent', async () => {
    let silent = false;
    const mute = (request: () => Promise<unknown>): Promise<unknown> =>
      silent ? new Promise(() => undefined) : request();
    const dying: LeaseStore = {
      read: (signal) => mute(() => store.read(signal)),
      create: (lease, signal) => mute(() => store.create(lease, signal)),
      replace: (lease, signal) => mute(() => store.replace(lease, signal)),
    };
    const [a, b, c] = [holder('a'), holder('b', dying), holder('c')];
    a.start();
    await eventually(() => a.isLeader);
    b.start();
    const first = await store.read(new AbortController().signal);
    await eventually(async () => {
      const now = await store.read(new AbortController().signal);
      return member(member(now, 'spec'), 'renewTime') !== member(member(first, 'spec'), 'renewTime');
    });
    assert.deepEqual([a.isLeader, b.isLeader], [true, false]);

    await a.stop();
    await eventually(() => b.isLeader, { within: 1_000 });
    c.start();
    silent = true;
    await eventually(() => c.isLeader, { within: 10_000 });

    assert.ok(!b.isLeader);
    assert.deepEqual(events, ['a started', 'a stopped', 'b started', 'b lost', 'c started']);
    const spec = member(await store.read(new AbortController().signal), 'spec');
    assert.equal(member(spec, 'leaseTransitions'), 2);
    assert.match(String(member(spec, 'renewTime')), /\.\d{6}Z$/);
    assert.deepEqual(troubles, []);
    await Promise.all([b.stop(), c.stop()]);
  });
});
