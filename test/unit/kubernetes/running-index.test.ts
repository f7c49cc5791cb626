import assert from 'node:assert/strict';
import { WatchedRunningJobs } from '../../../src/kubernetes/running-index.ts';
import { INTERRUPTIBLE_LABEL } from '../../../src/policy/annotations.ts';
import { eventually } from '../../support/eventually.ts';
import { IMPATIENT, WatchedResources } from './watched-resources.ts';
import { runningObject } from './running-objects.ts';

describe('WatchedRunningJobs', () => {
  let cluster: WatchedResources;
  let index: WatchedRunningJobs;
  const told: string[] = [];
  beforeEach(async () => {
    told.length = 0;
    cluster = await WatchedResources.create('/apis/batch/v1/jobs');
    const label = INTERRUPTIBLE_LABEL;
    index = new WatchedRunningJobs({ access: cluster, observer: cluster.observer, timing: IMPATIENT, label });
    index.onChange((uid, job, before) => {
      told.push(`${uid} ${job === null ? 'gone' : before === null ? 'new' : 'changed'}`);
    });
  });
  afterEach(async () => {
    await index.stop();
    await cluster.end();
  });
  const object = (...sketch: Parameters<typeof runningObject>) =>
    runningObject(...sketch) as unknown as Parameters<ReturnType<WatchedResources['of']>['put']>[0];

  it('knows labelled Jobs once started, and follows them', async () => {
    cluster.of('jobs').put(object('a'), object('b'));

    await index.start();
    await eventually(() => cluster.of('jobs').openWatches === 1);

    assert.deepEqual([...index.all()].map(({ name }) => name).sort(), ['a', 'b']);
    assert.equal(index.get('uid-a')?.running, true);
    const [listed] = cluster.of('jobs').requests('list');
    assert.equal(listed?.get('labelSelector'), 'lowtide.dev/interruptible=true');
    assert.deepEqual(told, ['uid-a new', 'uid-b new']);
    assert.deepEqual(index.refused, []);
  });
});
