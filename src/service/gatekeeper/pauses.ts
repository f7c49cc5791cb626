import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { World } from '../../placement/facts.ts';
import { isApiError } from '../../kubernetes/errors.ts';
import { decisionNote } from '../../timing/decision-note.ts';
import type { Progress } from '../../timing/progress.ts';
import { runningProgress } from '../../timing/progress-marks.ts';
import type { RunningJob } from '../../timing/running-job.ts';
import type { HoldDecision } from '../../timing/types.ts';
import type { PauseChange } from '../../kubernetes/pause-work.ts';
import { Agenda } from './agenda.ts';
import type { Decisions } from './decisions.ts';
import type { GatekeeperObserver } from './observer.ts';
import { isPause, nextLookAtRun } from './pause-terms.ts';
import type { GatekeeperPorts, PauseCalls, RunningJobIndex } from './ports.ts';
import type { RunRegions } from './run-regions.ts';
import { Slices } from './slices.ts';
import { Alarm } from './timing.ts';
import type { Trail } from './trail.ts';

interface PausesOptions {
  readonly ports: Pick<GatekeeperPorts, 'timing' | 'gather'>;
  readonly running: RunningJobIndex;
  readonly pause: PauseCalls['pause'];
  readonly decisions: Pick<Decisions, 'judgeRun'>;
  readonly regions: RunRegions;
  readonly trail: Trail;
  readonly observer: GatekeeperObserver;
}

/** A Job that could not be paused, or over which we failed, is looked at again after so long. */
const AGAIN_MS = 10_000;
/** Where the API server refuses it, somebody's rule most likely does: that will not change soon. */
const REFUSED_AGAIN_MS = 600_000;

/**
 * Pauses running Jobs where cleaner hours are to come: from then on they are held work like any other. It looks at them
 * when the grid or they themselves change, and when a look was promised; only the leader does.
 */
export class Pauses {
  readonly #options: PausesOptions;
  readonly #agenda = new Agenda();
  readonly #alarm: Alarm;
  readonly #slices: Slices;
  /** Those that an errand is about to pause. */
  readonly #pausing = new Set<string>();
  #leading = false;

  constructor(options: PausesOptions) {
    this.#options = options;
    const { ports, running, regions } = options;
    this.#slices = new Slices(ports.timing);
    this.#alarm = new Alarm(ports.timing, () => {
      this.#lookAtDue();
    });
    regions.onKnown = (uid) => {
      this.#soon(uid);
    };
    for (const job of running.all()) this.#count(null, job);
    running.onChange((uid, job, before) => {
      this.#count(before, job);
      if (job === null) this.#forget(uid);
      else this.#soon(uid);
    });
  }

  lead(): void {
    this.#leading = true;
  }

  follow(): void {
    this.#leading = false;
    this.#slices.clear();
    this.#agenda.clear();
    this.#alarm.set(null);
    this.#options.regions.clear();
  }

  /** Looks at every Job. */
  roundOfAll(): void {
    if (this.#leading) this.#go(this.#options.running.all());
  }

  #count(before: RunningJob | null, job: RunningJob | null): void {
    const counts = (each: RunningJob | null): boolean => each?.running === true && each.notPausable === null;
    if (counts(before) === counts(job)) return;
    this.#options.observer.onInterruptible(counts(job) ? 1 : -1);
  }

  #forget(uid: string): void {
    this.#agenda.delete(uid);
    this.#options.regions.forget(uid);
  }

  #soon(uid: string): void {
    if (!this.#leading) return;
    this.#agenda.set(uid, this.#options.ports.timing.now());
    this.#alarm.set(this.#agenda.next());
  }

  #lookAtDue(): void {
    const { ports, running } = this.#options;
    const jobs = this.#agenda.due(ports.timing.now()).map((uid) => running.get(uid));
    this.#go(jobs.filter((job) => job !== undefined));
  }

  /** One world for all. */
  #go(jobs: Iterable<RunningJob>): void {
    const { ports, running } = this.#options;
    const world = ports.gather();
    this.#slices.run(jobs, {
      each: (job) => {
        // Between two turns it may have changed, or gone.
        const now = running.get(job.uid);
        if (now !== undefined) this.#guarded(now, world);
      },
      done: () => {
        this.#alarm.set(this.#agenda.next());
      },
    });
  }

  /** A fault of ours over one Job must not keep the others. */
  #guarded(job: RunningJob, world: World): void {
    try {
      this.#consider(job, world);
    } catch (error) {
      this.#options.observer.onErrandFailed(error, true);
      this.#agenda.set(job.uid, instant(world.now + AGAIN_MS));
    }
  }

  #consider(job: RunningJob, world: World): void {
    const { uid } = job;
    this.#agenda.delete(uid);
    if (!job.running || job.notPausable !== null || job.started === null) return;
    const { decision } = this.#judge(job, job.started, world);
    this.#options.observer.onDecided(job, decision);
    // Where its pods run is looked up: without it nobody knows what a pause would save, nor whether they run at all.
    if (this.#options.regions.of(job) !== null && isPause(decision, job, world)) {
      this.#pauseSoon(uid);
      return;
    }
    const next = nextLookAtRun(decision, job.started, world);
    if (next !== null) this.#agenda.set(uid, next);
  }

  #judge(job: RunningJob, started: Instant, world: World): { decision: HoldDecision; progress: Progress } {
    const { decisions, regions } = this.#options;
    const progress = runningProgress(job, { started, now: world.now, region: regions.of(job) });
    return { decision: decisions.judgeRun(job, progress, world).decision, progress };
  }

  #pauseSoon(uid: string): void {
    if (this.#pausing.has(uid)) return;
    this.#pausing.add(uid);
    const run = async (): Promise<void> => {
      this.#pausing.delete(uid);
      const job = this.#options.running.get(uid);
      if (job !== undefined && this.#leading) await this.#pause(job);
    };
    // Not behind an Event of the same work, which may have to wait long.
    this.#options.trail.add({ uid: `pause ${uid}`, patient: false, run });
  }

  /** Decides again: time may have gone by, and the Job may have changed. */
  async #pause(job: RunningJob): Promise<void> {
    const { ports, pause, observer } = this.#options;
    let latest: HoldDecision | null = null;
    const change = (now: RunningJob): PauseChange | null => {
      const world = ports.gather();
      if (now.started === null || now.notPausable !== null || !this.#leading) return null;
      const { decision, progress } = this.#judge(now, now.started, world);
      if (this.#options.regions.of(now) === null || !isPause(decision, now, world)) return null;
      latest = decision;
      return { decision: decisionNote(decision), progress };
    };
    const decided = (): HoldDecision | null => latest;
    try {
      const outcome = await pause(job, change);
      const decision = decided();
      if (decision !== null) observer.onPaused(job, decision, outcome);
    } catch (error) {
      const decision = decided();
      if (decision !== null) observer.onPauseFailed(job, decision, error);
      // There is no hurry about it: it runs on meanwhile.
      if (!this.#leading) return;
      const refused = isApiError(error) && !error.retryable;
      this.#agenda.set(job.uid, instant(ports.timing.now() + (refused ? REFUSED_AGAIN_MS : AGAIN_MS)));
      this.#alarm.set(this.#agenda.next());
    }
  }
}
