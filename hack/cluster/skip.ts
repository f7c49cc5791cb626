import type { Context } from 'mocha';
import type { ControlPlane } from '../controlplane/types.ts';
import type { TestCluster } from './types.ts';

/** The control plane, or the end of the mocha test (or hook) that asks: skipped, with the reason in its title. */
export function controlOrSkip(context: Context, cluster: TestCluster): ControlPlane {
  if (cluster.control !== null) return cluster.control;
  if (context.test !== undefined)
    context.test.title += ` (skipped: the control plane of "${cluster.backend}" is not ours)`;
  return context.skip();
}
