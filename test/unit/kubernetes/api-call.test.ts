import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { answerError, apiCall, STRATEGIC_MERGE_PATCH } from '../../../src/kubernetes/api-call.ts';
import { isApiError } from '../../../src/kubernetes/errors.ts';
import type { KubernetesError } from '../../../src/kubernetes/errors.ts';
import type { PooledKubeConfig } from '../../../src/kubernetes/pooled-config.ts';
import { accessTo } from './watched-cluster.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

describe('apiCall', () => {
  const received: Received[] = [];
  let server: Server;
  let access: PooledKubeConfig;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const patience = { signal: new AbortController().signal, silence: 2_000 };

  before(async () => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        received.push({ method: request.method, url: request.url, contentType: request.headers['content-type'], body });
        answer(request, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    access = accessTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  beforeEach(() => {
    received.length = 0;
    answer = (_request, response) => response.writeHead(200).end('{"kind":"Pod"}');
  });

  after(async () => {
    await access.close();
    server.closeAllConnections();
    server.close();
  });

  it('sends the method, the path with its query, the JSON body and its type', async () => {
    const body = { spec: { gates: [{ $patch: 'delete', name: 'ö' }] } };
    const path = '/api/v1/pods/a?fieldManager=x';

    const found = await apiCall(access, { method: 'PATCH', path, body, contentType: STRATEGIC_MERGE_PATCH, patience });

    assert.deepEqual(found, { status: 200, body: { kind: 'Pod' } });
    assert.deepEqual(received, [
      { method: 'PATCH', url: path, contentType: STRATEGIC_MERGE_PATCH, body: JSON.stringify(body) },
    ]);
  });

  it('sends no body and no type where there is none', async () => {
    await apiCall(access, { method: 'GET', path: '/a', patience });

    assert.deepEqual(received, [{ method: 'GET', url: '/a', contentType: undefined, body: '' }]);
  });

  it('gives any status as an answer, JSON or not', async () => {
    answer = (_request, response) => response.writeHead(409).end('{"message":"changed"}');
    const conflict = await apiCall(access, { method: 'POST', path: '/a', body: {}, patience });
    answer = (_request, response) => response.writeHead(502).end('<html>');
    const gateway = await apiCall(access, { method: 'PUT', path: '/a', body: {}, patience });

    assert.deepEqual(conflict, { status: 409, body: { message: 'changed' } });
    assert.deepEqual(gateway, { status: 502, body: '<html>' });
  });

  it('gives up a server that says nothing, as a timeout', async () => {
    answer = (_request, response) => response.writeHead(200).write('{');

    const call = apiCall(access, { method: 'GET', path: '/a', patience: { ...patience, silence: 30 } });

    await assert.rejects(call, { name: 'KubernetesError', code: 'timeout', retryable: true });
  });

  it('throws a broken connection as unreachable', async () => {
    answer = (_request, response) => response.socket?.resetAndDestroy();

    await assert.rejects(apiCall(access, { method: 'GET', path: '/a', patience }), { code: 'unreachable' });
  });

  const cases: Record<string, { status: number; code: KubernetesError['code']; retryable: boolean }> = {
    'no permission': { status: 403, code: 'forbidden', retryable: true },
    'no such object': { status: 404, code: 'not-found', retryable: false },
    'another writer': { status: 409, code: 'conflict', retryable: true },
    'an object that is not valid': { status: 422, code: 'invalid', retryable: false },
    'an overloaded server': { status: 429, code: 'server-error', retryable: true },
  };
  for (const [name, want] of Object.entries(cases)) {
    it(`makes an error of ${name}`, () => {
      const error = answerError('release job/a/b', { status: want.status, body: { message: 'because' } });

      assert.deepEqual(
        { code: error.code, retryable: error.retryable },
        { code: want.code, retryable: want.retryable },
      );
      assert.equal(error.message, `HTTP ${want.status}: release job/a/b: because`);
      assert.ok(isApiError(error));
    });
  }
});
