import assert from 'node:assert/strict';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { openSelfManaged } from '../../../src/cli/serve/holding/self-managed.ts';
import { createMetrics } from '../../../src/service/metrics/metrics.ts';
import { eventually } from '../../support/eventually.ts';
import { ObjectServer } from '../../support/object-server.ts';

const SETTINGS = { secret: 'tls', service: 'lowtide-admission', webhooks: 'lowtide' };

describe('a certificate of its own, while the API server is away', () => {
  let server: ObjectServer;
  beforeEach(async () => {
    server = await ObjectServer.start();
  });
  afterEach(() => server.stop());

  it('is waited for no longer than until the service shall end', async () => {
    server.intercept = () => ({ status: 503 });
    const stop = new AbortController();
    const opened = openSelfManaged(SETTINGS, {
      access: server.access,
      namespace: 'lowtide',
      metrics: createMetrics(new Registry()),
      log: pino({ level: 'silent' }),
      limit: { allows: () => true } as never,
      stop: stop.signal,
    });
    const refused = assert.rejects(opened, /no certificate of its own/);
    await eventually(() => {
      assert.ok(server.requests.length > 0);
    });
    stop.abort();

    await refused;
  });
});
