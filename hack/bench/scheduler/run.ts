/**
 * What Lowtide costs a real kube-scheduler: pods are created while it is stopped, then it is let go.
 * node hack/bench/scheduler/run.ts [--nodes 5000] [--pods 1000] [--pairs 5] [--only marked|unmarked] [--json FILE]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { ApiClient } from '../../cluster/api.ts';
import { openCluster } from '../../cluster/open.ts';
import type { TestCluster } from '../../cluster/types.ts';
import { Workloads } from '../../cluster/workloads.ts';
import { startLowtide } from '../../lowtide/process.ts';
import { schedulerConfiguration } from '../../lowtide/scheduler-stanza.ts';
import { PodMoments } from '../pod-moments.ts';
import { memoryOf, memoryText } from '../process-use.ts';
import { ratioOf, spanText } from '../statistics.ts';

const { values: options } = parseArgs({
  options: {
    nodes: { type: 'string', default: '5000' },
    pods: { type: 'string', default: '1000' },
    pairs: { type: 'string', default: '5' },
    only: { type: 'string' },
    json: { type: 'string' },
  },
});
const PODS = Number(options.pods);
const CONFIG = join(import.meta.dirname, '..', '..', '..', 'config');
const REGIONS =
  'us-east-1 us-west-1 us-west-2 eu-central-1 eu-west-1 eu-west-2 eu-west-3 eu-north-1 eu-south-2 ap-southeast-2';
/** The first pods meet a scheduler that is still warming up. */
const WARM_UP = Math.floor(PODS / 20);
const RUN_WITHIN_MS = 120_000;

interface SetUp {
  readonly name: string;
  /** Null: no extender. */
  readonly extender: string | null;
  readonly marked: boolean;
}

async function rate(cluster: TestCluster, workloads: Workloads, { extender, marked }: SetUp): Promise<number> {
  const { control } = cluster;
  if (control === null) throw new Error('this benchmark starts schedulers: run it with E2E_CLUSTER=own');
  await workloads.pods('bench', PODS, { marked });
  const bindings = await PodMoments.watch(cluster.kubeconfig, workloads.namespace, {
    reached: ({ spec }) => spec?.nodeName !== undefined,
  });
  const configuration =
    extender === null ? { percentageOfNodesToScore: 100 } : await schedulerConfiguration('marked-pods', extender);
  const scheduler = await control.startScheduler('default', configuration);
  const moments = await bindings.first(PODS, RUN_WITHIN_MS);
  await scheduler.stop();
  bindings.close();
  await workloads.remove('bench');
  const span = (moments.at(-1) ?? NaN) - (moments[WARM_UP] ?? NaN);
  return (PODS - 1 - WARM_UP) / (span / 1000);
}

async function startFixed(names: string): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const script = join(import.meta.dirname, '..', 'extender', 'fixed.ts');
  const child = spawn(process.execPath, [script, names], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^ready (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    const exited = once(child, 'exit');
    return { url, stop: () => (child.kill('SIGTERM'), exited) };
  }
  throw new Error('the fixed-bytes server did not start');
}

async function main(): Promise<void> {
  const regions = REGIONS.split(' ');
  const each = Math.ceil(Number(options.nodes) / regions.length);
  const cluster = await openCluster({ scheduler: null });
  const client = await ApiClient.fromKubeconfig(cluster.kubeconfig);
  const began = performance.now();
  const names = await cluster.addNodes(regions.map((region) => `${region}=${each}`).join());
  console.log(`${names.length} nodes after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  const namesFile = join(cluster.stateDir, 'names.json');
  await writeFile(namesFile, JSON.stringify(names));
  const workloads = await Workloads.in(client, 'bench');
  const trace = ['--policy', join(CONFIG, 'policy.yaml'), '--trace', join(CONFIG, 'traces', 'grid-28d.csv')];
  const lowtide = await startLowtide(join(cluster.stateDir, 'lowtide.log'), [
    ...['--kubeconfig', cluster.kubeconfig],
    ...trace,
  ]);
  console.log(`lowtide at start: ${memoryText(await memoryOf(lowtide.pid))}`);
  const fixed = await startFixed(namesFile);
  try {
    const setUps: readonly SetUp[] = [
      { name: 'no extender', extender: null, marked: false },
      { name: 'lowtide, unmarked pods', extender: lowtide.extender, marked: false },
      { name: 'fixed bytes, marked pods', extender: fixed.url, marked: true },
      { name: 'lowtide, marked pods', extender: lowtide.extender, marked: true },
    ];
    const chosen = setUps.filter(({ marked }) => options.only === undefined || marked === (options.only === 'marked'));
    await compare(cluster, workloads, chosen);
    console.log(`lowtide at the end: ${memoryText(await memoryOf(lowtide.pid))}`);
  } finally {
    await lowtide.stop();
    await fixed.stop();
    client.close();
    await cluster.stop();
  }
}

/** What is set against what, and what was hoped for. */
const RATIOS = [
  ['lowtide, unmarked pods', 'no extender', ' (goal 0.97)'],
  ['lowtide, marked pods', 'fixed bytes, marked pods', ' (goal 0.9)'],
] as const;

async function compare(cluster: TestCluster, workloads: Workloads, setUps: readonly SetUp[]): Promise<void> {
  const rates = new Map<string, number[]>(setUps.map(({ name }) => [name, []]));
  for (let pair = 0; pair < Number(options.pairs); pair += 1) {
    // Turned about, so that no set-up always comes first.
    for (const setUp of pair % 2 === 0 ? setUps : setUps.toReversed()) {
      const found = await rate(cluster, workloads, setUp);
      rates.get(setUp.name)?.push(found);
      console.log(`pair ${pair + 1}: ${setUp.name.padEnd(26)} ${found.toFixed(1)} pods/s`);
    }
  }
  const ratios = RATIOS.flatMap(([above, below, goal]) => {
    const [ours, theirs] = [rates.get(above), rates.get(below)];
    return ours === undefined || theirs === undefined ? [] : [{ above, below, goal, ratio: ratioOf(ours, theirs) }];
  });
  for (const { above, below, goal, ratio } of ratios) console.log(`${above} / ${below}: ${spanText(ratio)}${goal}`);
  if (options.json !== undefined) {
    await writeFile(options.json, JSON.stringify({ rates: Object.fromEntries(rates), ratios }, null, 2));
  }
}

await main();
