import { setTimeout as sleep } from 'node:timers/promises';
import { DECISION } from '../../../src/policy/annotations.ts';
import type { NodeAffinity } from '../../../src/placement/types.ts';
import { startLowtide } from '../../lowtide/process.ts';
import type { LowtideProcess } from '../../lowtide/process.ts';
import { memoryOf, memoryText } from '../process-use.ts';
import { Samples } from '../../lowtide/samples.ts';
import type { Ground } from './ground.ts';
import { paceOf, watchReleases } from './pace.ts';
import type { Pace } from './pace.ts';
import type { LoopChange } from './patch-loop.ts';

/** How Lowtide is started; the grid turns so many seconds after it was. */
export interface LowtideRun {
  readonly logFile: string;
  readonly args: readonly string[];
  readonly turnsAfter: number;
}

/** A round of Lowtide's, and what the plain loop is to write as it did. */
export interface LowtideRound {
  readonly pace: Pace;
  readonly change: LoopChange;
}

const POLL_MS = 50;
const WITHIN_MS = 300_000;

/** Lets a fresh set of held pods go by `lowtide serve`, as the trace turns. */
export async function lowtideRound(ground: Ground, run: LowtideRun): Promise<LowtideRound> {
  await ground.fill();
  const moments = await watchReleases(ground);
  const lowtide = await start(ground, run, 'started');
  await eventsWritten(ground, lowtide, 'Held');
  if (moments.size > 0) console.log('  the grid turned before every Held Event was written: ask for a longer --dirty');
  const seen = await moments.first(ground.pods, run.turnsAfter * 1000 + ground.patience);
  const pace = paceOf(seen, await turnedAt(lowtide));
  moments.close();
  await eventsWritten(ground, lowtide, 'Released');
  const trailing = (performance.now() - (seen.at(-1) ?? NaN)) / 1000;
  console.log(`  the last Event follows the last release by ${trailing.toFixed(1)} s`);
  console.log(`  ${memoryText(await memoryOf(lowtide.pid))}`);
  const change = await changeOf(ground);
  await lowtide.stop();
  await ground.clear();
  return { pace, change };
}

/** Kills a Lowtide that holds a fresh set, and times its successor until it is in step again. */
export async function restartRound(ground: Ground, run: LowtideRun): Promise<void> {
  await ground.fill();
  const first = await start(ground, run, 'started');
  await first.stop('SIGKILL');
  const second = await start(ground, run, 'started again after SIGKILL');
  await second.stop();
  await ground.clear();
}

/** In step: it knows all that is held, and leads. */
async function start({ pods }: Ground, { logFile, args }: LowtideRun, how: string): Promise<LowtideProcess> {
  const began = performance.now();
  const since = (): string => ((performance.now() - began) / 1000).toFixed(1);
  const lowtide = await startLowtide(logFile, args);
  const ready = since();
  await until(lowtide, (samples) => samples.sum('lowtide_held', { kind: 'pod' }) >= pods);
  const knows = since();
  await until(lowtide, (samples) => samples.sum('lowtide_leader') === 1);
  const memory = memoryText(await memoryOf(lowtide.pid));
  console.log(`  ${how}: ready after ${ready} s, knows all after ${knows} s, leads after ${since()} s; ${memory}`);
  return lowtide;
}

function eventsWritten({ pods }: Ground, lowtide: LowtideProcess, action: string): Promise<void> {
  return until(lowtide, (samples) => samples.sum('lowtide_events_total', { action }) >= pods);
}

async function until(lowtide: LowtideProcess, holds: (samples: Samples) => boolean): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  while (!holds(await Samples.of(lowtide.operations))) {
    if (performance.now() > deadline) throw new Error(`not so after ${WITHIN_MS} ms: ${holds.toString()}`);
    await sleep(POLL_MS);
  }
}

/** When the second signal came into force, by Lowtide's log, in milliseconds of `performance.now()`. */
async function turnedAt(lowtide: LowtideProcess): Promise<number> {
  const log = await lowtide.log();
  const turned = log.find(({ msg, signal }) => msg === 'signal changed' && signal === 2);
  if (turned === undefined) throw new Error(`no second signal in ${lowtide.logFile}`);
  return Number(turned['time']) - (Date.now() - performance.now());
}

interface ReleasedPod {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec: { readonly affinity?: { readonly nodeAffinity?: NodeAffinity } };
}

/** What a release wrote, from a pod that Lowtide let go. */
async function changeOf({ client, namespace }: Ground): Promise<LoopChange> {
  const { body } = await client.call({ method: 'GET', path: `/api/v1/namespaces/${namespace}/pods?limit=1` });
  const [pod] = (JSON.parse(body) as { items: ReleasedPod[] }).items;
  return {
    decision: pod?.metadata.annotations[DECISION] ?? '',
    affinity: pod?.spec.affinity?.nodeAffinity ?? null,
  };
}
