import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { instant, millis } from '../../../../src/carbon/units.ts';
import { ProviderFailure } from '../../../../src/sources/failure.ts';
import { httpExchange } from '../../../../src/sources/http/exchange.ts';
import type { HttpAnswer, HttpRequest } from '../../../../src/sources/http/request.ts';

const NOW = Date.parse('2026-01-05T18:07:00Z');
const SECRET = 'tok-123-very-secret';

describe('httpExchange', () => {
  let server: Server;
  let listener: RequestListener = () => undefined;

  before(async () => {
    server = createServer((request, response) => {
      listener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const exchange = httpExchange({ timeout: millis(150), maxBytes: 1000, now: () => instant(NOW) });
  const ask = (request: Partial<HttpRequest> = {}): Promise<HttpAnswer> =>
    exchange({ what: 'latest', url: new URL(`${base()}/latest?zone=DE`), signal: never(), ...request });

  it('hands over status, type and text', async () => {
    listener = (_, response) => response.writeHead(404, { 'content-type': 'Text/Plain; charset=utf-8' }).end('grüße');

    const { status, contentType, text } = await ask();

    assert.deepEqual({ status, contentType, text }, { status: 404, contentType: 'text/plain', text: 'grüße' });
  });

  it('sends headers, body and the secret part of the query, which the shown URL lacks', async () => {
    let seen = '';
    listener = (request, response) => {
      request.on('data', (part: Buffer) => {
        seen = `${request.method ?? ''} ${request.url ?? ''} ${String(request.headers['auth-token'])} ${part.toString()}`;
      });
      request.on('end', () => response.end());
    };
    const url = new URL(`${base()}/q`);

    await ask({ url, method: 'POST', body: '{}', headers: { 'auth-token': SECRET }, secretQuery: { key: SECRET } });

    assert.equal(seen, `POST /q?key=${SECRET} ${SECRET} {}`);
    assert.equal(url.search, '');
  });

  const retries: Record<string, { headers: Record<string, string>; want: number | null }> = {
    'none without the header': { headers: {}, want: null },
    'of seconds': { headers: { 'retry-after': '120' }, want: 120_000 },
    'of a date, by the clock of the provider': {
      headers: { 'retry-after': 'Mon, 05 Jan 2026 19:00:30 GMT', date: 'Mon, 05 Jan 2026 19:00:00 GMT' },
      want: 30_000,
    },
    'of a date that has passed': {
      headers: { 'retry-after': 'Mon, 05 Jan 2026 10:00:00 GMT', date: 'Mon, 05 Jan 2026 18:00:00 GMT' },
      want: 0,
    },
    'none of nonsense': { headers: { 'retry-after': 'soon' }, want: null },
  };
  for (const [name, { headers, want }] of Object.entries(retries))
    it(`reads a delay ${name}`, async () => {
      listener = (_, response) => response.writeHead(429, headers).end();

      assert.equal((await ask()).retryAfter, want);
    });

  it('tells how far the clock of the provider is from ours', async () => {
    listener = (_, response) => response.writeHead(200, { date: 'Mon, 05 Jan 2026 18:17:00 GMT' }).end();

    assert.equal((await ask()).clockSkew, 600_000);
  });

  const failures: Record<string, { serve: RequestListener; want: string; says: RegExp }> = {
    'an answer that never comes': { serve: () => undefined, want: 'timeout', says: /within 150 ms/ },
    'an answer whose end never comes': {
      serve: (_, response) => response.writeHead(200).write('{"zone":'),
      want: 'timeout',
      says: /within 150 ms/,
    },
    'a connection that is reset': {
      serve: (_, response) => response.destroy(),
      want: 'unreachable',
      says: /no connection to 127.0.0.1:\d+ \(\w+\)/,
    },
    'an answer that breaks off': {
      serve: (_, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
      },
      want: 'truncated',
      says: /broke off after 4 bytes/,
    },
    'an answer in chunks that breaks off': {
      serve: (_, response) => {
        response.writeHead(200).write('half', () => response.destroy());
      },
      want: 'truncated',
      says: /broke off/,
    },
    'an answer packed into nonsense': {
      serve: (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip at all'),
      want: 'malformed',
      says: /broke off/,
    },
    'an answer above the size that is read': {
      serve: (_, response) => response.end('x'.repeat(1001)),
      want: 'too-large',
      says: /above 1000 bytes/,
    },
    'a packed answer that unpacks above the size': {
      serve: (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(5000))),
      want: 'too-large',
      says: /above 1000 bytes/,
    },
  };
  for (const [name, { serve, want, says }] of Object.entries(failures))
    it(`calls ${name} ${want}`, async () => {
      listener = serve;

      const failure = await failureOf(ask({ headers: { 'auth-token': SECRET }, secretQuery: { key: SECRET } }));

      assert.equal(failure.reason, want);
      assert.match(failure.message, says);
      assert.doesNotMatch(everything(failure), /very-secret/);
    });

  it('calls a closed port unreachable', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));

    const failure = await failureOf(
      ask({ url: new URL(`http://127.0.0.1:${port}/`), secretQuery: { securityToken: SECRET } }),
    );

    assert.equal(failure.reason, 'unreachable');
    assert.doesNotMatch(everything(failure), /very-secret/);
  });

  it('refuses a credential that no header can hold, without showing it', async () => {
    const failure = await failureOf(ask({ headers: { 'auth-token': `${SECRET}\nx` } }));

    assert.equal(failure.reason, 'unauthorized');
    assert.doesNotMatch(everything(failure), /very-secret/);
  });

  it('gives up when the asker does', async () => {
    const asker = new AbortController();
    listener = () => {
      asker.abort();
    };

    const failure = await failureOf(ask({ signal: asker.signal }));

    assert.match(failure.message, /given up/);
  });

  it('does not follow a redirect, which would carry credentials elsewhere', async () => {
    let asked = 0;
    listener = (_, response) => {
      asked += 1;
      response.writeHead(302, { location: `${base()}/elsewhere` }).end();
    };

    assert.equal((await ask({ headers: { 'auth-token': SECRET } })).status, 302);
    assert.equal(asked, 1);
  });

  it('conceals credentials that an error repeats', async () => {
    const basic = `Basic ${Buffer.from('ada:hunter22').toString('base64')}`;
    listener = (request, response) => {
      const authorization = String(request.headers.authorization);
      response.writeHead(401).end(`bad ${SECRET} of ${request.url ?? ''}: ${authorization}, hunter22`);
    };

    const { text } = await ask({
      headers: { authorization: basic, 'auth-token': SECRET },
      secretQuery: { key: 'a key/with=signs' },
    });

    assert.doesNotMatch(text, /very-secret|hunter22|YWRh|signs/);
    assert.match(text, /^bad … of/);
  });
});

function never(): AbortSignal {
  return new AbortController().signal;
}

async function failureOf(asking: Promise<unknown>): Promise<ProviderFailure> {
  const failure = await asking.then(
    () => null,
    (error: unknown) => error,
  );
  assert.ok(failure instanceof ProviderFailure);
  return failure;
}

function everything(failure: ProviderFailure): string {
  return `${failure.stack ?? ''} ${JSON.stringify(failure)} ${String(failure.cause)}`;
}
