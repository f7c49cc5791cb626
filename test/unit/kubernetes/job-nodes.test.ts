import assert from 'node:assert/strict';
import { nodesOfJob } from '../../../src/kubernetes/job-nodes.ts';
import { ObjectServer } from '../../support/object-server.ts';

describe('nodesOfJob', () => {
  let server: ObjectServer;
  beforeEach(async () => {
    server = await ObjectServer.start();
  });
  afterEach(() => server.stop());
  const job = { kind: 'job', namespace: 'team', name: 'etl', uid: 'uid-etl' } as const;
  const nodes = () => nodesOfJob(server.access, job, { signal: new AbortController().signal, silence: 5_000 });

  it('names the node of each pod that has one', async () => {
    const items = [{ spec: { nodeName: 'a' } }, { spec: { nodeName: 'b' } }, { spec: {} }, { spec: { nodeName: 'a' } }];
    server.intercept = () => ({ status: 200, body: { items } });

    assert.deepEqual(await nodes(), ['a', 'b', 'a']);
    const [listed] = server.requests;
    assert.equal(listed?.path, '/api/v1/namespaces/team/pods');
    assert.equal(listed.query.get('labelSelector'), 'batch.kubernetes.io/controller-uid=uid-etl');
  });

  it('says why it cannot', async () => {
    server.intercept = () => ({ status: 403, body: { message: 'no' } });

    await assert.rejects(nodes(), { code: 'forbidden' });
  });
});
