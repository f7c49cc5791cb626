import type { Context } from 'mocha';
import { skipBecause } from '../../hack/cluster/skip.ts';

/** The server that a suite needs, or the suite's end: skipped with the reason in each title. For its `before` hook. */
export function serverOrSkip<Server>(context: Context, server: Server | null, name: string): Server {
  if (server !== null) return server;
  const reason = `${name} is not installed`;
  for (const test of context.test?.parent?.tests ?? []) test.title += ` (skipped: ${reason})`;
  return skipBecause(context, reason);
}
