import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { decision, wellFormed } from './answers.ts';
import type { RawPair } from './answers.ts';
import { Connection } from './client.ts';
import type { Contender, Running } from './servers.ts';
import { timesOf } from '../statistics.ts';
import type { Times } from '../statistics.ts';
import { pairs } from './workload.ts';
import type { Order, Pair } from './workload.ts';

export interface Plan {
  readonly names: readonly string[];
  readonly repeats: number;
  /** Pairs a server and repeat, in blocks of `block` that alternate between the servers. */
  readonly pairs: number;
  readonly block: number;
  readonly warmUp: number;
}

/** Pairs at the head of a block that are checked but not timed: the server sat idle while the others had their turn. */
const LEAD_IN = 6;

/** One workload's times: for each server, one entry a repeat. */
export type Measured = ReadonlyMap<Contender, readonly Times[]>;

setFlagsFromString('--expose-gc');
/** What checking one block left behind must not be collected while the next one is timed. */
const collectGarbage = runInNewContext('gc') as () => void;

interface Lane {
  readonly name: Contender;
  readonly connection: Connection;
}

/** Measures all servers on one workload: warm-up, then repeats of alternating blocks, each answer checked afterwards. */
export async function measure(order: Order, servers: readonly Running[], plan: Plan): Promise<Measured> {
  const lanes: Lane[] = [];
  try {
    for (const { name, url } of servers) lanes.push({ name, connection: await Connection.open(url) });
    let { next } = await runBlocks(lanes, order, { ...plan, pairs: plan.warmUp }, 0);
    const measured = new Map<Contender, Times[]>(lanes.map(({ name }) => [name, []]));
    for (let repeat = 0; repeat < plan.repeats; repeat += 1) {
      const blocks = await runBlocks(lanes, order, plan, next);
      for (const [name, each] of blocks.times) measured.get(name)?.push(timesOf(each));
      next = blocks.next;
    }
    return measured;
  } finally {
    for (const { connection } of lanes) connection.close();
  }
}

/** Pods are numbered from `first`, no number comes twice. Servers take turns, and another one begins each time. */
async function runBlocks(
  lanes: readonly Lane[],
  order: Order,
  { names, pairs: total, block }: Plan,
  first: number,
): Promise<{ times: ReadonlyMap<Contender, readonly number[]>; next: number }> {
  const times = new Map<Contender, number[]>(lanes.map(({ name }) => [name, []]));
  let next = first;
  for (let done = 0, turn = 0; done < total; done += block, turn += 1) {
    const work = pairs(names, order, next, LEAD_IN + Math.min(block, total - done));
    const decided: (readonly string[])[] = [];
    for (let index = 0; index < lanes.length; index += 1) {
      const lane = lanes[(index + turn) % lanes.length];
      if (lane === undefined) continue;
      const { elapsed, raw } = await runBlock(lane.connection, work);
      times.get(lane.name)?.push(...elapsed);
      if (lane.name === 'fixed') raw.forEach(wellFormed);
      else decided.push(raw.map((each, pod) => decision(work[pod] ?? missing(), each)));
    }
    sameDecisions(decided, next);
    next += work.length;
  }
  return { times, next };
}

async function runBlock(
  connection: Connection,
  work: readonly Pair[],
): Promise<{ elapsed: readonly number[]; raw: readonly RawPair[] }> {
  const calls = work.map((pair) => ({
    filter: connection.request('/extender/v1/filter', pair.filter),
    prioritize: connection.request('/extender/v1/prioritize', pair.prioritize),
  }));
  const elapsed: number[] = [];
  const raw: RawPair[] = [];
  collectGarbage();
  for (const call of calls) {
    const started = performance.now();
    const filter = await connection.send(call.filter);
    const prioritize = await connection.send(call.prioritize);
    elapsed.push(performance.now() - started);
    raw.push({ filter, prioritize });
  }
  return { elapsed: elapsed.slice(LEAD_IN), raw };
}

function sameDecisions(decided: readonly (readonly string[])[], first: number): void {
  const [one, other] = decided;
  if (one === undefined || other === undefined) return;
  const pod = one.findIndex((each, index) => each !== other[index]);
  if (pod >= 0) throw new Error(`Lowtide and the Go extender decide differently for pod ${first + pod}`);
}

function missing(): never {
  throw new Error('an answer without a call');
}
