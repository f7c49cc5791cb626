/**
 * How fast held pods go when the grid turns, against a loop that only patches; what it costs in memory, and how soon a
 * killed Lowtide is in step again. No scheduler and no KWOK run: it is the API server's pace that is compared.
 * node hack/bench/gatekeeper/run.ts [--pods 10000] [--pairs 3] [--dirty 60] [--connections 32] [--json FILE]
 */
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ApiClient } from '../../cluster/api.ts';
import { openCluster } from '../../cluster/open.ts';
import type { TestCluster } from '../../cluster/types.ts';
import { Workloads } from '../../cluster/workloads.ts';
import { wholeNumber } from '../flags.ts';
import { writeHoldingWorld } from '../holding-world.ts';
import { ratioOf, spanText } from '../statistics.ts';
import { Ground } from './ground.ts';
import { loopRound } from './loop-round.ts';
import { lowtideRound, restartRound } from './lowtide-round.ts';
import type { LowtideRun } from './lowtide-round.ts';
import { paceText } from './pace.ts';
import type { Pace } from './pace.ts';
import type { LoopChange } from './patch-loop.ts';

const { values: options } = parseArgs({
  options: {
    pods: { type: 'string', default: '10000' },
    pairs: { type: 'string', default: '3' },
    /** Seconds from Lowtide's start until the grid turns: it must be in step by then, with all Events written. */
    dirty: { type: 'string', default: '60' },
    /** Of the plain loop: as many patches under way as Lowtide has. */
    connections: { type: 'string', default: '32' },
    json: { type: 'string' },
  },
});
const NAMESPACE = 'bench';

async function main(): Promise<void> {
  const cluster = await openCluster({ scheduler: null });
  const client = await ApiClient.fromKubeconfig(cluster.kubeconfig);
  try {
    if (cluster.control === null) throw new Error('this benchmark stops KWOK: run it with E2E_CLUSTER=own');
    await cluster.control.stopKwok();
    await Workloads.in(client, NAMESPACE);
    const ground = new Ground({
      ...{ client, kubeconfig: cluster.kubeconfig, namespace: NAMESPACE },
      pods: wholeNumber('pods', options.pods),
      connections: wholeNumber('connections', options.connections),
    });
    await compare(ground, await lowtideRun(cluster));
  } finally {
    client.close();
    await cluster.stop();
  }
}

async function lowtideRun({ kubeconfig, stateDir }: TestCluster): Promise<LowtideRun> {
  const world = await writeHoldingWorld(stateDir);
  const turnsAfter = wholeNumber('dirty', options.dirty);
  const trace = ['--trace', world.trace, '--trace-speed', String(3600 / turnsAfter)];
  // As in a pod, whose name a restarted container keeps: it takes its own Lease up again.
  const config = join(stateDir, 'config.yaml');
  await writeFile(config, JSON.stringify({ gatekeeper: { identity: 'bench' } }));
  const args = ['--kubeconfig', kubeconfig, '--config', config, '--policy', world.policy, ...trace];
  return { logFile: join(stateDir, 'lowtide.log'), args, turnsAfter };
}

async function compare(ground: Ground, run: LowtideRun): Promise<void> {
  console.log(`${ground.pods} held pods; load average ${(loadavg()[0] ?? NaN).toFixed(1)}`);
  const [ours, theirs]: [Pace[], Pace[]] = [[], []];
  let change: LoopChange | null = null;
  for (let pair = 1; pair <= wholeNumber('pairs', options.pairs); pair += 1) {
    // Turned about, but for the first: the loop writes what Lowtide wrote.
    if (change !== null && pair % 2 === 0) theirs.push(await loop(ground, change, pair));
    const round = await lowtideRound(ground, run);
    console.log(`pair ${pair}: lowtide     ${paceText(round.pace)}`);
    ours.push(round.pace);
    change = round.change;
    if (theirs.length < pair) theirs.push(await loop(ground, change, pair));
  }
  await restartRound(ground, run);
  const rates = { lowtide: ours.map(({ rate }) => rate), loop: theirs.map(({ rate }) => rate) };
  const ratio = ratioOf(rates.lowtide, rates.loop);
  console.log(`lowtide / plain loop: ${spanText(ratio)} (goal 0.8)`);
  if (options.json !== undefined) await writeFile(options.json, JSON.stringify({ ours, theirs, ratio }, null, 2));
}

async function loop(ground: Ground, change: LoopChange, pair: number): Promise<Pace> {
  const pace = await loopRound(ground, change);
  console.log(`pair ${pair}: plain loop  ${paceText(pace)}`);
  return pace;
}

await main();
