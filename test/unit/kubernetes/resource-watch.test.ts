import assert from 'node:assert/strict';
import { ResourceWatch } from '../../../src/kubernetes/resource-watch.ts';
import type { Resource, ResourceSink, Selector } from '../../../src/kubernetes/resource.ts';
import { metadataText } from '../../../src/kubernetes/untyped.ts';
import { eventually } from '../../support/eventually.ts';
import { RecordingObserver } from './watched-cluster.ts';
import { IMPATIENT, WatchedResources } from './watched-resources.ts';

/** What a watch of other objects than nodes adds; the rest is told of NodeWatch. */
describe('ResourceWatch', () => {
  let cluster: WatchedResources;
  let watch: ResourceWatch<string>;
  const observed = new RecordingObserver();
  const calls: unknown[] = [];

  const open = (selector?: Selector): void => {
    const resource: Resource<string> = {
      name: 'widgets',
      path: '/apis/example.com/v1/widgets',
      ...(selector !== undefined && { selector }),
      read: (object) => {
        const [key, value] = [metadataText(object, 'uid'), metadataText(object, 'name')];
        return key === null || value === null ? null : { key, value };
      },
    };
    const sink: ResourceSink<string> = {
      replace: (all) => calls.push(['replace', all]),
      put: (...item) => calls.push(['put', ...item]),
      remove: (key) => calls.push(['remove', key]),
    };
    watch = new ResourceWatch({ access: cluster, resource, sink, observer: observed, timing: IMPATIENT });
  };

  beforeEach(async () => {
    calls.length = 0;
    observed.events.length = 0;
    observed.details.length = 0;
    cluster = await WatchedResources.create('/apis/example.com/v1/widgets');
  });

  afterEach(async () => {
    await watch.stop();
    await cluster.end();
  });

  it('hands over what is read, by its key, and leaves out what is not', async () => {
    const server = cluster.of('widgets');
    server.put({ metadata: { name: 'a', uid: '1' } }, { metadata: { name: 'no-uid' } });
    open();
    await watch.start();
    await eventually(() => server.openWatches === 1);

    server.put({ metadata: { name: 'b', uid: '2' } });
    server.put({ metadata: { name: 'no-uid', changed: true } });
    server.remove('no-uid');
    server.remove('a');

    await eventually(() => calls.length === 3);
    assert.deepEqual(calls, [
      ['replace', [{ key: '1', value: 'a' }]],
      ['put', '2', 'b'],
      ['remove', '1'],
    ]);
    assert.equal(observed.events[0], 'synced 1');
  });

  it('sends its selectors with every request', async () => {
    const server = cluster.of('widgets');
    open({ labelSelector: 'lowtide.dev/held=true', fieldSelector: 'spec.nodeName=' });
    await watch.start();
    await eventually(() => server.openWatches === 1);

    for (const { query } of server.seen) {
      assert.equal(query.get('labelSelector'), 'lowtide.dev/held=true');
      assert.equal(query.get('fieldSelector'), 'spec.nodeName=');
    }
    assert.equal(server.seen.length, 2);
  });

  const faults: Record<string, { kind: 'list' | 'watch'; text: string; want: RegExp }> = {
    'a list without items': { kind: 'list', text: '{}', want: /the list of widgets has no items/ },
    'a list that is no JSON': { kind: 'list', text: '<html>', want: /the list of widgets is not JSON/ },
    'a list without version': { kind: 'list', text: '{"items":[]}', want: /list of widgets has no resourceVersion/ },
    'a watch that is no JSON': { kind: 'watch', text: '<html>\n', want: /watch of widgets is not JSON/ },
    'an unknown event': { kind: 'watch', text: '{"type":"LOUD"}\n', want: /no known type in the watch of widgets/ },
  };
  for (const [fault, { kind, text, want }] of Object.entries(faults)) {
    it(`names the resource when it gets ${fault}`, async () => {
      cluster.of('widgets').misbehave(kind, { answer: 'body', text });
      open();

      await watch.start();
      await eventually(() => observed.details.length === 1);

      assert.match(observed.details[0] ?? '', want);
    });
  }
});
