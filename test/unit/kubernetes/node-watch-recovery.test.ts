import assert from 'node:assert/strict';
import type { WatchTiming } from '../../../src/kubernetes/watch-timing.ts';
import { eventually } from '../../support/eventually.ts';
import { nodeObject } from './node-objects.ts';
import { WatchedCluster } from './watched-cluster.ts';

describe('NodeWatch, when the API server misbehaves', () => {
  let cluster: WatchedCluster;
  const open = async (timing: Partial<WatchTiming> = {}): Promise<WatchedCluster> => {
    cluster = await WatchedCluster.create({ timing });
    return cluster;
  };
  const ready = async (timing: Partial<WatchTiming> = {}): Promise<WatchedCluster> => {
    await open(timing);
    cluster.server.put(nodeObject('a'), nodeObject('b'));
    await cluster.watch.start();
    await eventually(() => cluster.server.openWatches === 1);
    return cluster;
  };
  const sees = (...names: string[]): Promise<void> =>
    eventually(() => cluster.catalog.size === names.length && names.every((name) => cluster.catalog.factsOf(name)));

  afterEach(() => cluster.end());

  it('repeats a list that failed, with longer pauses, until it succeeds', async () => {
    await open();
    cluster.server.put(nodeObject('a'));
    const failures = Array.from({ length: 7 }, () => ({ answer: 'status', code: 500 }) as const);
    cluster.server.misbehave('list', ...failures);

    await cluster.watch.start();

    assert.equal(cluster.catalog.size, 1);
    assert.deepEqual(cluster.pauses, [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    assert.deepEqual(cluster.observed.events.slice(0, 2), ['disconnected server-error', 'disconnected server-error']);
    assert.equal(cluster.observed.details[0], 'HTTP 500: the fake says 500');
  });

  it('starts when the API server, down at first, comes up', async () => {
    await open();
    const { port } = cluster.server;
    await cluster.server.stop();
    const started = cluster.watch.start();
    await eventually(() => cluster.observed.events.length > 3);

    const late = await WatchedCluster.create({ port });
    late.server.put(nodeObject('a'));
    await started;

    assert.equal(cluster.observed.events[0], 'disconnected unreachable');
    assert.match(cluster.observed.details[0] ?? '', /ECONNREFUSED/);
    assert.equal(cluster.catalog.size, 1);
    await late.end();
  });

  it('says that it may not list, and goes on trying', async () => {
    await open();
    cluster.server.misbehave('list', { answer: 'status', code: 403 });

    await cluster.watch.start();

    assert.equal(cluster.observed.events[0], 'disconnected forbidden');
  });

  it('begins the list again when a continue token has expired', async () => {
    await open({ pageSize: 2 });
    cluster.server.put(...['a', 'b', 'c', 'd', 'e'].map((name) => nodeObject(name)));
    // The first request passes, the second page is gone.
    cluster.server.misbehave('list', { answer: 'close-after', events: 0 }, { answer: 'status', code: 410 });

    await cluster.watch.start();

    assert.equal(cluster.catalog.size, 5);
    assert.equal(cluster.observed.events[0], 'disconnected expired');
    const tokens = cluster.server.requests('list').map((query) => query.has('continue'));
    assert.deepEqual(tokens, [false, true, false, true, true]);
  });

  for (const [how, provoke] of [
    [
      'an HTTP status',
      () => {
        cluster.server.compact();
      },
    ],
    [
      'an ERROR event',
      () => {
        cluster.server.misbehave('watch', { answer: 'error-event', code: 410 });
      },
    ],
  ] as const) {
    it(`lists again after 410 as ${how}, and drops the node that vanished meanwhile`, async () => {
      await ready();
      cluster.server.endWatches();
      cluster.server.remove('a');
      cluster.server.put(nodeObject('c'));
      provoke();

      await sees('b', 'c');

      assert.equal(cluster.server.requests('list').length, 2);
      // The first 410 is enough: the version that is gone is not asked for again.
      assert.equal(cluster.observed.events.filter((event) => event === 'disconnected expired').length, 1);
    });
  }

  it('never shows an empty catalogue while it lists again', async () => {
    await ready({ pageSize: 1 });
    const sizes = new Set<number>();
    const sample = (): void => {
      sizes.add(cluster.catalog.size);
      if (cluster.observed.events.filter((event) => event.startsWith('synced')).length < 2) setImmediate(sample);
    };
    sample();

    cluster.server.compact();
    cluster.server.endWatches();

    await eventually(() => cluster.observed.events.includes('disconnected expired'));
    await eventually(() => cluster.observed.events.at(-1) === 'connected');
    assert.deepEqual([...sizes], [2]);
  });

  it('resumes, without a list, when the connection is reset', async () => {
    await ready();
    const before = cluster.server.version;

    cluster.server.resetConnections();
    cluster.server.put(nodeObject('c'));

    await sees('a', 'b', 'c');
    assert.equal(cluster.server.requests('list').length, 1);
    assert.equal(cluster.server.requests('watch').at(-1)?.get('resourceVersion'), before);
    assert.deepEqual(cluster.observed.events, ['synced 2', 'connected', 'disconnected unreachable', 'connected']);
  });

  it('resumes where the last bookmark was when an idle watch is cut', async () => {
    await ready();
    cluster.server.bookmark();
    cluster.server.bookmark();
    const bookmarked = cluster.server.version;

    cluster.server.endWatches();

    await eventually(() => cluster.server.requests('watch').length === 2);
    assert.equal(cluster.server.requests('watch')[1]?.get('resourceVersion'), bookmarked);
    assert.equal(cluster.server.requests('list').length, 1);
    assert.deepEqual(cluster.observed.events, ['synced 2', 'connected']);
  });

  it('does not hammer a server that ends every watch at once', async () => {
    await ready();
    cluster.server.endWatches();

    await eventually(() => cluster.server.requests('watch').length === 2);

    assert.deepEqual(cluster.pauses, [1000]);
  });

  for (const line of ['<html>bad gateway</html>', '{"type":', '42', '{"type":"LOUD","object":{}}']) {
    it(`takes the line ${line} for a broken watch, and resumes`, async () => {
      await ready();

      cluster.server.write(line);
      await eventually(() => cluster.server.requests('watch').length === 2);
      cluster.server.put(nodeObject('c'));

      await sees('a', 'b', 'c');
      assert.ok(cluster.observed.events.includes('disconnected invalid-answer'));
    });
  }

  it('gives up a watch that is silent for too long, and resumes', async () => {
    await ready({ watchSeconds: 0, watchGrace: 60 });

    await eventually(() => cluster.server.requests('watch').length >= 2);
    cluster.server.put(nodeObject('c'));

    await sees('a', 'b', 'c');
    assert.ok(cluster.observed.events.includes('disconnected timeout'));
  });

  it('keeps a watch whose bookmarks break the silence', async () => {
    await ready({ watchSeconds: 0, watchGrace: 200 });
    const heartbeat = setInterval(() => {
      cluster.server.bookmark();
    }, 20);

    await eventually(() => Number(cluster.server.version) > 102 + 25);

    clearInterval(heartbeat);
    assert.equal(cluster.server.requests('watch').length, 1);
  });

  it('gives up a list that is never answered, and repeats it', async () => {
    await open({ listSilence: 60 });
    cluster.server.put(nodeObject('a'));
    cluster.server.misbehave('list', { answer: 'nothing' });

    await cluster.watch.start();

    assert.equal(cluster.catalog.size, 1);
    assert.equal(cluster.observed.events[0], 'disconnected timeout');
  });

  it('keeps the last known nodes while the API server is away', async () => {
    await ready();

    await cluster.server.stop();
    await eventually(() => cluster.observed.events.filter((event) => event.startsWith('disconnected')).length > 5);

    assert.equal(cluster.catalog.size, 2);
    assert.equal(cluster.observed.events.filter((event) => event === 'connected').length, 1);
  });

  it('lists again after three failures in a row: the version it holds may be one that never was', async () => {
    await ready();
    cluster.server.misbehave('watch', ...Array.from({ length: 2 }, () => ({ answer: 'status', code: 500 }) as const));

    cluster.server.resetConnections();

    await eventually(() => cluster.server.requests('list').length === 2);
    await eventually(() => cluster.server.openWatches === 1);
    assert.deepEqual(cluster.pauses, [1000, 2000, 4000]);
  });

  it('does not take an answer without items for an empty cluster', async () => {
    await ready();
    cluster.server.misbehave('list', {
      answer: 'body',
      text: '{"kind":"NodeList","metadata":{"resourceVersion":"9"}}',
    });
    cluster.server.misbehave('watch', { answer: 'status', code: 410 });

    cluster.server.endWatches();

    await eventually(() => cluster.observed.events.includes('disconnected invalid-answer'));
    assert.equal(cluster.catalog.size, 2);
  });

  it('repeats a list that was cut off in the middle', async () => {
    await open();
    cluster.server.put(nodeObject('a'));
    cluster.server.misbehave('list', { answer: 'body', text: '{"kind":"NodeList","items":[{"metada' });

    await cluster.watch.start();

    assert.equal(cluster.catalog.size, 1);
    assert.equal(cluster.observed.events[0], 'disconnected invalid-answer');
  });
});
