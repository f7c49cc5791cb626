import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { paceOf, watchReleases } from './pace.ts';
import type { Pace } from './pace.ts';
import type { LoopChange } from './patch-loop.ts';
import type { Ground } from './ground.ts';

const LOOP = join(import.meta.dirname, 'patch-loop.ts');

/** Lets a fresh set of held pods go by the plain loop, a process of its own as Lowtide is one. */
export async function loopRound(ground: Ground, change: LoopChange): Promise<Pace> {
  await ground.fill();
  const moments = await watchReleases(ground);
  const { kubeconfig, namespace, connections } = ground;
  const args = [LOOP, kubeconfig, namespace, String(connections), JSON.stringify(change)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value } = (await lines.next()) as { value: string | undefined };
  if (value !== `ready ${ground.pods}`) throw new Error(`the plain loop says: ${value ?? 'nothing'}`);
  const began = performance.now();
  child.stdin.write('go\n');
  const pace = paceOf(await moments.first(ground.pods, ground.patience), began);
  await exited;
  moments.close();
  await ground.clear();
  return pace;
}
