import { Command } from 'commander';
import { pino } from 'pino';
import { SYSTEM_CLOCK } from '../../service/clock.ts';
import type { CommandIo } from '../io.ts';
import { DEFAULT_ADMISSION, DEFAULT_EXTENDER, DEFAULT_OPERATIONS, serveOptions } from './options.ts';
import type { ServeFlags } from './options.ts';

interface CommandContext {
  readonly io: CommandIo;
  readonly env: NodeJS.ProcessEnv;
  /** Called once the service is about to run. */
  readonly stop: () => AbortSignal;
}

/** `lowtide serve`: extender, admission, gatekeeper and operations endpoints, until SIGTERM or Ctrl-C. */
export function serveCommand(context: CommandContext): Command {
  return new Command('serve')
    .description('hold annotated work until the grid is clean, place it by carbon, residency, cost, latency')
    .option('--config <file>', 'addresses, sources, cluster; YAML, strict; flags stand above it')
    .option('--policy <file>', 'policy document, reloaded when it changes (default: the one that ships with lowtide)')
    .option('--trace <file>', 'CSV trace of carbon intensity, as the only source')
    .option('--trace-speed <factor>', 'replay the trace faster: 60 makes an hour a minute')
    .option('--trace-start <time>', "the trace's time at start, RFC 3339 (default: its first row)")
    .option('--nodes <file>', 'NodeList as `kubectl get nodes -o json` prints it, in place of a cluster')
    .option('--kubeconfig <file>', "cluster whose nodes are watched (default: the pod's own)")
    .option('--extender <host:port>', `listen for kube-scheduler (default: ${DEFAULT_EXTENDER}; port 0: a free one)`)
    .option(
      '--admission <host:port>',
      `listen for the API server's admission reviews (default: ${DEFAULT_ADMISSION}; port 0: a free one)`,
    )
    .option(
      '--webhook-url <url>',
      'https://HOST:PORT at which the API server reaches --admission: register the webhooks with it, and a CA of our own, until the end',
    )
    .option('--operations <host:port>', `health, readiness, metrics (default: ${DEFAULT_OPERATIONS})`)
    .option('--log-level <level>', 'debug, info, warn or error (default: info)')
    .action(async (flags: ServeFlags) => {
      const options = await serveOptions(flags);
      // Lines are gathered and written in blocks: a decision's line must not wait for the one who reads the log.
      const destination = pino.destination({ dest: 2, sync: false, minLength: 4096, periodicFlush: 200 });
      const log = pino({ name: 'lowtide', level: options.logLevel }, destination);
      // Half of all the code: only who serves waits for it to load.
      const { serve } = await import('./run.ts');
      try {
        await serve(options, { ...context, stop: context.stop(), clock: SYSTEM_CLOCK, log });
      } finally {
        await flushed(destination);
      }
    });
}

/** Longest that the end waits for whoever reads the log. */
const LOG_PATIENCE_MS = 1_000;

/** Writes what is left, as far as somebody still reads it. */
async function flushed(destination: ReturnType<typeof pino.destination>): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, LOG_PATIENCE_MS).unref();
    destination.flush(() => {
      resolve();
    });
  });
  // At exit pino would try once more, synchronously and, where the reader has gone, for ever.
  destination.flushSync = () => undefined;
}
