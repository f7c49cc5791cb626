import { once } from 'node:events';
import type { SecureContextOptions } from 'node:tls';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { World } from '../../placement/facts.ts';
import type { Clock } from '../../service/clock.ts';
import { ApiWatcher } from '../../service/api/observer.ts';
import { apiRouter } from '../../service/api/router.ts';
import { Extender } from '../../service/extender/extender.ts';
import { extenderApp } from '../../service/extender/http.ts';
import { DecisionObserver } from '../../service/extender/observer.ts';
import type { Listening } from '../../service/http-server.ts';
import { LogLimit } from '../../service/limited-log.ts';
import { createMetrics } from '../../service/metrics/metrics.ts';
import type { Metrics } from '../../service/metrics/metrics.ts';
import { operationsApp } from '../../service/operations.ts';
import type { CommandIo } from '../io.ts';
import { Closing } from './closing.ts';
import { openHolding } from './holding/holding.ts';
import type { Holding } from './holding/holding.ts';
import { openInputs } from './inputs.ts';
import type { Inputs } from './inputs.ts';
import { followTls, openListener, openTls, REQUEST_GRACE_MS } from './listeners.ts';
import type { ServeOptions } from './options.ts';

/** What the command is given to work with. */
export interface ServeContext {
  readonly io: CommandIo;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the service shall end. */
  readonly stop: AbortSignal;
}

/**
 * Runs the service until it is stopped.
 * @throws UsageError for what the caller can mend.
 */
export async function serve(options: ServeOptions, context: ServeContext): Promise<void> {
  const closing = new Closing();
  try {
    await run(options, context, closing);
  } catch (error) {
    // What cannot be finished any more is no failure of who asked for the end.
    if (!context.stop.aborted) throw error;
    context.log.warn({ err: error }, 'stopped while it was starting');
  } finally {
    await closing.all();
    context.log.info('stopped');
  }
}

async function run(options: ServeOptions, context: ServeContext, closing: Closing): Promise<void> {
  const { io, log, stop } = context;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = createMetrics(registry);
  // Before anything is waited for: what the caller can mend is said at once.
  const tls = await openTls('extender', options.extender.tls);
  const admissionTls = await openTls('admission', options.admission.tls);
  const limit = new LogLimit();
  closing.add(() => {
    limit.close();
  });
  const inputs = await openInputs(options, { ...context, metrics, limit });
  closing.add(() => inputs.close());
  const parts = { ...context, registry, metrics, inputs, closing, limit };
  const holding = openHolding(options, parts);
  const operations = await openOperations(options, { ...parts, holding });

  await Promise.race([Promise.all([inputs.ready, holding.ready]), aborted(stop)]);
  if (stop.aborted) return;
  const extender = await openExtender(options, { ...parts, tls });
  const admission = await holding.admit(admissionTls);
  await holding.keepTheGate();
  const urls = { extender: extender.url, admission: admission.url, operations: operations.url };
  io.out(`lowtide ready extender=${urls.extender} admission=${urls.admission} operations=${urls.operations}`);
  log.info(urls, 'ready');
  await aborted(stop);
  log.info('stopping: requests in flight are answered');
}

/** What the parts of the service share. */
export interface ServeParts extends ServeContext {
  readonly registry: Registry;
  readonly metrics: Metrics;
  readonly inputs: Inputs;
  readonly closing: Closing;
  readonly limit: LogLimit;
}

async function openOperations(
  options: ServeOptions,
  { registry, inputs, metrics, log, limit, clock, holding, closing }: ServeParts & { readonly holding: Holding },
): Promise<Listening> {
  const { address } = options.operations;
  const app = operationsApp({
    registry,
    readiness: () => {
      const { problems, degraded } = inputs.readiness();
      return { problems: [...problems, ...holding.problems()], degraded: [...degraded, ...holding.degraded()] };
    },
    beforeScrape: () => {
      inputs.beforeScrape();
    },
    api: apiRouter({
      observer: new ApiWatcher({ metrics, log, limit }),
      monotonic: () => clock.monotonic(),
      explain: () => holding.explains(),
    }),
  });
  const listening = await openListener({ name: 'operations', address, app, tls: null });
  closing.add(() => listening.close(REQUEST_GRACE_MS));
  return listening;
}

async function openExtender(
  options: ServeOptions,
  { inputs, metrics, log, limit, clock, closing, tls }: ServeParts & { readonly tls: SecureContextOptions | null },
): Promise<Listening> {
  const { address, bodyLimit, tls: files } = options.extender;
  const observer = new DecisionObserver({ metrics, log, limit });
  const gather = (): World => inputs.gather();
  const calls = new Extender({ gather, observer, regionLabel: options.regionLabel });
  const app = extenderApp({ calls, observer, bodyLimit, monotonic: () => clock.monotonic() });
  const listening = await openListener({ name: 'extender', address, app, tls });
  closing.add(followTls({ listening, files, tls, log }));
  closing.add(() => listening.close(REQUEST_GRACE_MS));
  return listening;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
