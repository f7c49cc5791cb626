import assert from 'node:assert/strict';
import request from 'supertest';
import { extenderApp } from '../../src/service/extender/http.ts';
import type { Answered } from '../../src/service/extender/extender.ts';
import { RecordingObserver } from '../support/extender-app.ts';

const BODY = JSON.stringify({ Pod: {}, Nodes: null, NodeNames: ['n1'] });

/** An app whose filter answers so. */
function appOver(filter: () => Answered): { post: () => request.Test; observer: RecordingObserver } {
  const observer = new RecordingObserver();
  const calls = { filter, prioritize: filter };
  const app = extenderApp({ calls, observer, bodyLimit: 1000, monotonic: () => 0 });
  const post = (): request.Test =>
    request(app).post('/extender/v1/filter').set('Content-Type', 'application/json').send(BODY);
  return { post, observer };
}

describe('a fault of our own', () => {
  it('is a 500 that tells nothing of the inside, is reported, and leaves the service as it was', async () => {
    let calls = 0;
    const { post, observer } = appOver(() => {
      calls += 1;
      if (calls === 1) throw new Error('secret');
      return { body: Buffer.from('{}'), afterwards: null };
    });

    const answer = await post().expect(500);

    assert.deepEqual(answer.body, { code: 'internal', message: 'internal error, see the log' });
    assert.equal(observer.failures.length, 1);
    assert.deepEqual(observer.answered, [{ verb: 'filter', status: 500 }]);
    await post().expect(200);
  });

  it('in what is done after an answer is reported, and ends nothing', async () => {
    const { post, observer } = appOver(() => ({
      body: Buffer.from('{}'),
      afterwards: () => {
        throw new Error('late');
      },
    }));

    await post().expect(200);
    await post().expect(200);

    assert.ok(observer.failures.length >= 1);
  });
});
