import { PREFIX } from '../policy/annotations.ts';
import type { RunningJob } from '../timing/running-job.ts';
import type { ApiAccess } from './api-get.ts';
import { ResourceWatches } from './resource-watches.ts';
import type { Resource } from './resource.ts';
import { runningJob } from './running-job.ts';
import { SharedValues } from './shared-values.ts';
import { guarded } from './watch-observer.ts';
import type { WatchObserver } from './watch-observer.ts';
import type { WatchTiming } from './watch-timing.ts';
import { WORK_PATHS } from './work-path.ts';

/** Told of one change after it has been taken in; `job` null: it went, `before` null: it is new. */
export type RunningJobListener = (uid: string, job: RunningJob | null, before: RunningJob | null) => void;

interface WatchedRunningJobsOptions {
  readonly access: ApiAccess;
  readonly observer: (resource: string) => WatchObserver;
  /** Which of Lowtide's labels, with the value `"true"`, marks the Jobs. */
  readonly label: string;
  readonly timing?: WatchTiming;
}

/** Jobs that carry a label of ours, by uid, running or not, kept in step with the API server. Reads never wait. */
export class WatchedRunningJobs {
  readonly #jobs = new Map<string, RunningJob>();
  readonly #listeners: ((...change: Parameters<RunningJobListener>) => unknown)[] = [];
  readonly #scheduling = new SharedValues<RunningJob['scheduling']>();
  readonly #watches: ResourceWatches;

  constructor({ access, observer, label, timing }: WatchedRunningJobsOptions) {
    this.#watches = new ResourceWatches({ access, observer, ...(timing !== undefined && { timing }) });
    this.#watches.add(this.#resource(label), {
      replace: (all) => {
        const present = new Set(all.map(({ key }) => key));
        for (const uid of [...this.#jobs.keys()]) if (!present.has(uid)) this.#take(uid, null);
        for (const { key, value } of all) this.#take(key, value);
      },
      put: (uid, job) => {
        this.#take(uid, job);
      },
      remove: (uid) => {
        this.#take(uid, null);
      },
    });
  }

  /** Starts, once. Resolves when all that is labelled is known or was refused (401 or 403), or when stopped. */
  async start(): Promise<void> {
    await this.#watches.start();
  }

  /** Stops for good. Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    await this.#watches.stop();
  }

  /** The watch, where nothing is known because the API server refused it. */
  get refused(): readonly string[] {
    return this.#watches.refused;
  }

  all(): Iterable<RunningJob> {
    return this.#jobs.values();
  }

  get(uid: string): RunningJob | undefined {
    return this.#jobs.get(uid);
  }

  /** Has the listener told of every change from now on. What it throws becomes a warning of the process. */
  onChange(listener: RunningJobListener): void {
    this.#listeners.push(listener);
  }

  #resource(label: string): Resource<RunningJob> {
    return {
      name: `${label.slice(PREFIX.length)}-jobs`,
      path: WORK_PATHS.job,
      selector: { labelSelector: `${label}=true` },
      read: (object) => {
        const job = runningJob(object);
        if (job === null) return null;
        return { key: job.uid, value: { ...job, scheduling: this.#scheduling.of(job.scheduling) } };
      },
    };
  }

  #take(uid: string, job: RunningJob | null): void {
    const before = this.#jobs.get(uid) ?? null;
    if (before?.resourceVersion === job?.resourceVersion) return;
    if (job === null) this.#jobs.delete(uid);
    else this.#jobs.set(uid, job);
    for (const listener of this.#listeners) guarded(() => listener(uid, job, before));
  }
}
