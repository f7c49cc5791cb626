import type { Context } from 'mocha';
import type { ControlPlane } from '../controlplane/types.ts';
import type { TestCluster } from './types.ts';

/** Ends the mocha test (or hook) that asks: skipped, with the reason in its title. */
export function skipBecause(context: Context, reason: string): never {
  if (context.test !== undefined) context.test.title += ` (skipped: ${reason})`;
  return context.skip();
}

/** The control plane, or the end of the test that asks. */
export function controlOrSkip(context: Context, cluster: TestCluster): ControlPlane {
  return cluster.control ?? skipBecause(context, `the control plane of "${cluster.backend}" is not ours`);
}
