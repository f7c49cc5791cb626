import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import express from 'express';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import request from 'supertest';
import { KubernetesError } from '../../../../src/kubernetes/errors.ts';
import { API_REQUEST_ERRORS } from '../../../../src/service/api/errors.ts';
import type { ExplainBackend } from '../../../../src/service/api/explain.ts';
import { ApiWatcher } from '../../../../src/service/api/observer.ts';
import { apiRouter } from '../../../../src/service/api/router.ts';
import type { Asked } from '../../../../src/service/explain/explainer.ts';
import { createApiMetrics } from '../../../../src/service/metrics/api-metrics.ts';
import { explained } from '../../../support/explain.ts';

interface Answered {
  readonly body: { readonly code?: string };
  readonly headers: Readonly<Record<string, string>>;
}

const ASKED = '/api/v1/explain?kind=job&namespace=team&name=train';

describe('GET /api/v1/explain', () => {
  let registry: Registry;
  let backend: ExplainBackend;
  let asked: Asked[];
  let logged: string[];

  beforeEach(() => {
    registry = new Registry();
    asked = [];
    logged = [];
    backend = {
      explain: (what) => {
        asked.push(what);
        return Promise.resolve(what.name === 'train' ? explained() : null);
      },
    };
  });

  function app(): express.Express {
    const log = pino({}, { write: (line: string) => void logged.push(line) });
    const observer = new ApiWatcher({ metrics: createApiMetrics([registry]), log, limit: { allows: () => true } });
    return express().use('/api/v1', apiRouter({ observer, monotonic: () => 0, explain: () => backend }));
  }

  const counted = async (code: number): Promise<boolean> =>
    (await registry.metrics()).includes(`lowtide_api_requests_total{endpoint="explain",code="${code}"} 1`);

  it('answers with the explanation of the object that is named', async () => {
    const { body, headers } = (await request(app()).get(ASKED).expect(200)) as Answered;

    assert.deepEqual(asked, [{ kind: 'job', namespace: 'team', name: 'train' }]);
    assert.deepEqual(body, JSON.parse(JSON.stringify(explained())));
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(await counted(200), true);
  });

  it('says in one line that there is no such object', async () => {
    const { body } = (await request(app()).get(ASKED.replace('train', 'other')).expect(404)) as Answered;

    assert.deepEqual(body, {
      code: 'explain-not-found',
      message: 'there is no such object',
      fix: 'look at its kind, namespace and name',
    });
    assert.equal(await counted(404), true);
  });

  const malformed: Record<string, string> = {
    'another kind': 'kind=cronjob&namespace=team&name=train',
    'no namespace': 'kind=job&name=train',
    'a name twice': 'kind=job&namespace=team&name=a&name=b',
    'a name with a slash': 'kind=job&namespace=team&name=..%2F..%2Fsecrets',
    'a namespace that is none': 'kind=job&namespace=Team&name=train',
    'a name that is too long': `kind=job&namespace=team&name=${'a'.repeat(254)}`,
  };
  for (const [name, query] of Object.entries(malformed)) {
    it(`refuses ${name}, and asks nobody`, async () => {
      const { body } = (await request(app()).get(`/api/v1/explain?${query}`).expect(400)) as Answered;

      assert.equal(body.code, 'explain-malformed');
      assert.deepEqual(asked, []);
    });
  }

  it('takes GET alone', async () => {
    const { body, headers } = (await request(app()).post(ASKED).expect(405)) as Answered;

    assert.equal(body.code, 'api-only-get');
    assert.equal(headers['allow'], 'GET');
  });

  it('knows no other path', async () => {
    const { body } = (await request(app()).get('/api/v1/other').expect(404)) as Answered;

    assert.equal(body.code, 'api-no-such-path');
  });

  for (const code of ['explain-not-ready', 'explain-no-cluster'] as const) {
    it(`says ${code} where it is so`, async () => {
      backend = code;

      const { body } = (await request(app()).get(ASKED).expect(503)) as Answered;

      assert.equal(body.code, code);
    });
  }

  it('says that the API server cannot be read, and logs why', async () => {
    backend = { explain: () => Promise.reject(new KubernetesError('unreachable', 'connect ECONNREFUSED')) };

    const { body } = (await request(app()).get(ASKED).expect(503)) as Answered;

    assert.equal(body.code, 'explain-unreadable');
    assert.equal(logged.length, 1);
    assert.match(logged[0] ?? '', /unreachable: connect ECONNREFUSED/);
  });

  it('tells nobody of a fault of its own but the log', async () => {
    backend = { explain: () => Promise.reject(new Error('secret detail')) };

    const { text } = await request(app()).get(ASKED).expect(500);

    assert.ok(!text.includes('secret detail'));
    assert.match(logged[0] ?? '', /secret detail/);
  });

  it('makes no more than eight at once', async () => {
    const { promise, resolve } = Promise.withResolvers<null>();
    let waiting = 0;
    const full = Promise.withResolvers<undefined>();
    backend = {
      explain: () => {
        waiting += 1;
        if (waiting === 8) full.resolve(undefined);
        return promise;
      },
    };
    const server = app().listen(0);
    try {
      const first = Array.from({ length: 8 }, () =>
        request(server)
          .get(ASKED)
          .then(({ status }) => status),
      );
      await full.promise;

      await request(server).get(ASKED).expect(429);

      resolve(null);
      assert.deepEqual(await Promise.all(first), Array(8).fill(404));
      await request(server).get(ASKED).expect(404);
    } finally {
      server.close();
    }
  });

  it('has every error listed in docs/explain.md', () => {
    const page = readFileSync(new URL('../../../../docs/explain.md', import.meta.url), 'utf8');
    for (const [code, { status, message }] of Object.entries(API_REQUEST_ERRORS)) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${code}\``));
      assert.ok(row?.includes(`| ${status} `) === true && row.replaceAll('`', '').includes(message), code);
    }
  });
});
