import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { binaryPath } from './cache.ts';
import type { StageName } from './components.ts';
import { freePort } from './ports.ts';
import type { Program } from './program.ts';
import { startProgram } from './program.ts';
import { waitUntilReady } from './readiness.ts';
import { joinStages } from './stages.ts';

/** How KWOK is to play nodes and pods. */
export interface KwokOptions {
  /** Folder of an installation. */
  readonly installation: string;
  readonly kubeconfig: string;
  /** Where its stages are written. */
  readonly folder: string;
  readonly logFile: string;
  readonly stages: readonly StageName[];
  /** All nodes where every node is fake; else those labelled `type=kwok`, kept alive by leases. */
  readonly nodes: 'all' | 'labelled';
}

const NODE_FLAGS = {
  all: ['--manage-all-nodes=true', '--node-lease-duration-seconds=0'],
  labelled: ['--manage-nodes-with-label-selector=type=kwok', '--node-lease-duration-seconds=40'],
};

/** Starts KWOK and waits until it is healthy. */
export async function startKwok(options: KwokOptions): Promise<Program> {
  const stages = join(options.folder, 'stages.yaml');
  await writeFile(stages, await joinStages(options.installation, options.stages));
  const address = `127.0.0.1:${await freePort()}`;
  const program = startProgram({
    name: 'kwok',
    command: binaryPath(options.installation, 'kwok'),
    args: [
      `--kubeconfig=${options.kubeconfig}`,
      `--config=${stages}`,
      `--server-address=${address}`,
      ...NODE_FLAGS[options.nodes],
    ],
    logFile: options.logFile,
  });
  await waitUntilReady(program, [{ url: `http://${address}/healthz` }]);
  return program;
}
