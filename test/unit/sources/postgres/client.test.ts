import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { instant, millis } from '../../../../src/carbon/units.ts';
import type { FailureReason } from '../../../../src/sources/failure.ts';
import { postgres } from '../../../../src/sources/postgres/client.ts';
import type { Provider } from '../../../../src/sources/provider.ts';
import { Asked, failed } from '../../../support/asked.ts';
import { assertTellsNoSecret } from '../../../support/grid-apis/fault-table.ts';

const NOW = instant(Date.parse('2026-03-02T12:30:00Z'));
const SECRET = 'hunter2-hunter2';
/** AuthenticationOk, ReadyForQuery. */
const LET_IN = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

describe('postgres', () => {
  let server: Server;
  let onConnection: (socket: Socket) => void;
  const sockets = new Set<Socket>();
  before(async () => {
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      onConnection(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const source = (connection: () => Promise<string>): Provider =>
    postgres({ id: 'pg', now: () => NOW, connection, connectTimeout: millis(100), statementTimeout: millis(100) });
  async function failing(connection: () => Promise<string>, want: FailureReason): Promise<string> {
    const provider = source(connection);
    const message = await failed(Asked.of(provider, NOW, 'DE'), want);
    assertTellsNoSecret([message], [SECRET]);
    await provider.close?.();
    return message;
  }
  const url = (more = ''): Promise<string> =>
    Promise.resolve(`postgres://user:${SECRET}@127.0.0.1:${(server.address() as AddressInfo).port}/grid${more}`);

  const STRINGS: Record<string, readonly [string, FailureReason]> = {
    'a string of another form': [`host=127.0.0.1 password=${SECRET}`, 'refused'],
    'a password with a slash that is not written %2F': [`postgres://user:${SECRET}/x@127.0.0.1/grid`, 'refused'],
    'an empty file': ['\n', 'unauthorized'],
  };
  for (const [what, [text, want]] of Object.entries(STRINGS)) {
    it(`calls ${what} ${want}, without showing it`, async () => {
      await failing(() => Promise.resolve(text), want);
    });
  }

  it('calls a file that cannot be read unauthorized', async () => {
    await failing(() => Promise.reject(new Error(`no ${SECRET}`)), 'unauthorized');
  });

  it('calls a server that accepts and says nothing late', async () => {
    onConnection = () => undefined;
    await failing(() => url(), 'timeout');
  });

  it('calls a server that hangs up unreachable', async () => {
    onConnection = (socket) => socket.end();
    await failing(() => url(), 'unreachable');
  });

  const BREAKS: Record<string, (socket: Socket) => void> = {
    'is reset': (socket) => socket.resetAndDestroy(),
    ends: (socket) => socket.end(),
  };
  for (const [what, breakOff] of Object.entries(BREAKS)) {
    it(`outlives a connection that ${what} while a statement is on its way`, async () => {
      onConnection = (socket) => {
        socket.once('data', () => {
          socket.once('data', () => {
            breakOff(socket);
          });
          socket.write(LET_IN);
        });
      };
      await failing(() => url(), 'unreachable');
      await setImmediate();
    });
  }

  it('calls a server without TLS unreachable', async () => {
    onConnection = (socket) => socket.end('N');
    assert.match(await failing(() => url('?sslmode=verify-full'), 'unreachable'), /TLS/);
  });

  it('calls a server that speaks something else unreachable', async () => {
    onConnection = (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    await failing(() => url(), 'unreachable');
  });

  it('does not ask for who has given up already', async () => {
    const asking = { now: NOW, signal: AbortSignal.abort() };
    onConnection = () => assert.fail('asked');
    await assert.rejects(source(() => url()).report([], asking), { reason: 'timeout' });
  });
});
