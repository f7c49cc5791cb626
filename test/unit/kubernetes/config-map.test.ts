import assert from 'node:assert/strict';
import { clusterConfigMaps, configMapResource } from '../../../src/kubernetes/config-map.ts';
import type { ConfigMapStore } from '../../../src/kubernetes/config-map.ts';
import { ObjectServer } from '../../support/object-server.ts';

const ALL = '/api/v1/namespaces/lowtide/configmaps';
const { signal } = new AbortController();
const NEW = {
  name: 'head',
  labels: { 'lowtide.dev/signal': 'head' },
  data: { a: '1', b: '2' },
  binary: { bytes: Buffer.from([0, 255, 7]) },
  immutable: false,
};

describe('the ConfigMaps of a namespace', () => {
  let server: ObjectServer;
  let store: ConfigMapStore;

  beforeEach(async () => {
    server = await ObjectServer.start();
    store = clusterConfigMaps(server.access, 'lowtide');
  });
  afterEach(() => server.stop());

  it('are made and read with their bytes as they were', async () => {
    const made = await store.create({ ...NEW, immutable: true }, signal);

    assert.deepEqual(await store.read('head', signal), made);
    assert.deepEqual(made, {
      name: 'head',
      resourceVersion: '1',
      labels: NEW.labels,
      data: NEW.data,
      binary: NEW.binary,
    });
    const { kind, immutable, binaryData } = server.get(`${ALL}/head`);
    assert.deepEqual(
      { kind, immutable, binaryData },
      { kind: 'ConfigMap', immutable: true, binaryData: { bytes: 'AP8H' } },
    );
  });

  it('tell where there is one already, and where there is none', async () => {
    await store.create(NEW, signal);

    assert.equal(await store.create(NEW, signal), null);
    assert.equal(await store.read('other', signal), null);
    await store.remove('other', signal);
  });

  it('are changed where they are as they were read: values written and taken away, the rest kept', async () => {
    const made = await store.create(NEW, signal);
    const change = {
      resourceVersion: made?.resourceVersion ?? '',
      labels: { x: 'y' },
      data: { a: null, c: '3' },
      binary: { bytes: null, more: Buffer.from('more') },
    };
    const changed = await store.update('head', change, signal);

    assert.deepEqual(changed?.data, { b: '2', c: '3' });
    assert.deepEqual(changed.binary, { more: Buffer.from('more') });
    assert.deepEqual(changed.labels, { ...NEW.labels, x: 'y' });
    assert.equal(await store.update('head', change, signal), null);
    await store.remove('head', signal);
    assert.equal(await store.update('head', change, signal), null);
  });

  it('throw what the API server says, with its reason', async () => {
    server.intercept = () => ({ status: 403, body: { message: 'not you' } });
    const code = { code: 'forbidden', message: /not you/ };

    await assert.rejects(store.read('head', signal), { ...code, message: /read configmap lowtide\/head: not you/ });
    await assert.rejects(store.create(NEW, signal), code);
    await assert.rejects(store.update('head', { ...NEW, resourceVersion: '1' }, signal), code);
    await assert.rejects(store.remove('head', signal), code);
    await assert.rejects(store.names('a=b', signal), code);
  });

  it('are found by label', async () => {
    const metadata = { resourceVersion: '9' };
    server.intercept = () => ({ status: 200, body: { metadata, items: [{ metadata: { name: 'one' } }] } });

    assert.deepEqual(await store.names('lowtide.dev/signal=head', signal), ['one']);
  });

  it('are read of a watch, broken ones as empty', () => {
    const { selector, path, read } = configMapResource('lowtide', 'head');

    assert.deepEqual([path, selector], [ALL, { fieldSelector: 'metadata.name=head' }]);
    assert.deepEqual(read({ metadata: { name: 'head', resourceVersion: '3' }, data: { a: 1 }, binaryData: null }), {
      key: 'head',
      value: { name: 'head', resourceVersion: '3', labels: {}, data: {}, binary: {} },
    });
  });
});
