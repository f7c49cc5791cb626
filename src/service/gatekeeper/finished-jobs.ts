import { millis } from '../../carbon/units.ts';
import type { Millis } from '../../carbon/units.ts';
import { CLASS, RAN } from '../../policy/annotations.ts';
import { parseDuration } from '../../policy/duration.ts';
import type { RunningJob } from '../../timing/running-job.ts';
import type { RunningJobIndex } from './ports.ts';

/** Told of a class of work, and how long a Job of it ran, all its runs together. */
export type OnFinished = (workClass: string, ran: Millis) => void;

/** Notices which Jobs have completed, each once, whichever of several indexes tells of it. */
export class FinishedJobs {
  readonly #onFinished: OnFinished;
  readonly #told = new Set<string>();

  constructor(onFinished: OnFinished) {
    this.#onFinished = onFinished;
  }

  /** Takes in what an index knows, and what it will come to know. */
  follow(index: RunningJobIndex): void {
    for (const job of index.all()) this.#take(job);
    index.onChange((uid, job, before) => {
      if (job === null) this.#told.delete(uid);
      else if ((before?.completed ?? null) === null) this.#take(job);
    });
  }

  #take(job: RunningJob): void {
    const { uid, annotations, started, completed } = job;
    const workClass = annotations[CLASS];
    if (completed === null || started === null || workClass === undefined || this.#told.has(uid)) return;
    this.#told.add(uid);
    const earlier = parseDuration(annotations[RAN] ?? '') ?? 0;
    this.#onFinished(workClass, millis(Math.max(0, completed - started) + earlier));
  }
}
