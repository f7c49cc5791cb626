import type { Region } from '../../carbon/units.ts';
import { heldWork } from '../../kubernetes/held-work.ts';
import { isHeldByUs } from '../../kubernetes/latest-work.ts';
import { runningJob } from '../../kubernetes/running-job.ts';
import type { World } from '../../placement/facts.ts';
import type { Intent } from '../../policy/workload-intent.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import type { RunningJob } from '../../timing/running-job.ts';
import type { WorkKind } from '../../timing/types.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { Decisions } from '../gatekeeper/decisions.ts';
import { mostOf } from '../gatekeeper/run-regions.ts';
import { explain } from './answer.ts';
import { judged } from './judge.ts';
import type { Judged, Run } from './judge.ts';
import { heldStand, standOf } from './standing.ts';
import type { Stand } from './standing.ts';
import type { Explanation } from './types.ts';

/** Which object is asked for. */
export interface Asked {
  readonly kind: WorkKind;
  readonly namespace: string;
  readonly name: string;
}

/** Everything outside. */
export interface ExplainPorts {
  readonly held: { all(): Iterable<HeldWork> };
  readonly state: ClusterState;
  /** Reads one object; null: there is none. Throws ApiErrors. */
  read(asked: Asked): Promise<unknown>;
  readonly gather: () => World;
  /** Regions of the nodes that a Job's pods are on. Throws ApiErrors. */
  regionsOf(job: RunningJob): Promise<readonly (Region | null)[]>;
  readonly decisions: Decisions;
  /** Whether a paused Job can be resumed elsewhere; null: not known. */
  readonly moves: () => boolean | null;
  readonly ownNamespace: string;
}

/** Gathers what an answer rests on, and has the gatekeeper's own code decide. */
export class Explainer {
  readonly #ports: ExplainPorts;

  constructor(ports: ExplainPorts) {
    this.#ports = ports;
  }

  /** Held work is known already; any other object is read once. Null: there is no such object. Throws ApiErrors. */
  async explain(asked: Asked): Promise<Explanation | null> {
    const held = this.#held(asked);
    if (held !== null) return this.#answer({ work: held, run: null, stand: () => heldStand(held) });
    const object = await this.#ports.read(asked);
    const work = object === null ? null : heldWork(object, asked.kind);
    if (work === null) return null;
    const run = work.kind === 'job' ? await this.#run(object) : null;
    return this.#answer({ work, run, stand: (intent, world) => this.#stand(object, work, { intent, world }) });
  }

  /** As the gatekeeper sees it. */
  #held({ kind, namespace, name }: Asked): HeldWork | null {
    for (const work of this.#ports.held.all()) {
      if (work.name === name && work.namespace === namespace && work.kind === kind && isHeldByUs(work)) return work;
    }
    return null;
  }

  /** Null: it does not run, or is never paused. */
  async #run(object: unknown): Promise<Run | null> {
    const job = runningJob(object);
    if (job === null || !job.running || job.started === null || job.notPausable !== null) return null;
    return { job, started: job.started, region: mostOf(await this.#ports.regionsOf(job)) };
  }

  #answer({ work, run, stand }: Found): Explanation {
    const { decisions, gather, moves } = this.#ports;
    const world = gather();
    const judgement = judged(decisions, work, { run, world });
    const { situation } = judgement;
    const { standing, noted } = stand(situation.intent, world);
    const open = isOpen(standing, run) ? judgement : NOTHING_TO_DECIDE;
    const { decision, act, nextLook } = open;
    return explain({ work, standing, noted, situation, decision, act, nextLook, moves: moves() });
  }

  #stand(object: unknown, work: HeldWork, { intent, world }: { intent: Intent; world: World }): Stand {
    const { state, ownNamespace } = this.#ports;
    const { startupAllowance } = world.policy.scheduler;
    const surroundings = { namespace: work.namespace, ownNamespace, state, now: world.now };
    return standOf({ object, work, intent, surroundings, startupAllowance });
  }
}

/** An object, and how it stands. */
interface Found {
  readonly work: HeldWork;
  readonly run: Run | null;
  readonly stand: (intent: Intent, world: World) => Stand;
}

/** Whether anything is left to decide: it waits, or runs and may be paused. */
function isOpen(standing: Stand['standing'], run: Run | null): boolean {
  return standing === 'held' || standing === 'paused' || (standing === 'running' && run !== null);
}

const NOTHING_TO_DECIDE: Record<keyof Omit<Judged, 'situation'>, null> = { decision: null, act: null, nextLook: null };
