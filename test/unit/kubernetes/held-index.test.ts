import assert from 'node:assert/strict';
import { WatchedHeldWork } from '../../../src/kubernetes/held-index.ts';
import { eventually } from '../../support/eventually.ts';
import { IMPATIENT, WatchedResources } from './watched-resources.ts';
import { jobObject, podObject } from './work-objects.ts';

describe('WatchedHeldWork', () => {
  let cluster: WatchedResources;
  let index: WatchedHeldWork;
  /** Every change told: `uid-a new`, `uid-a changed`, `uid-a gone`. */
  const told: string[] = [];

  const open = (options: Partial<ConstructorParameters<typeof WatchedHeldWork>[0]> = {}): void => {
    index = new WatchedHeldWork({ access: cluster, observer: cluster.observer, timing: IMPATIENT, ...options });
    index.onChange((uid, work, before) => {
      assert.equal(index.get(uid), work ?? undefined);
      told.push(`${uid} ${work === null ? 'gone' : before === null ? 'new' : 'changed'}`);
    });
  };
  const watching = (): Promise<void> =>
    eventually(() => cluster.of('jobs').openWatches === 1 && cluster.of('pods').openWatches === 1);

  beforeEach(async () => {
    told.length = 0;
    cluster = await WatchedResources.create('/apis/batch/v1/jobs', '/api/v1/pods');
  });

  afterEach(async () => {
    await index.stop();
    await cluster.end();
  });

  it('knows held Jobs and pods once started', async () => {
    cluster.of('jobs').put(jobObject('a'));
    cluster.of('pods').put(podObject('b'), podObject('c'));
    open();

    await index.start();

    assert.equal(index.size, 3);
    assert.deepEqual([...index.all()].map(({ name }) => name).sort(), ['a', 'b', 'c']);
    assert.equal(index.get('uid-a')?.kind, 'job');
    assert.deepEqual([...told].sort(), ['uid-a new', 'uid-b new', 'uid-c new']);
  });

  it('asks for what carries the label, and tells its watches by name', async () => {
    open();

    await index.start();
    await watching();

    for (const server of [cluster.of('jobs'), cluster.of('pods')]) {
      assert.equal(server.requests('list')[0]?.get('labelSelector'), 'lowtide.dev/held=true');
      assert.equal(server.requests('watch')[0]?.get('labelSelector'), 'lowtide.dev/held=true');
    }
    assert.deepEqual([...cluster.observed.keys()], ['held-jobs', 'held-pods']);
  });

  it('may follow another label, on Jobs alone', async () => {
    open({ label: 'lowtide.dev/pinned', kinds: ['job'] });

    await index.start();

    assert.equal(cluster.of('jobs').requests('list')[0]?.get('labelSelector'), 'lowtide.dev/pinned=true');
    assert.equal(cluster.of('pods').seen.length, 0);
    assert.deepEqual([...cluster.observed.keys()], ['pinned-jobs']);
  });

  it('is not started before both are known', async () => {
    cluster.of('pods').misbehave('list', { answer: 'nothing' });
    open();
    let started = false;
    const start = index.start().then(() => (started = true));

    await eventually(() => cluster.observed.get('held-jobs')?.events.includes('connected'));

    assert.equal(started, false);
    await index.stop();
    await start;
  });

  it('follows work that appears, changes, is let go and goes', async () => {
    open();
    await index.start();
    await watching();

    cluster.of('pods').put(podObject('a'));
    await eventually(() => index.get('uid-a')?.held === true);
    cluster.of('pods').put(podObject('a', { held: false }));
    await eventually(() => index.get('uid-a')?.held === false);
    cluster.of('pods').remove('a');
    await eventually(() => index.size === 0);

    assert.deepEqual(told, ['uid-a new', 'uid-a changed', 'uid-a gone']);
  });

  it('tells apart two pods that had the same name one after the other', async () => {
    open();
    cluster.of('pods').put(podObject('a', { uid: 'first' }));
    await index.start();
    await watching();

    cluster.of('pods').remove('a');
    cluster.of('pods').put(podObject('a', { uid: 'second' }));

    await eventually(() => told.length === 3);
    assert.deepEqual(told, ['first new', 'first gone', 'second new']);
  });

  it('tells of each that a fresh list has lost, changed or gained, and of none that it repeats', async () => {
    cluster.of('jobs').put(jobObject('other'));
    cluster.of('pods').put(podObject('lost'), podObject('changed'), podObject('same'));
    open();
    await index.start();
    await watching();
    told.length = 0;

    // Nobody hears of these: the watch ends before, and its past is forgotten after.
    cluster.of('pods').misbehave('watch', { answer: 'status', code: 410 });
    cluster.of('pods').endWatches();
    cluster.of('pods').remove('lost');
    cluster.of('pods').put(podObject('changed', { annotations: { 'lowtide.dev/hold': 'false' } }), podObject('new'));

    await eventually(() => told.length >= 3 && cluster.of('pods').openWatches === 1);
    assert.deepEqual(told, ['uid-lost gone', 'uid-changed changed', 'uid-new new']);
    assert.deepEqual([...index.all()].map(({ name }) => name).sort(), ['changed', 'new', 'other', 'same']);
  });

  it('counts the held Jobs of each CronJob', async () => {
    cluster
      .of('jobs')
      .put(
        jobObject('a', { cronJob: 'nightly' }),
        jobObject('b', { cronJob: 'nightly' }),
        jobObject('c', { cronJob: 'hourly' }),
        jobObject('d'),
      );
    open();
    await index.start();
    await watching();
    assert.deepEqual(
      ['nightly', 'hourly', 'none'].map((uid) => index.heldOfCronJob(uid)),
      [2, 1, 0],
    );

    cluster.of('jobs').put(jobObject('a', { cronJob: 'nightly', held: false }));
    cluster.of('jobs').remove('c');

    await eventually(() => index.heldOfCronJob('hourly') === 0);
    assert.equal(index.heldOfCronJob('nightly'), 1);
  });

  it('goes on when a listener throws', async () => {
    const warnings: string[] = [];
    const emitWarning = process.emitWarning.bind(process);
    process.emitWarning = (warning: string | Error) => {
      warnings.push(String(warning));
    };
    open();
    index.onChange(() => {
      throw new Error('thrown by a listener');
    });
    cluster.of('pods').put(podObject('a'), podObject('b'));

    await index.start();

    await eventually(() => warnings.length === 2);
    process.emitWarning = emitWarning;
    assert.deepEqual(told, ['uid-a new', 'uid-b new']);
    assert.deepEqual(cluster.observed.get('held-pods')?.events[0], 'synced 2');
  });

  it('keeps one copy of what many pods say alike', async () => {
    const spec = { tolerations: [{ key: 'spot', operator: 'Exists' }] };
    cluster.of('pods').put(podObject('a', { spec }), podObject('b', { spec }), podObject('c'));
    open();

    await index.start();

    assert.equal(index.get('uid-a')?.scheduling, index.get('uid-b')?.scheduling);
    assert.notEqual(index.get('uid-a')?.scheduling, index.get('uid-c')?.scheduling);
  });
});
