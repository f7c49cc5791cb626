import express from 'express';
import type { Express } from 'express';
import type { Registry } from 'prom-client';

/** Whether the service can do its work; `problems` says why not. Degradation alone does not unready it. */
export interface Readiness {
  readonly problems: readonly string[];
  readonly degraded: readonly string[];
}

/** Liveness, readiness and metrics, on a port of their own. */
export function operationsApp(registry: Registry, readiness: () => Readiness): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  app.get('/readyz', (_request, response) => {
    const { problems, degraded } = readiness();
    response.status(problems.length === 0 ? 200 : 503).json({ ready: problems.length === 0, problems, degraded });
  });
  app.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  return app;
}
