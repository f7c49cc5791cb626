import { once } from 'node:events';
import type { SecureContextOptions } from 'node:tls';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { World } from '../../placement/facts.ts';
import type { Clock } from '../../service/clock.ts';
import { Extender } from '../../service/extender/extender.ts';
import { extenderApp } from '../../service/extender/http.ts';
import { DecisionObserver } from '../../service/extender/observer.ts';
import { listen } from '../../service/http-server.ts';
import type { Listening } from '../../service/http-server.ts';
import { LogLimit } from '../../service/limited-log.ts';
import { createMetrics } from '../../service/metrics/metrics.ts';
import { operationsApp } from '../../service/operations.ts';
import { readTls, watchTls } from '../../service/tls-files.ts';
import type { CommandIo } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import { openInputs } from './inputs.ts';
import type { Inputs } from './inputs.ts';
import type { ServeOptions } from './options.ts';

/** How long requests in flight may take at the end. */
const GRACE_MS = 5_000;

/** What the command is given to work with. */
export interface ServeContext {
  readonly io: CommandIo;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the service shall end. */
  readonly stop: AbortSignal;
}

/** Things to close, the last opened first. */
class Closing {
  readonly #steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.#steps.unshift(step);
  }

  async all(): Promise<void> {
    for (const step of this.#steps) await step();
  }
}

/**
 * Runs the service until it is stopped.
 * @throws UsageError for what the caller can mend.
 */
export async function serve(options: ServeOptions, context: ServeContext): Promise<void> {
  const closing = new Closing();
  try {
    await run(options, context, closing);
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
  const tls = options.extender.tls === undefined ? null : await readTls(options.extender.tls).catch(explainTls);
  const inputs = await openInputs(options, { ...context, metrics });
  closing.add(() => inputs.close());

  const operations = await openOperations(options, registry, inputs);
  closing.add(() => operations.close(GRACE_MS));

  await Promise.race([inputs.ready, aborted(stop)]);
  if (stop.aborted) return;
  const limit = new LogLimit();
  closing.add(() => {
    limit.close();
  });
  const observer = new DecisionObserver({ metrics, log, limit });
  const extender = await openExtender(options, { ...context, observer, inputs, closing, tls });
  closing.add(() => extender.close(GRACE_MS));
  io.out(`lowtide ready extender=${extender.url} operations=${operations.url}`);
  log.info({ extender: extender.url, operations: operations.url }, 'ready');
  await aborted(stop);
  log.info('stopping: requests in flight are answered');
}

function openOperations(options: ServeOptions, registry: Registry, inputs: Inputs): Promise<Listening> {
  const { address } = options.operations;
  const app = operationsApp({
    registry,
    readiness: () => inputs.readiness(),
    beforeScrape: () => {
      inputs.beforeScrape();
    },
  });
  return listenOrExplain('operations', address, () => listen({ address, app, tls: null }));
}

interface ExtenderParts extends ServeContext {
  readonly observer: DecisionObserver;
  readonly inputs: Inputs;
  readonly closing: Closing;
  readonly tls: SecureContextOptions | null;
}

async function openExtender(options: ServeOptions, parts: ExtenderParts): Promise<Listening> {
  const { observer, inputs, clock, closing, log, tls } = parts;
  const { address, bodyLimit, tls: files } = options.extender;
  const gather = (): World => inputs.gather();
  const calls = new Extender({ gather, observer, regionLabel: options.regionLabel });
  const app = extenderApp({ calls, observer, bodyLimit, monotonic: () => clock.monotonic() });
  const listening = await listenOrExplain('extender', address, () => listen({ address, app, tls }));
  if (files !== undefined && tls !== null) {
    const onRenewed = (renewed: SecureContextOptions): void => {
      listening.useCertificates(renewed);
    };
    closing.add(watchTls({ files, current: tls, onRenewed, log }));
  }
  return listening;
}

function explainTls(error: unknown): never {
  throw new UsageError([`extender.tls: ${error instanceof Error ? error.message : String(error)}`]);
}

async function listenOrExplain(
  name: string,
  { host, port }: ServeOptions['operations']['address'],
  open: () => Promise<Listening>,
): Promise<Listening> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    const hint = 'code' in error && error.code === 'EADDRINUSE' ? `: it is in use; choose another with --${name}` : '';
    throw new UsageError([`${name} cannot listen on ${host}:${port}${hint === '' ? `: ${error.message}` : hint}`]);
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
