import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/**
 * Under which this process takes part in elections. In a pod its name: no two live at once, and a container that is
 * started anew takes its own Lease up without waiting for it to end. Elsewhere nothing is known to be unique, so it is
 * made up.
 */
export function ownIdentity(env: NodeJS.ProcessEnv): string {
  return env['KUBERNETES_SERVICE_HOST'] === undefined ? `${hostname()}_${randomUUID()}` : hostname();
}
