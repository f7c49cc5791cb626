import express from 'express';
import type { Express, Router } from 'express';
import type { Registry } from 'prom-client';

/** Whether the service can do its work; `degraded` is what it does without meanwhile, which does not unready it. */
export interface Readiness {
  readonly problems: readonly string[];
  readonly degraded: readonly string[];
}

interface OperationsOptions {
  readonly registry: Registry;
  readonly readiness: () => Readiness;
  /** Called before each scrape, to bring gauges up to date. */
  readonly beforeScrape: () => void;
  /** For people and programs, under `/api/v1`. */
  readonly api: Router;
}

/** Liveness, readiness, metrics and the API for people and programs, on a port of their own. */
export function operationsApp({ registry, readiness, beforeScrape, api }: OperationsOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  app.get('/readyz', (_request, response) => {
    const { problems, degraded } = readiness();
    const ready = problems.length === 0;
    response.status(ready ? 200 : 503).json({ ready, problems, degraded });
  });
  app.get('/metrics', async (_request, response) => {
    beforeScrape();
    response.type(registry.contentType).send(await registry.metrics());
  });
  app.use('/api/v1', api);
  return app;
}
