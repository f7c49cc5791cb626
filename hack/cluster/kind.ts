import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openForeign } from './foreign.ts';
import type { TestCluster } from './types.ts';

const SCRIPT = join(import.meta.dirname, '..', 'kind', 'kind.sh');
const run = promisify(execFile);

/** Opens the kind cluster of hack/kind, which is made where it does not stand; `stop` leaves it standing. */
export async function openKind(env: NodeJS.ProcessEnv): Promise<TestCluster> {
  await kind(env, 'up');
  const hostAddress = await kind(env, 'host-address');
  const kubeconfig = async (stateDir: string): Promise<string> => {
    const file = join(stateDir, 'kubeconfig');
    await kind(env, 'kubeconfig', file);
    return file;
  };
  return openForeign({ backend: 'kind', hostAddress, kubeconfig }, env);
}

async function kind(env: NodeJS.ProcessEnv, ...args: string[]): Promise<string> {
  const { stdout } = await run('bash', [SCRIPT, ...args], { env });
  return stdout.trim();
}
