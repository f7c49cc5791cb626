/**
 * What Lowtide's extender costs against one written plainly in Go, against fixed bytes, and against itself while all its
 * providers hang, all in one run. node hack/bench/extender/run.ts [--only go,fixed,hanging] [--nodes 5000] [--pairs 600] [--repeats 3] [--json FILE]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MAIN } from '../../lowtide/entry.ts';
import { measure } from './measure.ts';
import type { Plan } from './measure.ts';
import { reportLines, reportOf } from './report.ts';
import type { WorkloadReport } from './report.ts';
import { CONTENDERS, start } from './servers.ts';
import type { Contender, Running } from './servers.ts';
import { nodeNames, writeWorld } from './world.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: CONTENDERS.join(',') },
    nodes: { type: 'string', default: '5000' },
    pairs: { type: 'string', default: '600' },
    repeats: { type: 'string', default: '3' },
    json: { type: 'string' },
    lowtide: { type: 'string', default: MAIN },
  },
});
const BLOCK = 60;
const WARM_UP = 300;

function count(name: 'nodes' | 'pairs' | 'repeats'): number {
  const value = Number(options[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number from 1`);
  return value;
}

function chosen(): readonly Contender[] {
  const names = options.only.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !CONTENDERS.some((known) => known === name));
  if (unknown.length > 0) throw new Error(`--only takes some of ${CONTENDERS.join(', ')}, not ${unknown.join(', ')}`);
  return CONTENDERS.filter((name) => names.includes(name));
}

/** Over the last minute. What others do on the machine shows in p99 first. */
function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

async function bench(folder: string, servers: Running[]): Promise<readonly WorkloadReport[]> {
  const names = nodeNames(count('nodes'));
  const plan: Plan = { names, pairs: count('pairs'), repeats: count('repeats'), block: BLOCK, warmUp: WARM_UP };
  const files = await writeWorld(folder, names);
  for (const name of chosen()) {
    servers.push(await start(name, { folder, files, nodes: names.length, lowtide: options.lowtide }));
  }
  const reports: WorkloadReport[] = [];
  for (const order of ['same order', 'shuffled'] as const) {
    const report = reportOf(order, await measure(order, servers, plan));
    console.log(reportLines(report).join('\n'));
    reports.push(report);
  }
  return reports;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lowtide-bench-'));
  const servers: Running[] = [];
  const cleanUp = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  process.once('SIGINT', () => {
    void cleanUp().then(() => process.exit(130));
  });
  try {
    const loadBefore = load();
    const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: availableParallelism() };
    console.log(`${count('nodes')} names, Node ${machine.node}, ${machine.cores} cores (${machine.cpu})`);
    const workloads = await bench(folder, servers);
    const loads = { before: loadBefore, after: load() };
    console.log(`load average ${loads.before} before, ${loads.after} after; the bench alone makes about 1.5`);
    if (options.json !== undefined)
      await writeFile(options.json, `${JSON.stringify({ machine, load: loads, workloads }, null, 2)}\n`);
  } finally {
    await cleanUp();
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
