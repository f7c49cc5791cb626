import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { listen } from '../../../src/service/http-server.ts';
import { readTls } from '../../../src/service/tls-files.ts';
import { certificateFiles } from '../../support/certificates.ts';

const ADDRESS = { host: '127.0.0.1', port: 0 };

async function ask(url: string, agent?: Agent): Promise<IncomingMessage> {
  const [response] = (await once(get(url, agent === undefined ? {} : { agent }), 'response')) as [IncomingMessage];
  return response;
}

describe('a server of the service', () => {
  it('keeps connections longer than the 90 s for which kube-scheduler pools them', async () => {
    const server = await listen({ address: ADDRESS, app: (_request, response) => response.end(), tls: null });
    const agent = new Agent({ keepAlive: true });

    const response = await ask(server.url, agent);
    response.resume();

    const hint = String(response.headers['keep-alive']);
    assert.ok(Number(/timeout=(\d+)/.exec(hint)?.[1]) > 90, hint);
    agent.destroy();
    await server.close(1000);
  });

  it('answers what is in flight when it closes, as the last on that connection, and refuses what comes after', async () => {
    const arrived = Promise.withResolvers<undefined>();
    const release = Promise.withResolvers<undefined>();
    const app: RequestListener = (_request, response) => {
      arrived.resolve(undefined);
      void release.promise.then(() => response.end('done'));
    };
    const server = await listen({ address: ADDRESS, app, tls: null });
    const agent = new Agent({ keepAlive: true });
    const answered = ask(server.url, agent);
    await arrived.promise;

    const closed = server.close(10_000);
    await assert.rejects(ask(server.url), { code: 'ECONNREFUSED' });
    release.resolve(undefined);

    assert.equal(await text(await answered), 'done');
    await closed;
    agent.destroy();
  });

  it('cuts off what does not end within the grace', async () => {
    const arrived = Promise.withResolvers<undefined>();
    const app: RequestListener = () => {
      arrived.resolve(undefined);
    };
    const server = await listen({ address: ADDRESS, app, tls: null });
    const hanging = ask(server.url);
    const cut = assert.rejects(hanging, { code: 'ECONNRESET' });
    await arrived.promise;

    await server.close(20);

    await cut;
  });

  it('says that an address is in use', async () => {
    const app: RequestListener = (_request, response) => response.end();
    const first = await listen({ address: ADDRESS, app, tls: null });
    const port = Number(new URL(first.url).port);

    await assert.rejects(listen({ address: { ...ADDRESS, port }, app, tls: null }), { code: 'EADDRINUSE' });
    await first.close(1000);
  });

  it('shows a renewed certificate without a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lowtide-https-'));
    const files = await certificateFiles(folder);
    const tls = await readTls({ certFile: files.cert, keyFile: files.key });
    const server = await listen({ address: ADDRESS, app: (_request, response) => response.end(), tls });
    const { hostname, port } = new URL(server.url);
    const shown = async (ca: string): Promise<string> => {
      const socket = connect({ host: hostname, port: Number(port), ca: await readFile(ca) });
      await once(socket, 'secureConnect');
      const { serialNumber } = socket.getPeerCertificate();
      socket.destroy();
      return serialNumber;
    };
    const before = await shown(files.ca);

    const renewed = await certificateFiles(folder);
    server.useCertificates(await readTls({ certFile: renewed.cert, keyFile: renewed.key }));

    assert.notEqual(await shown(renewed.ca), before);
    await server.close(1000);
    await rm(folder, { recursive: true });
  });
});
