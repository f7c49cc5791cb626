import assert from 'node:assert/strict';
import { instant } from '../../../src/carbon/units.ts';
import { WatchedClusterState } from '../../../src/kubernetes/cluster-state.ts';
import type { ClusterState } from '../../../src/service/cluster-state.ts';
import { eventually } from '../../support/eventually.ts';
import { claimObject, cronJobObject, deploymentObject, namespaceObject, volumeObject } from './cluster-objects.ts';
import { IMPATIENT, WatchedResources } from './watched-resources.ts';

const NOW = instant(Date.parse('2026-03-02T12:00:00Z'));

describe('WatchedClusterState', () => {
  let cluster: WatchedResources;
  let state: WatchedClusterState;
  let held: Record<string, number>;
  const zone = (...values: string[]): unknown => [
    { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values }] },
  ];

  beforeEach(async () => {
    held = {};
    cluster = await WatchedResources.create(
      '/api/v1/namespaces',
      '/apis/batch/v1/cronjobs',
      '/apis/apps/v1/deployments',
      '/api/v1/persistentvolumeclaims',
      '/api/v1/persistentvolumes',
    );
    const heldOfCronJob = (uid: string): number => held[uid] ?? 0;
    state = new WatchedClusterState({ access: cluster, observer: cluster.observer, timing: IMPATIENT, heldOfCronJob });
  });

  afterEach(async () => {
    await state.stop();
    await cluster.end();
  });

  it('is a cluster state', () => {
    const it: ClusterState = state;
    assert.ok(it);
  });

  it('tells its watches by the names of their resources', async () => {
    await state.start();

    assert.deepEqual(
      [...cluster.observed.keys()],
      ['namespaces', 'cronjobs', 'deployments', 'persistentvolumeclaims', 'persistentvolumes'],
    );
    assert.ok([...cluster.observed.values()].every(({ events }) => events[0] === 'synced 0'));
  });

  describe('namespace', () => {
    const table: Record<string, { labels: Record<string, string>; managed: boolean; enforced: boolean }> = {
      'without labels': { labels: {}, managed: false, enforced: false },
      managed: { labels: { 'lowtide.dev/managed': 'true' }, managed: true, enforced: false },
      'enforced, hence managed': { labels: { 'lowtide.dev/enforce': 'true' }, managed: true, enforced: true },
      'with other values': {
        labels: { 'lowtide.dev/managed': 'yes', 'lowtide.dev/enforce': 'false' },
        managed: false,
        enforced: false,
      },
    };
    for (const [what, { labels, managed, enforced }] of Object.entries(table)) {
      it(`is known: ${what}`, async () => {
        const annotations = { 'lowtide.dev/residency': 'eu-strict', 'lowtide.dev/limit-max-delay': '6h', other: 'x' };
        cluster.of('namespaces').put(namespaceObject('team', { annotations, labels }));

        await state.start();

        assert.deepEqual(state.namespace('team'), {
          name: 'team',
          annotations: { 'lowtide.dev/residency': 'eu-strict', 'lowtide.dev/limit-max-delay': '6h' },
          managed,
          enforced,
        });
      });
    }

    it('is undefined where there is none, or it is gone', async () => {
      cluster.of('namespaces').put(namespaceObject('team'));
      await state.start();
      assert.equal(state.namespace('other'), undefined);

      cluster.of('namespaces').remove('team');

      await eventually(() => state.namespace('team') === undefined);
    });

    it('tells of every change, after it has been taken in', async () => {
      const told: unknown[] = [];
      state.onNamespaces(() => told.push(state.namespace('team')?.managed));
      await state.start();
      cluster.of('namespaces').put(namespaceObject('team', { labels: { 'lowtide.dev/managed': 'true' } }));
      await eventually(() => told.length === 2);
      cluster.of('namespaces').remove('team');
      await eventually(() => told.length === 3);

      assert.deepEqual(told, [undefined, true, undefined]);
    });

    it('follows its labels', async () => {
      cluster.of('namespaces').put(namespaceObject('team'));
      await state.start();

      cluster.of('namespaces').put(namespaceObject('team', { labels: { 'lowtide.dev/managed': 'true' } }));

      await eventually(() => state.namespace('team')?.managed === true);
    });
  });

  describe('cronJob', () => {
    it('tells the policy, the next time, and how many of its Jobs are held', async () => {
      held = { 'uid-nightly': 2 };
      const spec = { schedule: '0 6 * * *', timeZone: 'Asia/Tokyo', concurrencyPolicy: 'Forbid' };
      cluster.of('cronjobs').put(cronJobObject('nightly', spec));

      await state.start();

      const next = Date.parse('2026-03-02T21:00:00Z');
      assert.deepEqual(state.cronJob('batch', 'nightly', NOW), { concurrency: 'Forbid', next, held: 2 });
    });

    it('takes Allow where no policy is written, and knows no next time of what it cannot read', async () => {
      cluster.of('cronjobs').put(cronJobObject('odd', { schedule: 7 }));

      await state.start();

      assert.deepEqual(state.cronJob('batch', 'odd', NOW), { concurrency: 'Allow', next: null, held: 0 });
    });

    it('is null where none is known', async () => {
      cluster.of('cronjobs').put(cronJobObject('nightly', { schedule: '@daily' }));
      await state.start();

      assert.equal(state.cronJob('batch', 'other', NOW), null);
      assert.equal(state.cronJob('web', 'nightly', NOW), null);
    });
  });

  describe('rollout', () => {
    it('is that of the Deployment whose name the ReplicaSet extends', async () => {
      cluster.of('deployments').put(deploymentObject('my-app', { spec: { progressDeadlineSeconds: 120 } }));
      await state.start();

      const rollout = state.rollout('web', 'my-app-5d8f7c9b4');

      assert.equal(rollout?.first, true);
      assert.equal(rollout.progressDeadline, 120_000);
      for (const other of ['my-app', 'other-5d8f7c9b4', 'nodash', '-x'])
        assert.equal(state.rollout('web', other), null);
      assert.equal(state.rollout('batch', 'my-app-5d8f7c9b4'), null);
    });

    it('is no longer the first once a replica was ready, though it went again', async () => {
      const server = cluster.of('deployments');
      server.put(deploymentObject('app', { ready: 0 }));
      await state.start();
      await eventually(() => server.openWatches === 1);

      server.put(deploymentObject('app', { ready: 1 }));
      await eventually(() => state.rollout('web', 'app-x')?.first === false);
      server.put(deploymentObject('app', { ready: 0, spec: { progressDeadlineSeconds: 5 } }));
      await eventually(() => state.rollout('web', 'app-x')?.progressDeadline === 5000);

      assert.equal(state.rollout('web', 'app-x')?.first, false);
    });

    it('remembers that over a fresh list', async () => {
      const server = cluster.of('deployments');
      server.put(deploymentObject('app', { ready: 1 }));
      await state.start();
      await eventually(() => server.openWatches === 1);

      server.misbehave('watch', { answer: 'status', code: 410 });
      server.endWatches();
      server.put(deploymentObject('app', { spec: { progressDeadlineSeconds: 5 } }));
      await eventually(() => state.rollout('web', 'app-x')?.progressDeadline === 5000);

      assert.equal(state.rollout('web', 'app-x')?.first, false);
    });

    it('is the first again of another Deployment of the same name', async () => {
      const server = cluster.of('deployments');
      server.put(deploymentObject('app', { ready: 1 }));
      await state.start();
      await eventually(() => server.openWatches === 1);

      server.put(deploymentObject('app', { uid: 'another' }));

      await eventually(() => state.rollout('web', 'app-x')?.first === true);
    });
  });

  describe('volumeTerms', () => {
    it('are those of the bound volumes that have some, one list for each claim', async () => {
      cluster
        .of('persistentvolumes')
        .put(volumeObject('v-a', 'zone-a'), volumeObject('v-b', 'zone-b'), volumeObject('v-nfs'));
      cluster
        .of('persistentvolumeclaims')
        .put(
          claimObject('a', 'v-a'),
          claimObject('b', 'v-b'),
          claimObject('nfs', 'v-nfs'),
          claimObject('waiting', null, 'Pending'),
          claimObject('lost', 'v-a', 'Lost'),
          claimObject('unknown-volume', 'v-none'),
        );
      await state.start();

      assert.deepEqual(state.volumeTerms('batch', ['a', 'b']), [zone('zone-a'), zone('zone-b')]);
      assert.deepEqual(state.volumeTerms('batch', ['nfs', 'waiting', 'lost', 'unknown-volume', 'none']), []);
      assert.deepEqual(state.volumeTerms('web', ['a']), []);
    });

    it('appear when the claim is bound', async () => {
      cluster.of('persistentvolumes').put(volumeObject('v-a', 'zone-a'));
      cluster.of('persistentvolumeclaims').put(claimObject('a', null, 'Pending'));
      await state.start();

      cluster.of('persistentvolumeclaims').put(claimObject('a', 'v-a'));

      await eventually(() => state.volumeTerms('batch', ['a']).length === 1);
    });
  });

  describe('a permission that lacks', () => {
    const refused = (times: number): void => {
      cluster
        .of('persistentvolumes')
        .misbehave('list', ...Array.from({ length: times }, () => ({ answer: 'status', code: 403 }) as const));
    };

    it('keeps no other resource waiting, and is told', async () => {
      refused(5_000);
      cluster.of('namespaces').put(namespaceObject('team'));
      cluster.of('persistentvolumeclaims').put(claimObject('a', 'v-a'));

      await state.start();

      assert.notEqual(state.namespace('team'), undefined);
      assert.deepEqual(state.refused, ['persistentvolumes']);
      assert.deepEqual(state.volumeTerms('batch', ['a']), []);
      assert.equal(cluster.observed.get('persistentvolumes')?.events[0], 'disconnected forbidden');
    });

    it('heals when it is granted', async () => {
      refused(1);
      cluster.of('persistentvolumes').put(volumeObject('v-a', 'zone-a'));
      cluster.of('persistentvolumeclaims').put(claimObject('a', 'v-a'));

      await state.start();

      await eventually(() => state.volumeTerms('batch', ['a']).length === 1);
      assert.deepEqual(state.refused, []);
    });
  });

  it('waits for an API server that is away, however long', async () => {
    cluster.of('deployments').misbehave('list', ...Array.from({ length: 5 }, () => ({ answer: 'reset' }) as const));

    await state.start();

    assert.equal(cluster.observed.get('deployments')?.events.at(5), 'synced 0');
  });
});
