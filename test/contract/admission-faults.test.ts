import assert from 'node:assert/strict';
import request from 'supertest';
import { ADMISSION_ERRORS } from '../../src/service/admission/errors.ts';
import type { AdmissionErrorCode } from '../../src/service/admission/errors.ts';
import { admissionOver, podObject } from '../support/admission.ts';

const REVIEW = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: { uid: 'u' } };
const BINDING = {
  ...REVIEW,
  request: {
    uid: 'u',
    operation: 'CREATE',
    resource: { resource: 'pods' },
    subResource: 'binding',
    namespace: 'strict',
    name: 'work',
    object: { target: { kind: 'Node', name: 'west' } },
  },
};
const ENFORCED = { namespaces: { strict: { enforced: true, managed: true } } };
const JSON_TYPE = 'application/json';

interface Case {
  method?: 'get' | 'post' | 'put';
  path?: string;
  type?: string;
  encoding?: string;
  body?: string;
  wantCode: AdmissionErrorCode;
}
const CASES: Record<string, Case> = {
  'a GET': { method: 'get', wantCode: 'admission-not-post' },
  'a PUT': { method: 'put', wantCode: 'admission-not-post' },
  'another path': { path: '/admission/v2/pods', wantCode: 'admission-no-such-path' },
  YAML: { type: 'application/yaml', body: 'a: b', wantCode: 'admission-wrong-type' },
  'a compressed body': { encoding: 'gzip', wantCode: 'admission-wrong-type' },
  'no body': { body: '', wantCode: 'admission-not-json' },
  'broken JSON': { body: '{', wantCode: 'admission-not-json' },
  'JSON of another kind': { body: '[]', wantCode: 'admission-no-request' },
  'an older version': {
    body: JSON.stringify({ ...REVIEW, apiVersion: 'admission.k8s.io/v1beta1' }),
    wantCode: 'admission-no-request',
  },
  'a review without a request': {
    body: JSON.stringify({ ...REVIEW, request: null }),
    wantCode: 'admission-no-request',
  },
  'a request without a uid': { body: JSON.stringify({ ...REVIEW, request: {} }), wantCode: 'admission-no-request' },
  'a body beyond the limit': { body: ' '.repeat(2_000), wantCode: 'admission-too-large' },
};

describe('what is no review for admission', () => {
  for (const [title, each] of Object.entries(CASES)) {
    it(`is answered with a code: ${title}`, async () => {
      const { method = 'post', path = '/admission/v1/pods', type = JSON_TYPE, encoding, body, wantCode } = each;
      const { app } = admissionOver({}, 1_000);
      const call = request(app)[method](path).set('Content-Type', type);
      if (encoding !== undefined) call.set('Content-Encoding', encoding);

      const answer = await call.send(body ?? JSON.stringify(REVIEW));

      const { status, message, fix } = ADMISSION_ERRORS[wantCode];
      assert.equal(answer.status, status);
      assert.deepEqual(answer.body, { code: wantCode, message, fix });
    });
  }

  it('is answered, where a review says next to nothing, by letting it pass', async () => {
    const { app } = admissionOver();

    const answer = await request(app).post('/admission/v1/pods').send(REVIEW).expect(200);

    const { apiVersion, kind } = REVIEW;
    assert.deepEqual(answer.body, { apiVersion, kind, response: { uid: 'u', allowed: true } });
  });
});

describe('a fault of admission’s own', () => {
  it('is a 500 that tells nothing of the inside, is reported, and leaves the service as it was', async () => {
    let calls = 0;
    const podOf = (): Promise<unknown> => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('secret')) : Promise.resolve(podObject());
    };
    const { app, observer } = admissionOver({ ...ENFORCED, podOf });
    const post = () => request(app).post('/admission/v1/pods/guard').send(BINDING);

    const answer = await post().expect(500);

    assert.deepEqual(answer.body, { code: 'internal', message: 'internal error, see the log' });
    assert.equal(observer.failures.length, 1);
    assert.deepEqual(observer.answered, [{ resource: 'pods', status: 500 }]);
    await post().expect(200);
  });
});
