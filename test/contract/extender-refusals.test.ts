import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import request from 'supertest';
import { EXTENDER_ERRORS } from '../../src/service/extender/errors.ts';
import type { ExtenderErrorCode } from '../../src/service/extender/errors.ts';
import { extenderOver } from '../support/extender-app.ts';
import { FakeCatalog, world } from '../support/world.ts';

const LIMIT = 20_000;
const CATALOG = new FakeCatalog({ n1: 'eu-west-1', n2: 'us-east-1' });
const { app, observer } = extenderOver(() => world({ catalog: CATALOG }), LIMIT);
const server = app.listen(0, '127.0.0.1');
const FILTER = '/extender/v1/filter';
const GOOD = { Pod: { metadata: { name: 'p' } }, Nodes: null, NodeNames: ['n1', 'n2'] };

function post(body: string, type = 'application/json', path = FILTER): request.Test {
  return request(server).post(path).set('Content-Type', type).send(body);
}

/** The service still answers a good request as it should. */
async function stillServes(): Promise<void> {
  await post(JSON.stringify(GOOD)).expect(200);
  assert.deepEqual(observer.failures, []);
}

describe('the extender, asked what it cannot answer', () => {
  before(async () => {
    if (!server.listening) await once(server, 'listening');
  });
  after(() => server.close());
  afterEach(stillServes);

  const bodies: Record<string, { body: string; want: ExtenderErrorCode }> = {
    'a body that is cut short': { body: JSON.stringify(GOOD).slice(0, -5), want: 'extender-not-json' },
    'an empty body': { body: '', want: 'extender-not-json' },
    'plain text': { body: 'hello', want: 'extender-not-json' },
    'a list': { body: '[]', want: 'extender-no-pod' },
    null: { body: 'null', want: 'extender-no-pod' },
    'a pod that is a string': { body: JSON.stringify({ ...GOOD, Pod: 'p' }), want: 'extender-no-pod' },
    'neither names nor nodes': {
      body: JSON.stringify({ Pod: {}, Nodes: null, NodeNames: null }),
      want: 'extender-no-nodes',
    },
    'names that are no list': { body: JSON.stringify({ ...GOOD, NodeNames: 'n1' }), want: 'extender-no-nodes' },
    'a name that is a number': { body: JSON.stringify({ ...GOOD, NodeNames: ['n1', 2] }), want: 'extender-no-nodes' },
    'names that are cut in two': {
      body: '{"Pod":{},"Nodes":null,"NodeNames":["n1","n2]}',
      want: 'extender-not-json',
    },
    'a node without a name': { body: JSON.stringify({ Pod: {}, Nodes: { items: [{}] } }), want: 'extender-bad-node' },
    'a body above the limit': {
      body: JSON.stringify({ ...GOOD, NodeNames: ['n'.repeat(LIMIT)] }),
      want: 'extender-too-large',
    },
  };
  for (const [sentence, { body, want }] of Object.entries(bodies)) {
    it(`refuses ${sentence} with ${want}`, async () => {
      const answer = await post(body).expect(EXTENDER_ERRORS[want].status);

      const { code, message, fix } = answer.body as Record<string, string>;
      assert.equal(code, want);
      assert.equal(message, EXTENDER_ERRORS[want].message);
      assert.equal(fix, EXTENDER_ERRORS[want].fix);
    });
  }

  it('refuses another content type', async () => {
    const answer = await post(JSON.stringify(GOOD), 'text/plain').expect(415);

    assert.equal((answer.body as { code: string }).code, 'extender-wrong-type');
  });

  it('refuses a compressed body', async () => {
    const answer = await post(JSON.stringify(GOOD)).set('Content-Encoding', 'gzip').expect(415);

    assert.equal((answer.body as { code: string }).code, 'extender-wrong-type');
  });

  for (const method of ['get', 'put', 'delete', 'patch'] as const) {
    it(`refuses ${method.toUpperCase()} and says what is allowed`, async () => {
      const answer = await request(server)[method](FILTER).expect(405).expect('Allow', 'POST');

      assert.equal((answer.body as { code: string }).code, 'extender-not-post');
    });
  }

  it('answers 404 to another path', async () => {
    const answer = await post('{}', 'application/json', '/extender/v1/bind').expect(404);

    assert.equal((answer.body as { code: string }).code, 'extender-no-such-path');
  });

  it('outlives a caller that hangs up in the middle of its body', async () => {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST ${FILTER} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"Pod`,
    );
    await once(socket, 'connect');

    socket.destroy();
    await once(socket, 'close');
  });

  it('answers every JSON value with 200 or a clear 4xx', async function () {
    this.timeout(30_000);
    const value = fc.oneof(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(null, {}, [], '__proto__', '\ud800', 'n1'));
    const body = fc.oneof(
      value,
      fc.record({ Pod: value, Nodes: value, NodeNames: value }, { requiredKeys: [] }),
      fc.record({
        Pod: fc.record({ metadata: fc.record({ annotations: fc.dictionary(fc.string(), value) }) }),
        Nodes: fc.constant(null),
        NodeNames: fc.array(
          fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'n1', '\udfff"', '\\')),
        ),
      }),
      fc.record({
        Pod: fc.constant({}),
        Nodes: fc.record({ items: fc.array(fc.record({ metadata: fc.record({ name: fc.string(), labels: value }) })) }),
      }),
    );

    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom('filter', 'prioritize'), async (sent, verb) => {
        const answer = await post(JSON.stringify(sent), 'application/json', `/extender/v1/${verb}`);
        assert.ok([200, 400, 413].includes(answer.status), `${answer.status}: ${answer.text}`);
        if (answer.status === 200) keepsNames(sent, answer.body);
      }),
      { numRuns: 400 },
    );
  });

  it('answers every run of bytes with 200 or a clear 4xx', async function () {
    this.timeout(30_000);
    const good = Buffer.from(JSON.stringify(GOOD));
    const damaged = fc
      .tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(good.length))
      .map(([at, byte, end]) => Buffer.concat([good.subarray(0, at), Buffer.of(byte), good.subarray(at + 1, end)]));

    await fc.assert(
      fc.asyncProperty(damaged, async (bytes) => {
        const answer = await post(bytes.toString('latin1'));
        assert.ok([200, 400].includes(answer.status), `${answer.status}: ${answer.text}`);
      }),
      { numRuns: 300 },
    );
  });

  it('reads nesting as deep as the limit allows', async () => {
    const deep = '['.repeat(9_000) + ']'.repeat(9_000);

    await post(`{"Pod":{"metadata":{"annotations":${deep}}},"Nodes":null,"NodeNames":["n1"]}`).expect(200);
    await post(`{"Pod":${deep},"Nodes":null,"NodeNames":["n1"]}`).expect(400);
  });

  it('gives back a node that is nested beyond all reason', async () => {
    const deep = '['.repeat(400_000) + ']'.repeat(400_000);
    const node = `{"metadata":{"name":"n1"},"x":${deep}}`;
    const large = extenderOver(() => world({ catalog: CATALOG }), 2_000_000);

    const answer = await request(large.app)
      .post(FILTER)
      .set('Content-Type', 'application/json')
      .send(`{"Pod":{},"Nodes":{"items":[${node}]}}`)
      .expect(200);

    assert.ok(answer.text.includes(node));
  });
});

/** Every name asked about is either kept or refused, and prioritize scores each. */
function keepsNames(sent: unknown, answer: unknown): void {
  const names = (sent as { NodeNames?: unknown }).NodeNames;
  if (!Array.isArray(names)) return;
  const asJson = JSON.parse(JSON.stringify(names)) as string[];
  if (Array.isArray(answer)) {
    assert.deepEqual(
      answer.map(({ Host }: { Host: string }) => Host),
      asJson,
    );
    return;
  }
  const { NodeNames: kept, FailedAndUnresolvableNodes: failed } = answer as {
    NodeNames: string[];
    FailedAndUnresolvableNodes: Record<string, string>;
  };
  assert.deepEqual(
    asJson.filter((name) => !kept.includes(name)).every((name) => Object.hasOwn(failed, name)),
    true,
  );
}
