import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { ApiClient } from '../cluster/api.ts';
import { regionOfNode } from '../cluster/node-objects.ts';
import { openCluster } from '../cluster/open.ts';
import { Workloads } from '../cluster/workloads.ts';
import { startLowtide } from '../lowtide/process.ts';
import type { LowtideProcess } from '../lowtide/process.ts';
import { schedulerConfiguration } from '../lowtide/scheduler-stanza.ts';
import { decisionOf, why } from './decisions.ts';
import type { Decision } from './decisions.ts';
import { annotation, DEMO_PODS, sketch } from './workloads.ts';
import type { DemoPod } from './workloads.ts';

const CONFIG = join(import.meta.dirname, '..', '..', 'config');
/** Another grid and other nodes may be named: `make demo ARGS="--trace FILE --start TIME --nodes SPEC"`. */
const { values: options } = parseArgs({
  options: {
    trace: { type: 'string', default: join(CONFIG, 'traces', 'grid-28d.csv') },
    start: { type: 'string', default: '2026-03-02T11:00:00Z' },
    nodes: {
      type: 'string',
      default: 'us-east-1=4,us-west-2=4,eu-central-1=4,eu-west-1=4,eu-south-2=4,ap-southeast-2=4',
    },
  },
});
const START = Date.parse(options.start);
if (Number.isNaN(START)) throw new Error(`--start ${options.start}: expected a time such as 2026-03-02T11:00:00Z`);
/** An hour of the grid passes in three seconds. */
const SPEED = 1200;
/** Hours after the start: with the shipped trace noon sun over Germany, an evening in Spain, a windy night in Germany. */
const ACTS = [0, 6, 15];

/** Log lines are written in blocks, five times a second. */
const LOG_WITHIN_MS = 3_000;

const say = (line = ''): void => void process.stdout.write(`${line}\n`);
const bold = (text: string): string => styleText('bold', text);

/** A pod of an act: where it landed, and what Lowtide wrote down about it. */
interface Landed {
  readonly pod: DemoPod;
  readonly region: string;
  readonly decision: Decision;
}

async function main(): Promise<void> {
  const began = performance.now();
  say(bold('Lowtide: a real kube-scheduler places real pods by carbon, residency, cost and latency.'));
  say('starting a control plane (the first time it is built from source, about four minutes) …');
  const cluster = await openCluster({ scheduler: null, nodes: options.nodes });
  const client = await ApiClient.fromKubeconfig(cluster.kubeconfig);
  try {
    const workloads = await Workloads.in(client, 'demo');
    const lowtide = await startLowtide(join(cluster.stateDir, 'lowtide.log'), [
      ...['--kubeconfig', cluster.kubeconfig, '--policy', join(CONFIG, 'policy.yaml')],
      ...['--trace', options.trace, '--trace-speed', String(SPEED), '--trace-start', new Date(START).toISOString()],
      ...(cluster.control === null ? ['--extender', '0.0.0.0:9480'] : []),
    ]);
    const since = Date.now();
    await cluster.control?.startScheduler('default', await schedulerConfiguration('all-pods', lowtide.extender));
    say(`ready after ${((performance.now() - began) / 1000).toFixed(1)} s: nodes ${options.nodes}`);
    say(`an hour of the grid passes in ${3_600 / SPEED} s`);
    const moved = await play(workloads, lowtide, since);
    await lowtide.stop();
    if (cluster.control === null) await workloads.end();
    process.exitCode = moved ? 0 : 1;
  } finally {
    client.close();
    await cluster.stop();
  }
}

/** Plays the acts; tells whether the same specification landed elsewhere when the grid turned. */
async function play(workloads: Workloads, lowtide: LowtideProcess, since: number): Promise<boolean> {
  const journeys = new Map<string, string[]>();
  for (const [index, hours] of ACTS.entries()) {
    await sleep(Math.max(0, since + (hours * 3_600_000) / SPEED - Date.now()));
    const landed = await Promise.all(DEMO_PODS.map((pod) => land(workloads, lowtide, pod, index + 1)));
    await Promise.all(DEMO_PODS.map(({ name }) => workloads.remove(`${name}-${index + 1}`)));
    const time = new Date(START + hours * 3_600_000).toISOString().slice(0, 16);
    say();
    say(bold(`${time}Z on the grid`));
    printTable(landed);
    for (const { pod, region } of landed) journeys.set(pod.name, [...(journeys.get(pod.name) ?? []), region]);
  }
  say();
  say(bold('The same specification, as the grid turned'));
  for (const [name, regions] of journeys) say(`  ${name.padEnd(10)} ${regions.join(' → ')}`);
  const moved = [...journeys.values()].filter((regions) => new Set(regions).size > 1).length;
  say();
  say(
    moved > 0
      ? `${moved} of ${journeys.size} moved with the grid; residency and latency held throughout.`
      : 'nothing moved.',
  );
  return moved > 0;
}

async function land(workloads: Workloads, lowtide: LowtideProcess, pod: DemoPod, act: number): Promise<Landed> {
  const set = `${pod.name}-${act}`;
  await workloads.pods(set, 1, sketch(pod));
  const [node] = (await workloads.scheduled(set, 1)).values();
  const region = regionOfNode(node ?? '');
  // Where one node alone is left, kube-scheduler asks for no scores, and there is no line to wait for.
  const deadline = Date.now() + LOG_WITHIN_MS;
  for (;;) {
    const decision = await decisionOf(lowtide, `${workloads.namespace}/${set}-0`);
    if (decision !== null) return { pod, region, decision };
    if (Date.now() > deadline) return { pod, region, decision: { scores: {}, refused: {} } };
    await sleep(50);
  }
}

function printTable(landed: readonly Landed[]): void {
  const header = ['pod', 'class', 'residency', 'region', 'g/kWh', 'why'];
  const rows = landed.map(({ pod, region, decision }) => [
    pod.name,
    annotation(pod, 'class'),
    annotation(pod, 'residency'),
    region,
    String(decision.scores[region]?.intensity ?? 'unknown'),
    why(decision, region),
  ]);
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  say(styleText('dim', line(header)));
  for (const row of rows) say(line(row));
}

await main();
