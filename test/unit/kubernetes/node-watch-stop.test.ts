import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../support/eventually.ts';
import { nodeObject } from './node-objects.ts';
import { WatchedCluster } from './watched-cluster.ts';

/** A pause that ends only when the watch is stopped. */
const forever = (_ms: number, signal: AbortSignal): Promise<void> => sleep(1e9, undefined, { signal });

describe('NodeWatch, stopped', () => {
  let cluster: WatchedCluster;
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

  afterEach(() => cluster.end());

  it('during a watch: ends the request, and never comes back', async () => {
    cluster = await WatchedCluster.create();
    cluster.server.put(nodeObject('a'));
    await cluster.watch.start();
    await eventually(() => cluster.server.openWatches === 1);
    const before = timers();

    await cluster.watch.stop();

    assert.ok(timers() < before, 'the timer of the silence is gone');
    await eventually(() => cluster.server.openWatches === 0);
    await cluster.access.close();
    await eventually(() => cluster.server.openSockets === 0);
    assert.equal(cluster.server.seen.length, 2);
    assert.deepEqual(cluster.observed.events, ['synced 1', 'connected']);
    assert.equal(cluster.catalog.size, 1);
  });

  it('during a pause: lets start resolve, and sends nothing more', async () => {
    cluster = await WatchedCluster.create({ timing: { delay: forever } });
    cluster.server.misbehave('list', { answer: 'status', code: 500 });
    const started = cluster.watch.start();
    await eventually(() => cluster.observed.events.length === 1);
    const before = timers();

    await cluster.watch.stop();
    await started;

    assert.ok(timers() < before, 'the timer of the pause is gone');
    await cluster.access.close();
    await eventually(() => cluster.server.openSockets === 0);
    assert.equal(cluster.server.seen.length, 1);
    assert.equal(cluster.catalog.size, 0);
  });

  it('during a list that hangs: ends the request', async () => {
    cluster = await WatchedCluster.create();
    cluster.server.misbehave('list', { answer: 'nothing' });
    const started = cluster.watch.start();
    await eventually(() => cluster.server.seen.length === 1);

    await cluster.watch.stop();
    await started;

    await eventually(() => cluster.server.openSockets === 0);
    assert.deepEqual(cluster.observed.events, []);
  });

  it('by its signal: the same', async () => {
    const controller = new AbortController();
    cluster = await WatchedCluster.create({ signal: controller.signal });
    await cluster.watch.start();
    await eventually(() => cluster.server.openWatches === 1);

    controller.abort();

    await eventually(() => cluster.server.openWatches === 0);
    await cluster.watch.stop();
    assert.equal(cluster.server.seen.length, 2);
  });

  it('before it was started: start resolves and does nothing', async () => {
    cluster = await WatchedCluster.create({ signal: AbortSignal.abort() });

    await cluster.watch.start();

    assert.equal(cluster.server.connections, 0);
  });

  it('stays stopped when started again', async () => {
    cluster = await WatchedCluster.create();
    await cluster.watch.start();
    await cluster.watch.stop();
    const { length } = cluster.server.seen;

    await cluster.watch.start();

    assert.equal(cluster.server.seen.length, length);
  });
});
