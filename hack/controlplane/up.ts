import { load } from 'js-yaml';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openCluster } from '../cluster/open.ts';
import { NODE_SPEC_FORM } from '../cluster/node-spec.ts';
import type { TestCluster } from '../cluster/types.ts';

const USAGE = `node hack/controlplane/up.ts [--scheduler-config FILE] [--nodes SPEC]
Starts a control plane in the foreground, with fresh state, until Ctrl-C.
  --scheduler-config FILE  KubeSchedulerConfiguration, YAML or JSON; without it one without extenders
  --nodes SPEC             fake nodes: ${NODE_SPEC_FORM}
K8S=1.36|1.35|1.34 chooses the Kubernetes.
`;
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** The longest delay that a timer takes. */
const FOREVER_MILLIS = 2 ** 31 - 1;

async function open(args: string[]): Promise<TestCluster> {
  const options = { 'scheduler-config': { type: 'string' }, nodes: { type: 'string' } } as const;
  const { values } = parseArgs({ args, options });
  const file = values['scheduler-config'];
  const scheduler: unknown = file === undefined ? {} : load(await readFile(file, 'utf8'));
  if (typeof scheduler !== 'object') throw new Error(`${file ?? ''}: not a scheduler configuration`);
  const env = { ...process.env, E2E_CLUSTER: 'own' };
  return openCluster({ scheduler, env, ...(values.nodes === undefined ? {} : { nodes: values.nodes }) });
}

/** Waits for a signal that asks us to end. The programs do not keep this process alive, so a timer must. */
async function untilAsked(): Promise<void> {
  const alive = setInterval(() => undefined, FOREVER_MILLIS);
  await new Promise<void>((resolve) => {
    for (const signal of ENDING_SIGNALS) {
      process.on(signal, () => {
        resolve();
      });
    }
  });
  clearInterval(alive);
}

async function up(args: string[]): Promise<void> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return;
  }
  const start = performance.now();
  const cluster = await open(args);
  const asked = untilAsked();
  for (const { name, pid, logFile } of cluster.control?.programs() ?? []) {
    process.stdout.write(`${name} pid=${pid} log=${logFile}\n`);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`export KUBECONFIG=${cluster.kubeconfig}\nready in ${seconds} s; Ctrl-C ends it\n`);
  await asked;
  await cluster.stop();
}

try {
  await up(process.argv.slice(2));
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? `\n${error.cause.message}` : '';
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}${cause}\n`);
  process.exitCode = 1;
}
