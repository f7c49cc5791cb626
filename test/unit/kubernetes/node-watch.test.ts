import assert from 'node:assert/strict';
import { DEFAULT_REGION_LABEL, nodeFacts } from '../../../src/kubernetes/node-facts.ts';
import { eventually } from '../../support/eventually.ts';
import { nodeObject } from './node-objects.ts';
import { WatchedCluster } from './watched-cluster.ts';

describe('NodeWatch', () => {
  let cluster: WatchedCluster;

  afterEach(() => cluster.end());

  it('is complete when start resolves, from as many pages as it takes', async () => {
    cluster = await WatchedCluster.create({ timing: { pageSize: 3 } });
    cluster.server.put(...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => nodeObject(name)));

    await cluster.watch.start();

    assert.equal(cluster.catalog.size, 7);
    assert.deepEqual(cluster.observed.events[0], 'synced 7');
    assert.deepEqual(
      cluster.server.requests('list').map((query) => query.get('limit')),
      ['3', '3', '3'],
    );
  });

  it('takes in nodes that appear, change and go', async () => {
    cluster = await WatchedCluster.create();
    cluster.server.put(nodeObject('a', { region: 'eu-west-1' }), nodeObject('b'));
    await cluster.watch.start();

    cluster.server.put(nodeObject('c'));
    cluster.server.put(nodeObject('a', { region: 'eu-north-1', ready: false, pool: 'eco' }));
    cluster.server.remove('b');

    await eventually(() => cluster.catalog.factsOf('c') !== undefined && cluster.catalog.factsOf('b') === undefined);
    const changed = nodeFacts(
      nodeObject('a', { region: 'eu-north-1', ready: false, pool: 'eco' }),
      DEFAULT_REGION_LABEL,
    );
    assert.deepEqual(cluster.catalog.factsOf('a'), changed);
    assert.equal(cluster.server.requests('list').length, 1);
  });

  it('asks for bookmarks, and for an end within one to two minutes', async () => {
    cluster = await WatchedCluster.create({ timing: { random: () => 0.5 } });

    await cluster.watch.start();

    await eventually(() => cluster.server.openWatches === 1);
    const [query] = cluster.server.requests('watch');
    assert.equal(query?.get('allowWatchBookmarks'), 'true');
    assert.equal(query.get('timeoutSeconds'), '90');
    assert.equal(query.get('resourceVersion'), cluster.server.version);
  });

  it('needs two connections at most, however often it lists and watches', async () => {
    cluster = await WatchedCluster.create({ timing: { pageSize: 10 } });
    cluster.server.put(...Array.from({ length: 200 }, (_, index) => nodeObject(`n${index}`)));
    await cluster.watch.start();

    for (let round = 1; round <= 20; round += 1) {
      await eventually(() => cluster.server.openWatches === 1);
      cluster.server.endWatches();
      await eventually(() => cluster.server.requests('watch').length > round);
    }

    assert.ok(cluster.server.seen.length >= 40);
    assert.ok(cluster.server.connections <= 2, `${cluster.server.connections} connections`);
  });

  it('runs one watch, not two, when started twice', async () => {
    cluster = await WatchedCluster.create();

    await Promise.all([cluster.watch.start(), cluster.watch.start()]);

    await eventually(() => cluster.server.openWatches === 1);
    assert.equal(cluster.server.requests('list').length, 1);
  });

  it('survives an observer that throws, at once or later', async () => {
    const warnings: string[] = [];
    const emitWarning = process.emitWarning.bind(process);
    process.emitWarning = (warning: string | Error) => {
      warnings.push(warning instanceof Error ? warning.message : warning);
    };
    const observer = {
      onSynced: () => {
        throw new Error('thrown by onSynced');
      },
      onConnected: async () => {
        await Promise.reject(new Error('rejected by onConnected'));
      },
      onDisconnected: () => {
        throw new Error('thrown by onDisconnected');
      },
    };
    cluster = await WatchedCluster.create({ observer });

    await cluster.watch.start();
    await eventually(() => cluster.server.openWatches === 1);
    cluster.server.resetConnections();
    await eventually(() => cluster.server.requests('watch').length === 2);
    cluster.server.put(nodeObject('a'));

    await eventually(() => cluster.catalog.size === 1);
    await eventually(() => warnings.length >= 4);
    process.emitWarning = emitWarning;
    assert.deepEqual([...new Set(warnings)].sort(), [
      'rejected by onConnected',
      'thrown by onDisconnected',
      'thrown by onSynced',
    ]);
  });

  it('survives a catalogue that throws, and takes the event up again', async () => {
    cluster = await WatchedCluster.create();
    await cluster.watch.start();
    await eventually(() => cluster.server.openWatches === 1);
    const put = cluster.catalog.put.bind(cluster.catalog);
    cluster.catalog.put = () => {
      cluster.catalog.put = put;
      throw new Error('no room');
    };

    cluster.server.put(nodeObject('a'));

    await eventually(() => cluster.catalog.size === 1);
    assert.ok(cluster.observed.events.includes('disconnected unexpected'));
  });

  it('is not confused by a node whose parts have the wrong types', async () => {
    cluster = await WatchedCluster.create();
    cluster.server.put({
      metadata: { name: 'odd', labels: 7 as never },
      spec: 'x',
      status: { conditions: { type: 1 } },
    });
    cluster.server.put({ metadata: { name: 5 as never } }, nodeObject('a'));

    await cluster.watch.start();

    assert.equal(cluster.catalog.size, 2);
    assert.deepEqual(cluster.catalog.factsOf('odd'), {
      name: 'odd',
      region: null,
      pool: null,
      available: false,
      labels: {},
      taints: [],
    });
  });
});
