import type { Context } from 'mocha';
import { skipBecause } from '../../hack/cluster/skip.ts';

/** The server that a test needs, or the end of the test that asks: skipped, which fails where nothing may be missing. */
export function serverOrSkip<Server>(context: Context, server: Server | null, name: string): Server {
  return server ?? skipBecause(context, `${name} is not installed`);
}
