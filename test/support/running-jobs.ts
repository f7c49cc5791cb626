import { instant, millis, region } from '../../src/carbon/units.ts';
import type { Region } from '../../src/carbon/units.ts';
import { KubernetesError } from '../../src/kubernetes/errors.ts';
import type { PauseChange, PauseOutcome } from '../../src/kubernetes/pause-work.ts';
import { CLASS, DECISION, HELD_SINCE, PAUSES, RAN, RAN_IN, WAITED } from '../../src/policy/annotations.ts';
import { formatDuration } from '../../src/policy/duration.ts';
import type { PauseCalls, RunningJobIndex } from '../../src/service/gatekeeper/ports.ts';
import type { RunningJob } from '../../src/timing/running-job.ts';
import type { Scene } from './gatekeeper.ts';
import { scheduling } from './hold.ts';

type Listener = Parameters<RunningJobIndex['onChange']>[0];

/** Running Jobs in memory; one that is paused becomes held work of the cluster, whose pods have still to end. */
export class FakeRunningJobs implements PauseCalls {
  readonly running: RunningJobIndex;
  readonly paused: { readonly uid: string; readonly at: number; readonly change: PauseChange }[] = [];
  /** How often it was asked where pods are. */
  looks = 0;
  /** Where the pods of every Job are. */
  regions: readonly (Region | null)[] = [region('eu-west-1')];
  /** Whether pauses fail. */
  refuses = false;
  readonly #around: Pick<Scene, 'time' | 'cluster'>;
  readonly #jobs = new Map<string, RunningJob>();
  readonly #listeners: Listener[] = [];
  #version = 0;

  constructor(around: Pick<Scene, 'time' | 'cluster'>) {
    this.#around = around;
    this.running = {
      all: () => this.#jobs.values(),
      get: (uid) => this.#jobs.get(uid),
      onChange: (listener) => {
        this.#listeners.push(listener);
      },
    };
  }

  /** A Job that began to run just now, or what becomes of one. */
  put(uid: string, part: Partial<RunningJob> = {}): void {
    this.#version += 1;
    const now = this.#around.time.now();
    const before = this.#jobs.get(uid) ?? null;
    const job: RunningJob = {
      kind: 'job',
      namespace: 'team',
      name: uid,
      uid,
      created: now,
      annotations: { [CLASS]: 'deferrable' },
      held: false,
      stopped: true,
      notPausable: null,
      grace: millis(30_000),
      scheduling: scheduling(),
      cronJob: null,
      pinned: false,
      running: true,
      started: now,
      completed: null,
      ...before,
      ...part,
      resourceVersion: `r${this.#version}`,
    };
    this.#jobs.set(uid, job);
    for (const listener of this.#listeners) listener(uid, job, before);
  }

  remove(uid: string): void {
    const before = this.#jobs.get(uid) ?? null;
    this.#jobs.delete(uid);
    for (const listener of this.#listeners) listener(uid, null, before);
  }

  async pause({ uid }: RunningJob, change: (job: RunningJob) => PauseChange | null): Promise<PauseOutcome> {
    const { time, cluster } = this.#around;
    const known = this.#jobs.get(uid);
    const wanted = known === undefined ? null : change(known);
    await time.delay(5);
    if (this.refuses) throw new KubernetesError('server-error', 'refused');
    const job = this.#jobs.get(uid);
    if (job === undefined) return 'gone';
    if (wanted === null || !job.running) return 'kept';
    this.paused.push({ uid, at: time.now(), change: wanted });
    const { since, waited, ran, pauses, region: where } = wanted.progress;
    const annotations = {
      ...job.annotations,
      [HELD_SINCE]: new Date(since).toISOString(),
      [WAITED]: formatDuration(waited),
      [RAN]: formatDuration(ran),
      [PAUSES]: String(pauses + 1),
      [RAN_IN]: where ?? '',
      [DECISION]: wanted.decision,
    };
    this.put(uid, { running: false, held: true, annotations });
    cluster.hold({ ...job, annotations, held: true, stopped: false, created: job.created });
    return 'paused';
  }

  async regionsOf(): Promise<readonly (Region | null)[]> {
    this.looks += 1;
    await this.#around.time.delay(5);
    return this.regions;
  }
}

/** A moment so many milliseconds after another. */
export function later(from: number, ms: number): ReturnType<typeof instant> {
  return instant(from + ms);
}
